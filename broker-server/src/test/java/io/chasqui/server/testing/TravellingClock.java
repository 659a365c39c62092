package io.chasqui.server.testing;

import io.chasqui.core.time.Clock;
import io.chasqui.core.time.SystemClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's clocks, which a test can put forward. */
public final class TravellingClock implements Clock {

    private final Clock real = new SystemClock();
    private final AtomicLong aheadNs = new AtomicLong();

    /** Lets time pass at once. */
    public void advance(Duration time) {
        aheadNs.addAndGet(time.toNanos());
    }

    @Override
    public long wallMs() {
        return real.wallMs() + aheadNs.get() / 1_000_000;
    }

    @Override
    public long monotonicNs() {
        return real.monotonicNs() + aheadNs.get();
    }
}
