package io.chasqui.server.perf;

/**
 * Publishes of one channel that are not yet confirmed, with the times they were sent.
 *
 * <p>Confirms may come in any order. The window is counted from the oldest publish that is open, so
 * one slow confirm holds it up as it would hold up an application that resends in order.
 */
final class ConfirmWindow {

    /** Marks a slot whose publish is confirmed. */
    private static final long CONFIRMED = Long.MIN_VALUE;

    private final long[] sentNanos;
    private final Histogram latencies;
    private long nextTag = 1;
    private long oldestOpen = 1;

    ConfirmWindow(int size, Histogram latencies) {
        this.sentNanos = new long[size];
        this.latencies = latencies;
    }

    /** How many publishes may be sent now. */
    int free() {
        return sentNanos.length - (int) (nextTag - oldestOpen);
    }

    boolean isEmpty() {
        return nextTag == oldestOpen;
    }

    /** Numbers the next publish, as the broker does. */
    void sent(long nowNanos) {
        sentNanos[slot(nextTag++)] = nowNanos;
    }

    /** Settles a publish, or with {@code multiple} all up to it; returns how many were open. */
    int settled(long tag, boolean multiple, long nowNanos) {
        if (tag >= nextTag) {
            throw new IllegalStateException("confirmed but never sent: " + tag);
        }
        int settled = 0;
        for (long each = multiple ? oldestOpen : tag; each <= tag; each++) {
            settled += settle(each, nowNanos);
        }
        while (oldestOpen < nextTag && sentNanos[slot(oldestOpen)] == CONFIRMED) {
            oldestOpen++;
        }
        return settled;
    }

    private int settle(long tag, long nowNanos) {
        int slot = slot(tag);
        if (tag < oldestOpen || sentNanos[slot] == CONFIRMED) {
            return 0;
        }
        latencies.record(nowNanos - sentNanos[slot]);
        sentNanos[slot] = CONFIRMED;
        return 1;
    }

    private int slot(long tag) {
        return (int) (tag % sentNanos.length);
    }
}
