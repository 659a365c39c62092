package io.chasqui.server.amqp10;

/**
 * Whether a peer still lives, and whether it must hear from us (1.0 §2.4.5). Any traffic counts.
 * Told what moved since the last look instead of asking the clock for every frame.
 */
final class IdleTimes {

    private static final long NS_PER_MS = 1_000_000;

    /** Two heartbeats of 0-9-1, so that one setting means the same for both protocols. */
    private static final long MS_PER_HEARTBEAT_SECOND = 2_000;

    private final long ownNs;
    private final long peersNs;
    private long lastReceivedNs;
    private long lastSentNs;
    private long lastLookNs;

    /**
     * @param peersMs after which the peer gives us up, 0 for never
     */
    IdleTimes(int heartbeatSeconds, long peersMs, long nowNs) {
        this.ownNs = ownMs(heartbeatSeconds) * NS_PER_MS;
        this.peersNs = peersMs * NS_PER_MS;
        this.lastReceivedNs = nowNs;
        this.lastSentNs = nowNs;
        this.lastLookNs = nowNs;
    }

    /** After how much silence we give a peer up; what it is told is half of it. */
    static long ownMs(int heartbeatSeconds) {
        return heartbeatSeconds * MS_PER_HEARTBEAT_SECOND;
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
            lastSentNs = lastLookNs; // not earlier, and perhaps no later
        }
        lastLookNs = nowNs;
        if (ownNs != 0 && nowNs - lastReceivedNs > ownNs) {
            return Due.GIVE_UP;
        }
        return peersNs != 0 && nowNs - lastSentNs >= peersNs / 4 ? Due.SEND : Due.NOTHING;
    }
}
