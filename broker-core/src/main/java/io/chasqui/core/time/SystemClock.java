package io.chasqui.core.time;

/** The machine's own clocks: the only reader of them below the launcher. */
public final class SystemClock implements Clock {

    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNs() {
        return System.nanoTime();
    }
}
