package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A field value of type {@code x}: octets that are not text (errata), immutable. */
public final class Binary {

    private final byte[] octets;

    private Binary(byte[] octets) {
        this.octets = octets;
    }

    public static Binary of(byte[] octets) {
        return new Binary(octets.clone());
    }

    static Binary copyOf(ByteBuffer in, int at, int length) {
        byte[] octets = new byte[length];
        in.get(at, octets);
        return new Binary(octets);
    }

    public int size() {
        return octets.length;
    }

    /** A fresh copy of the octets. */
    public byte[] octets() {
        return octets.clone();
    }

    void writeTo(ByteBuffer out) {
        out.put(octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Binary that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return "Binary[" + octets.length + " octets]";
    }
}
