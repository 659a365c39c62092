package io.chasqui.protocol.amqp091;

/** A field value of type {@code u}, 0 to 65,535 (errata). */
public record UnsignedShort(int value) {

    public UnsignedShort {
        if (value < 0 || value > 0xFFFF) {
            throw new IllegalArgumentException("not an unsigned short: " + value);
        }
    }
}
