package io.chasqui.core.shard;

import io.chasqui.core.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What one shard has to do at certain times. One wake-up of the event loop serves all of it, and an
 * idle shard with nothing armed is never woken. Belongs to the shard's thread.
 */
final class ShardTimers {

    /**
     * The longest sleep between two looks at the clock. The loop's own sense of time need not be the
     * clock that was handed in: that of a test travels, and a suspended machine's stands still.
     */
    static final long LONGEST_SLEEP_NS = 250_000_000;

    /** Timers run in one go before connections get their turn. */
    private static final int AT_ONCE = 1024;

    private final TimerHeap heap = new TimerHeap();
    private final ShardLoop loop;
    private final Clock clock;
    private final Runnable wake;

    /** Wake-ups asked of the loop that have yet to come, and when the first of them should. */
    private int wakes;

    private long wakeNs;
    private boolean stopped;

    /**
     * @param wake run on the loop when a timer may be due; it is to call {@link #run}
     */
    ShardTimers(ShardLoop loop, Clock clock, Runnable wake) {
        this.loop = loop;
        this.clock = clock;
        this.wake = wake;
    }

    long nowNs() {
        return clock.monotonicNs();
    }

    int armed() {
        return heap.size();
    }

    void arm(Timer timer, long dueNs) {
        if (!stopped) {
            heap.arm(timer, dueNs);
            sleep(nowNs());
        }
    }

    void disarm(Timer timer) {
        heap.disarm(timer);
    }

    /** Runs what is due; called at every wake-up. */
    void run() {
        long now = nowNs();
        wakes--;
        for (int ran = 0; ran < AT_ONCE && !stopped; ran++) {
            Timer next = heap.first();
            if (next == null || next.dueNs - now > 0) {
                break;
            }
            heap.disarm(next);
            next.task.run();
        }
        sleep(now);
    }

    /** Sees to it that the loop wakes up in time for the first timer. */
    private void sleep(long now) {
        @Nullable Timer first = heap.first();
        if (first == null || stopped) {
            return;
        }
        long sleepNs = Math.clamp(first.dueNs - now, 0, LONGEST_SLEEP_NS);
        if (wakes == 0 || wakeNs - now <= 0 || now + sleepNs - wakeNs < 0) {
            wakes++;
            wakeNs = now + sleepNs;
            loop.schedule(wake, sleepNs);
        }
    }

    /** Nothing runs from now on: the broker closes. */
    void stop() {
        stopped = true;
    }
}
