package io.chasqui.server.differential;

import java.util.List;
import java.util.Random;

/** What a scenario asks of chance; its seed alone makes all answers again. */
final class Dice {

    private final Random random;

    Dice(long seed) {
        random = new Random(seed);
    }

    /** From 0 to {@code below}, exclusively. */
    int roll(int below) {
        return random.nextInt(below);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
