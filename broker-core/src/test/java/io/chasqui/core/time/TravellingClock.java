package io.chasqui.core.time;

import java.util.concurrent.atomic.AtomicLong;

/** The machine's clocks, which a test can put forward; the wall clock also alone, and back. */
public final class TravellingClock implements Clock {

    private final Clock real = new SystemClock();
    private final AtomicLong aheadMs = new AtomicLong();
    private final AtomicLong wallAheadMs = new AtomicLong();

    /** Lets time pass at once. */
    public void advance(long ms) {
        aheadMs.addAndGet(ms);
    }

    /** Somebody sets the machine's clock. */
    public void setWallClock(long aheadOfTrueMs) {
        wallAheadMs.set(aheadOfTrueMs);
    }

    @Override
    public long wallMs() {
        return real.wallMs() + aheadMs.get() + wallAheadMs.get();
    }

    @Override
    public long monotonicNs() {
        return real.monotonicNs() + aheadMs.get() * 1_000_000;
    }
}
