package io.chasqui.server.amqp091;

/**
 * Whether a peer still lives, and whether it must hear from us (0-9-1 §4.2.7): a frame goes out
 * when nothing was sent for half the interval; a peer silent for two is given up. Any traffic
 * counts.
 *
 * <p>Told what moved since the last look instead of asking the clock for every frame. What was sent
 * may be as old as that look, and counts as that old: some clients give up after one interval of
 * silence, and of one second at that.
 */
final class Heartbeat {

    private final long intervalNs;
    private long lastReceivedNs;
    private long lastSentNs;
    private long lastLookNs;

    Heartbeat(int intervalSeconds, long nowNs) {
        this.intervalNs = intervalSeconds * 1_000_000_000L;
        this.lastReceivedNs = nowNs;
        this.lastSentNs = nowNs;
        this.lastLookNs = nowNs;
    }

    /** What to do now. */
    enum Due {
        NOTHING,
        SEND,
        GIVE_UP
    }

    /**
     * @param received whether octets came since the last call, or could not because we do not read
     * @param sent whether octets were sent since the last call
     */
    Due look(long nowNs, boolean received, boolean sent) {
        if (received) {
            lastReceivedNs = nowNs;
        }
        if (sent) {
            lastSentNs = lastLookNs;
        }
        lastLookNs = nowNs;
        if (intervalNs == 0) {
            return Due.NOTHING;
        }
        if (nowNs - lastReceivedNs > 2 * intervalNs) {
            return Due.GIVE_UP;
        }
        return nowNs - lastSentNs >= intervalNs / 2 ? Due.SEND : Due.NOTHING;
    }
}
