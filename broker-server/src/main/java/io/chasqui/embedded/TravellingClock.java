package io.chasqui.embedded;

import io.chasqui.core.time.Clock;
import io.chasqui.core.time.SystemClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The machine's clocks, which can be put forward: what waits for a time in the broker, a message
 * that expires for one, sees it come within a tenth of a second. Safe for use by any thread.
 */
public final class TravellingClock implements Clock {

    private static final long NS_PER_MS = 1_000_000;

    private final Clock real = new SystemClock();
    private final AtomicLong aheadNs = new AtomicLong();

    /**
     * Lets time pass at once.
     *
     * @throws IllegalArgumentException if it is negative: clocks do not go back
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + time);
        }
        aheadNs.addAndGet(time.toNanos());
    }

    @Override
    public long wallMs() {
        return real.wallMs() + aheadNs.get() / NS_PER_MS;
    }

    @Override
    public long monotonicNs() {
        return real.monotonicNs() + aheadNs.get();
    }
}
