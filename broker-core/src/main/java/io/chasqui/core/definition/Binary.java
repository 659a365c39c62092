package io.chasqui.core.definition;

import java.util.Arrays;
import java.util.HexFormat;

/** Octets as the value of an argument (field type {@code x}): an array with value equality. */
public final class Binary {

    private final byte[] octets;

    private Binary(byte[] octets) {
        this.octets = octets;
    }

    /** Copies {@code octets}. */
    public static Binary of(byte[] octets) {
        return new Binary(octets.clone());
    }

    public int length() {
        return octets.length;
    }

    /** A copy of the octets. */
    public byte[] octets() {
        return octets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Binary that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** In hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(octets);
    }
}
