package io.chasqui.bench.crash;

/** A message in one queue: in which life a consumer saw it last, and when that was acknowledged. */
final class Copy {

    private static final long NEVER = Long.MAX_VALUE;

    private int seenInLife;
    private long ackedMs = NEVER;

    boolean wasSeen() {
        return seenInLife > 0;
    }

    int seenInLife() {
        return seenInLife;
    }

    void seen(int life) {
        seenInLife = life;
        ackedMs = NEVER;
    }

    void acked(long nowMs) {
        ackedMs = nowMs;
    }

    /** How long before the kill the last acknowledgement was sent; negative if after it. */
    long ackedBefore(long killMs) {
        return ackedMs == NEVER ? -1 : killMs - ackedMs;
    }
}
