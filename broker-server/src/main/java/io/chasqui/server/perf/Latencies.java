package io.chasqui.server.perf;

/** Durations counted by a {@link Histogram} up to some moment, or between two. */
final class Latencies {

    static final Latencies NONE = new Latencies(new long[0]);

    private final long[] counts;
    private final long total;

    /** Keeps the array. */
    Latencies(long[] counts) {
        this.counts = counts;
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        this.total = sum;
    }

    Latencies plus(Latencies other) {
        return combined(other, 1);
    }

    Latencies minus(Latencies earlier) {
        return combined(earlier, -1);
    }

    private Latencies combined(Latencies other, int sign) {
        long[] result = new long[Math.max(counts.length, other.counts.length)];
        for (int i = 0; i < result.length; i++) {
            result[i] = count(i) + sign * other.count(i);
        }
        return new Latencies(result);
    }

    private long count(int bucket) {
        return bucket < counts.length ? counts[bucket] : 0;
    }

    boolean isEmpty() {
        return total == 0;
    }

    /** The nanoseconds that this part of the durations, 0 to 1, did not exceed; 0 without any. */
    long percentile(double part) {
        long rank = Math.max(1, (long) Math.ceil(part * total));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Histogram.highestOf(i);
            }
        }
        return 0;
    }

    long max() {
        return percentile(1);
    }
}
