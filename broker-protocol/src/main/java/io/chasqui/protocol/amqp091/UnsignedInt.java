package io.chasqui.protocol.amqp091;

/** A field value of type {@code i}, 0 to 4,294,967,295 (errata). */
public record UnsignedInt(long value) {

    public UnsignedInt {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("not an unsigned int: " + value);
        }
    }
}
