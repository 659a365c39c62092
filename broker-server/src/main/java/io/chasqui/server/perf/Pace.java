package io.chasqui.server.perf;

/** When a publisher with a fixed rate may send its messages; with rate 0 always. */
final class Pace {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Lateness that is the timer's and not the broker's. */
    private static final long TIMER_SLACK_NANOS = 1_000_000;

    private final long perSecond;
    private long startNanos;
    private long sent;

    Pace(long perSecond) {
        this.perSecond = perSecond;
    }

    /** The first message is due now. */
    void start(long nowNanos) {
        startNanos = nowNanos;
    }

    /** How many messages are due, at most {@code limit}. */
    int due(int limit, long nowNanos) {
        if (perSecond == 0) {
            return limit;
        }
        double elapsed = nowNanos - startNanos;
        long dueInAll = (long) (elapsed * perSecond / NANOS_PER_SECOND) + 1;
        return (int) Math.max(0, Math.min(limit, dueInAll - sent));
    }

    /** Nanoseconds until the next message is due; not positive if it is. */
    long untilNext(long nowNanos) {
        return perSecond == 0 ? 0 : dueNanos() - nowNanos;
    }

    /**
     * The time to stamp the next message with: now, or when it was due if the broker has held the
     * publisher up, so that its latency counts the waiting too.
     */
    long stamp(long nowNanos) {
        long due = perSecond == 0 ? nowNanos : dueNanos();
        sent++;
        return nowNanos - due > TIMER_SLACK_NANOS ? due : nowNanos;
    }

    private long dueNanos() {
        return startNanos + (long) ((double) sent * NANOS_PER_SECOND / perSecond);
    }
}
