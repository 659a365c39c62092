package io.chasqui.server.perf;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Durations of one writer in buckets whose width grows with the value: 64 for each power of two, so
 * a percentile is at most 1.6 % too high, from a nanosecond to 292 years.
 *
 * <p>One thread records, any thread takes a {@link #snapshot}.
 */
final class Histogram {

    /** Bits of a value that are kept below its highest one. */
    private static final int PRECISION = 6;

    private static final int BUCKETS_PER_POWER = 1 << PRECISION;
    private static final int BUCKETS = (Long.SIZE - PRECISION) * BUCKETS_PER_POWER;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    /** A negative duration, as of a message another machine's clock stamped, counts as none. */
    void record(long nanos) {
        int bucket = bucketOf(Math.max(0, nanos));
        counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
    }

    Latencies snapshot() {
        long[] copy = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts.getOpaque(i);
        }
        return new Latencies(copy);
    }

    static int bucketOf(long nanos) {
        if (nanos < BUCKETS_PER_POWER) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - PRECISION - Long.numberOfLeadingZeros(nanos);
        return shift * BUCKETS_PER_POWER + (int) (nanos >>> shift);
    }

    /** The largest duration that falls into the bucket. */
    static long highestOf(int bucket) {
        if (bucket < BUCKETS_PER_POWER) {
            return bucket;
        }
        int shift = bucket / BUCKETS_PER_POWER - 1;
        long next = bucket % BUCKETS_PER_POWER + BUCKETS_PER_POWER + 1L;
        return (next << shift) - 1;
    }
}
