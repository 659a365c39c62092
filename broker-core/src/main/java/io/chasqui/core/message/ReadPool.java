package io.chasqui.core.message;

import io.chasqui.core.store.ColdRead;
import io.chasqui.core.store.LogReader;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory for reading cold messages: a fixed number of orders that subscriptions take turns with,
 * so that a thousand consumers of old messages cost no more than a few. Safe for use by any thread.
 */
public final class ReadPool {

    private static final int RECORDS = 256;
    private static final int DATA_BYTES = 256 * 1024;

    private final int limit;
    private final ArrayDeque<Borrowed> free = new ArrayDeque<>();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int made;

    ReadPool(long bytes) {
        this.limit = (int) Math.max(4, bytes / DATA_BYTES);
    }

    /** One order on loan. */
    public final class Borrowed {
        private final ColdRead order = new ColdRead(RECORDS, DATA_BYTES, done -> completed());
        private volatile @Nullable Consumer<Borrowed> owner;

        /** What to read, and what was read. */
        public ColdRead order() {
            return order;
        }

        /** Reads what was ordered; {@code done} is called on the reader's thread. */
        public void read(LogReader reader, Consumer<Borrowed> done) {
            owner = done;
            reader.read(order);
        }

        private void completed() {
            Consumer<Borrowed> done = owner;
            if (done != null) {
                done.accept(this);
            }
        }

        /** Ends the loan. */
        public void giveBack() {
            owner = null;
            order.clear();
            returned(this);
        }
    }

    /**
     * Lends an order, or else notes who to tell when one is free.
     *
     * @param retry called once, on some thread, when it is worth asking again
     */
    public synchronized @Nullable Borrowed borrow(Runnable retry) {
        Borrowed ready = free.poll();
        if (ready == null && made < limit) {
            made++;
            ready = new Borrowed();
        }
        if (ready == null) {
            waiting.add(retry);
        }
        return ready;
    }

    private void returned(Borrowed borrowed) {
        Runnable next;
        synchronized (this) {
            if (borrowed.order.data().capacity() > DATA_BYTES) {
                made--; // It grew for one long record: not worth keeping.
            } else {
                free.add(borrowed);
            }
            next = waiting.poll();
        }
        if (next != null) {
            next.run();
        }
    }
}
