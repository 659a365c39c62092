package io.chasqui.core.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Tasks that wait for the log: to be on disk up to a position, or to have room for publishers. In the common case positions come in
 * ascending order and a heap of that shape costs next to nothing.
 *
 * <p>Belongs to the shard's thread, but for {@link #anyWaiting()}.
 */
final class DurableWaiters {

    private final PriorityQueue<Waiter> waiting = new PriorityQueue<>();
    private final List<Runnable> stalled = new ArrayList<>();
    private long arrivals;
    private volatile boolean anyWaiting;

    private record Waiter(long position, long arrival, Runnable task)
            implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            int byPosition = Long.compare(position, other.position);
            return byPosition != 0 ? byPosition : Long.compare(arrival, other.arrival);
        }
    }

    void add(long position, Runnable task) {
        waiting.add(new Waiter(position, arrivals++, task));
        anyWaiting = true;
    }

    void addStalled(Runnable task) {
        stalled.add(task);
        anyWaiting = true;
    }

    boolean anyWaiting() {
        return anyWaiting;
    }

    /** Runs every task whose position is on disk by now, and the stalled ones if the log has room. */
    void release(Shard.LogTap log) {
        if (!anyWaiting) {
            return;
        }
        long durable = log.durable();
        for (Waiter next = waiting.peek();
                next != null && next.position < durable;
                next = waiting.peek()) {
            waiting.remove();
            next.task.run();
        }
        if (!stalled.isEmpty() && !log.congested()) {
            List<Runnable> resumed = List.copyOf(stalled);
            stalled.clear();
            resumed.forEach(Runnable::run);
        }
        anyWaiting = !waiting.isEmpty() || !stalled.isEmpty();
    }
}
