package io.chasqui.core.store;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that does small steps while there is work and sleeps when there is none. Until it is
 * started, a test may do the steps itself.
 *
 * <pre>
 *   RUNNING --no work--> ASLEEP --wake()--> SIGNALLED --next step--> RUNNING
 *   RUNNING --wake()--> SIGNALLED           (so the thread steps once more instead of sleeping)
 * </pre>
 *
 * Only the wake-up that finds the thread ASLEEP costs a system call.
 */
final class StepThread {

    /** One step; returns nanoseconds until the next is due, 0 for at once. */
    interface Step {
        long NOTHING_DUE = Long.MAX_VALUE;

        long step();
    }

    private static final int RUNNING = 0;
    private static final int ASLEEP = 1;
    private static final int SIGNALLED = 2;

    private final Step step;
    private final AtomicInteger state = new AtomicInteger(RUNNING);

    /** There before it runs: whoever finds it ASLEEP has to know whom to wake. */
    private final Thread thread;

    private boolean started;
    private volatile boolean stopped;

    StepThread(String name, Step step) {
        this(Thread.ofPlatform().name(name).daemon(true).factory(), step);
    }

    StepThread(ThreadFactory threads, Step step) {
        this.step = step;
        this.thread = threads.newThread(this::run);
    }

    synchronized void start() {
        if (started || stopped) {
            throw new IllegalStateException(thread.getName() + " was started before");
        }
        started = true;
        thread.start();
    }

    /**
     * Has the thread step soon. The caller's stores before this are seen by that step.
     *
     * @return whether it slept
     */
    boolean wake() {
        if (state.get() != SIGNALLED && state.getAndSet(SIGNALLED) == ASLEEP) {
            LockSupport.unpark(thread);
            return true;
        }
        return false;
    }

    /** Ends the thread after the step it is in, and waits for that. */
    synchronized void stop() {
        stopped = true;
        wake();
        if (!started || thread.equals(Thread.currentThread())) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted =
                        true; // files are about to be closed under its hands: wait all the same
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopped) {
            state.set(RUNNING);
            long wait = step.step();
            if (wait > 0 && !stopped && state.compareAndSet(RUNNING, ASLEEP)) {
                if (wait == Step.NOTHING_DUE) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, wait);
                }
            }
        }
    }
}
