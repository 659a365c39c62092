package io.chasqui.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Octets by chance. */
final class Octets {

    private Octets() {}

    static byte[] random(Random random, int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }

    /** The beginning of some octets; never all of them. */
    static byte[] cut(byte[] octets, Random random) {
        return Arrays.copyOf(octets, random.nextInt(octets.length));
    }

    static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(first);
        octets.writeBytes(second);
        return octets.toByteArray();
    }

    @SafeVarargs
    static <T> T anyOf(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
