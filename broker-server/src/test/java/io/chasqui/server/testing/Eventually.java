package io.chasqui.server.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting for what another thread will do. */
public final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_NS = 2_000_000;

    private Eventually() {}

    /** Repeats the assertion until it holds; fails as it does when time is up. */
    public static void eventually(Assertion assertion) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                assertion.check();
                return;
            } catch (AssertionError failure) {
                if (System.nanoTime() - deadline > 0) {
                    throw failure;
                }
                LockSupport.parkNanos(POLL_NS);
            }
        }
    }

    /** Something that may not hold yet. */
    @FunctionalInterface
    public interface Assertion {
        void check() throws Exception;
    }
}
