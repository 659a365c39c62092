package io.chasqui.bench.crash;

import java.util.NavigableMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The publishes of one channel that are not yet confirmed, never more than its window holds. */
final class OpenConfirms {

    private final ConcurrentNavigableMap<Long, MessageId> open = new ConcurrentSkipListMap<>();
    private final Semaphore room;
    private final int window;

    OpenConfirms(int window) {
        this.window = window;
        this.room = new Semaphore(window);
    }

    /** Waits until one more may be added; returns whether it may. */
    boolean awaitRoom(long patienceMs) throws InterruptedException {
        return room.tryAcquire(patienceMs, TimeUnit.MILLISECONDS);
    }

    void add(long tag, MessageId id) {
        open.put(tag, id);
    }

    /** Hands the publishes the broker has now settled to {@code outcome}. */
    void settle(long tag, boolean multiple, Consumer<MessageId> outcome) {
        NavigableMap<Long, MessageId> settled = open.subMap(multiple ? 0 : tag, true, tag, true);
        int count = 0;
        while (!settled.isEmpty()) {
            outcome.accept(settled.pollFirstEntry().getValue());
            count++;
        }
        room.release(count);
    }

    void awaitEmpty(long patienceMs) throws InterruptedException {
        room.tryAcquire(window, patienceMs, TimeUnit.MILLISECONDS);
    }
}
