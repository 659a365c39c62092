package io.chasqui.core.queue;

import io.chasqui.core.message.DeathReason;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.shard.Shard;
import org.jspecify.annotations.Nullable;

/** Takes messages into a queue, as far as its bounds let it. Belongs to the queue's shard. */
final class Intake {

    private final Queue queue;
    private final Shard shard;
    private final QueueOrder index;
    private final QueueTime time;
    private final Disposal disposal;
    private final QueueCounters counters;

    /** Null as long as the queue has no bounds. */
    private @Nullable QueueLimits limits;

    private volatile boolean refusesPublishes;

    /** Messages came back, and the bounds were not looked at since. */
    private boolean cameBack;

    private final Runnable boundWhatCameBack = this::boundWhatCameBack;

    Intake(Queue queue, Shard shard, QueueOrder index, QueueTime time, Disposal disposal) {
        this.queue = queue;
        this.shard = shard;
        this.index = index;
        this.time = time;
        this.disposal = disposal;
        this.counters = queue.counters();
    }

    /** The queue goes by these settings. */
    void apply(QueueSettings settings) {
        limits = settings.isBounded() ? new QueueLimits(queue, shard, index, settings) : null;
        refusesPublishes = settings.refusesPublishes();
    }

    /** Whether the queue may refuse a message that is published to it. Any thread. */
    boolean refusesPublishes() {
        return refusesPublishes;
    }

    /** Drops what is too much. */
    void enforceLimits() {
        QueueLimits bounds = limits;
        if (bounds != null) {
            bounds.enforce();
        }
    }

    /** A message came back; of several that do at once the oldest must go, not the first to come. */
    void gaveBack() {
        if (limits != null && !cameBack) {
            cameBack = true;
            shard.submit(boundWhatCameBack);
        }
    }

    /** Drops what is too much since messages came back. */
    void boundWhatCameBack() {
        if (cameBack) {
            cameBack = false;
            enforceLimits();
        }
    }

    /**
     * Takes a message that is already stored; the queue owns one live reference on it.
     *
     * @param position where it is stored
     * @param size of its record and body: {@link MessageSize}
     * @param word more about it: see {@link Arrival}
     */
    void receive(long position, int size, long word) {
        if (limits != null) {
            boolean unused = offer(position, size, word);
        } else {
            enqueue(position, size, word);
        }
    }

    private void enqueue(long position, int size, long word) {
        if (queue.isDeleted()) {
            disposal.release(position, Arrival.large(word));
            return;
        }
        long seq = index.append(position, size, flags(position, word), Arrival.priority(word));
        counters.enqueued++;
        time.arrived(seq, Arrival.timeToLiveMs(word));
        queue.wake();
    }

    private static int flags(long position, long word) {
        return (MessageStore.isTransient(position) ? 0 : QueueIndex.PERSISTENT)
                | Arrival.flags(word);
    }

    /** What consumers take at once and what has expired is out of the way. */
    private void makeRoom(QueueLimits bounds, int messages, long bytes) {
        while (bounds.over(messages, bytes)) {
            if (!queue.dispatch().giveOne()) {
                time.expire();
                return;
            }
        }
    }

    /** Whether the queue would refuse none of so many messages with together so many octets of body. */
    boolean hasRoom(int messages, long bytes) {
        QueueLimits bounds = limits;
        if (bounds == null || queue.isDeleted()) {
            return true;
        }
        makeRoom(bounds, messages, bytes);
        return bounds.hasRoom(messages, bytes);
    }

    /**
     * As {@link #receive}, for those who want to know.
     *
     * @return false if the queue is full and refused the message
     */
    boolean offer(long position, int size, long word) {
        QueueLimits bounds = limits;
        if (bounds == null || queue.isDeleted()) {
            enqueue(position, size, word);
            return true;
        }
        makeRoom(bounds, 1, MessageSize.bodyBytes(size, Arrival.large(word)));
        if (bounds.admits(size, word)) {
            enqueue(position, size, word);
            bounds.added();
            return true;
        }
        shard.counters().refused++;
        if (bounds.buriesRefused() && queue.settings().deadLetterExchange() != null) {
            long seq =
                    index.appendTaken(
                            position, size, flags(position, word), Arrival.priority(word));
            queue.outcomes().die(seq, DeathReason.MAXLEN);
        } else {
            disposal.refuse(position, Arrival.large(word));
        }
        return false;
    }
}
