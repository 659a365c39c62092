package io.chasqui.core.time;

/**
 * How long things took: their number by classes of length, and their exact sum. Written by one
 * thread without allocating, read by anyone, who may see figures that are a moment old.
 *
 * <p>Classes are log-linear, bounded above by powers of two of microseconds, and in a fine scale by
 * the half-way points between them too: what is read from them is at most half as long again as
 * what was, wherever it lies.
 */
public final class Durations {

    private static final int FIRST_OCTAVE = 4;
    private static final int LAST_OCTAVE = 31;
    private static final long NS_PER_US = 1_000;

    /** How finely lengths are told apart. */
    public enum Scale {
        /** 16 us to 71 min in 57 classes. */
        FINE(1),
        /** 64 us to 71 min in 15 classes: small enough to have one for each queue. */
        COARSE(-1);

        /** Classes in an octave are two to the power of this. */
        private final int bits;

        Scale(int bits) {
            this.bits = bits;
        }

        /** How many classes there are; the last has no bound. */
        public int classes() {
            return shifted(LAST_OCTAVE + 1 - FIRST_OCTAVE) + 1;
        }

        /** Longest duration of a class in microseconds; {@link Long#MAX_VALUE} for the last. */
        public long boundUs(int durationClass) {
            if (durationClass == classes() - 1) {
                return Long.MAX_VALUE;
            }
            int next = durationClass + 1;
            if (bits < 0) {
                return 1L << (FIRST_OCTAVE + (next << 1));
            }
            long octave = 1L << (FIRST_OCTAVE + (next >> 1));
            return (next & 1) == 0 ? octave : octave + octave / 2;
        }

        private int classOf(long us) {
            if (us <= 1L << FIRST_OCTAVE) {
                return 0;
            }
            // A bound belongs to the class below it.
            long below = us - 1;
            int octave = 63 - Long.numberOfLeadingZeros(below);
            if (octave > LAST_OCTAVE) {
                return classes() - 1;
            }
            int half = bits < 0 ? 0 : (int) (below >>> (octave - 1)) & 1;
            return shifted(octave - FIRST_OCTAVE) + half;
        }

        private int shifted(int octaves) {
            return bits < 0 ? octaves >> -bits : octaves << bits;
        }
    }

    private final Scale scale;
    private final long[] counts;
    private long sumNs;

    public Durations(Scale scale) {
        this.scale = scale;
        this.counts = new long[scale.classes()];
    }

    /** Notes one duration; a negative one, of a clock that was put back, counts as none at all. */
    public void add(long ns) {
        add(ns, 1);
    }

    /** Notes several equal durations. */
    public void add(long ns, long times) {
        long length = Math.max(0, ns);
        counts[scale.classOf(length / NS_PER_US)] += times;
        sumNs += length * times;
    }

    public Scale scale() {
        return scale;
    }

    /** Durations in one class. */
    public long count(int durationClass) {
        return counts[durationClass];
    }

    /** All durations together, in nanoseconds. */
    public long sumNs() {
        return sumNs;
    }
}
