package io.chasqui.server.amqp10.filter;

import java.util.Arrays;

/** A binary value. */
public final class Octets implements Comparable<Octets> {

    private final byte[] octets;

    public Octets(byte[] octets) {
        this.octets = octets.clone();
    }

    byte[] toByteArray() {
        return octets.clone();
    }

    @Override
    public int compareTo(Octets other) {
        return Arrays.compareUnsigned(octets, other.octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets same && Arrays.equals(octets, same.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return octets.length + " octets";
    }
}
