package io.chasqui.protocol.amqp091;

/** A field value of type {@code B}, 0 to 255 (errata). */
public record UnsignedByte(int value) {

    public UnsignedByte {
        if (value < 0 || value > 0xFF) {
            throw new IllegalArgumentException("not an unsigned byte: " + value);
        }
    }
}
