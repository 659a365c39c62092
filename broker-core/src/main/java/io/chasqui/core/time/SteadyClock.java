package io.chasqui.core.time;

/**
 * A wall clock that never jumps: the machine's time when it was made, and from then on what the
 * monotonic clock says has passed. What is stamped and measured with it is right although the machine's
 * clock is put forward or back meanwhile; a restart takes the machine's time anew.
 */
public final class SteadyClock implements Clock {

    private static final long NS_PER_MS = 1_000_000;

    private final Clock clock;
    private final long startMs;
    private final long startNs;

    public SteadyClock(Clock clock) {
        this.clock = clock;
        this.startMs = clock.wallMs();
        this.startNs = clock.monotonicNs();
    }

    @Override
    public long wallMs() {
        return startMs + (clock.monotonicNs() - startNs) / NS_PER_MS;
    }

    @Override
    public long monotonicNs() {
        return clock.monotonicNs();
    }
}
