package io.chasqui.server.management;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What was noted of one thing when it was last looked at; on its shard.
 *
 * @param rates how much each value changed a second since the look before; empty at the first
 * @param changedMs when a value was last seen to be another
 * @param past this and earlier looks, newest first; none while nobody asks for them
 */
record Sample(long[] values, double[] rates, long changedMs, List<Look> past) {

    /** Looks that are kept, five seconds apart: a minute, and the look that it began with. */
    static final int KEPT = 13;

    /** Of what was not noted before. */
    static final Sample NONE = new Sample(new long[0], new double[0], 0, List.of());

    private static final double MS_PER_SECOND = 1e3;

    /** The values of one moment. */
    record Look(long atMs, long[] values) {}

    /** The next look at the same thing. */
    Sample next(long[] now, double seconds, long nowMs, boolean keep) {
        List<Look> looks = looks(new Look(nowMs, now), keep);
        if (values.length == 0 || seconds <= 0) {
            return new Sample(now, new double[0], nowMs, looks);
        }
        double[] changes = new double[now.length];
        for (int i = 0; i < now.length; i++) {
            changes[i] = (now[i] - values[i]) / seconds;
        }
        return new Sample(now, changes, Arrays.equals(now, values) ? changedMs : nowMs, looks);
    }

    private List<Look> looks(Look latest, boolean keep) {
        if (!keep) {
            return List.of();
        }
        Deque<Look> looks = new ArrayDeque<>(past);
        looks.addFirst(latest);
        if (looks.size() > KEPT) {
            looks.removeLast();
        }
        return List.copyOf(looks);
    }

    /** How much a value changed a second from the first of these looks to the last. */
    static double changePerSecond(Look first, Look last, int value) {
        double seconds = (last.atMs - first.atMs) / MS_PER_SECOND;
        return seconds <= 0 ? 0 : (last.values[value] - first.values[value]) / seconds;
    }
}
