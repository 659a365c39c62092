package io.chasqui.core.store;

import io.chasqui.core.time.Clock;

/** A clock that goes only when a test says so. */
final class ManualClock implements Clock {

    private volatile long ns = 1;

    synchronized void advanceMs(long ms) {
        ns = ns + ms * 1_000_000;
    }

    @Override
    public long wallMs() {
        return 1_700_000_000_000L + ns / 1_000_000;
    }

    @Override
    public long monotonicNs() {
        return ns;
    }
}
