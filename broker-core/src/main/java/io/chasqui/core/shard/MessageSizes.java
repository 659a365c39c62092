package io.chasqui.core.shard;

/**
 * How many messages there were of which size, in the classes that RabbitMQ publishes. Written by one
 * thread, read by anyone.
 */
public final class MessageSizes {

    /** Largest size of each class but the last, in octets; the last has none. */
    private static final long[] BOUNDS = {
        100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 50_000_000, 100_000_000
    };

    private final long[] counts = new long[BOUNDS.length + 1];

    public static int classes() {
        return BOUNDS.length + 1;
    }

    /** Largest size of a class in octets; {@link Long#MAX_VALUE} for the last. */
    public static long bound(int sizeClass) {
        return sizeClass < BOUNDS.length ? BOUNDS[sizeClass] : Long.MAX_VALUE;
    }

    /** Counts a message. */
    public void add(long bytes) {
        int sizeClass = 0;
        while (sizeClass < BOUNDS.length && bytes > BOUNDS[sizeClass]) {
            sizeClass++;
        }
        counts[sizeClass]++;
    }

    /** Messages of one class. */
    public long count(int sizeClass) {
        return counts[sizeClass];
    }
}
