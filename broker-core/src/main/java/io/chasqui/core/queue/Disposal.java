package io.chasqui.core.queue;

import io.chasqui.core.message.Acknowledgements;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Lets go of the messages of one queue: one by one as they are done with, or all at once when the
 * queue is purged or deleted. What must not come back after a crash is written to the log, as one
 * record a tick. Belongs to the queue's shard.
 */
final class Disposal implements Shard.TickEnd {

    /** Entries of a purge worked through in one turn. */
    private static final int PURGE_STEP = 16_384;

    private final long queueId;
    private final boolean durable;
    private final Shard shard;
    private final MessageStore store;
    private final QueueOrder index;
    private final AddedAnnotations annotations;
    private final Acknowledgements done = new Acknowledgements();
    private final List<Runnable> afterPurge = new ArrayList<>();
    private final QueueIndex.Dropped purged = this::purged;
    private final QueueIndex.Dropped cleared = this::cleared;
    private boolean deleted;

    Disposal(Queue queue, Shard shard, MessageStore store, QueueOrder index) {
        this.queueId = queue.id();
        this.durable = queue.isDurable();
        this.shard = shard;
        this.store = store;
        this.index = index;
        this.annotations = queue.addedAnnotations();
    }

    /** The message is done with. */
    void remove(long seq) {
        long position = index.position(seq);
        boolean logged = isLogged(seq);
        boolean large = index.large(seq);
        index.settle(seq);
        if (logged) {
            logDone(index.receipt(seq, position));
        }
        release(position, large);
    }

    /** The message is done with, and the log says so already. */
    void removeUnlogged(long seq) {
        long position = index.position(seq);
        boolean large = index.large(seq);
        index.settle(seq);
        release(position, large);
    }

    /** Whether the message would come back after a crash if the log did not say that it is done. */
    boolean isLogged(long seq) {
        return durable && index.persistent(seq);
    }

    /** A message that was stored for the queue and does not get into it. */
    void refuse(long position, boolean large) {
        if (durable && !MessageStore.isTransient(position)) {
            logDone(position);
        }
        release(position, large);
    }

    /** A message that was stored for the queue, which is gone. */
    void release(long position, boolean large) {
        annotations.forget(position);
        if (large) {
            store.releaseLarge(position);
        } else {
            store.release(position, 1);
        }
    }

    private void logDone(long receipt) {
        if (done.isEmpty()) {
            shard.atTickEnd(this);
        }
        done.add(receipt);
    }

    /** Writes the tick's acknowledgements to the log. */
    @Override
    public void tickEnded() {
        if (!deleted) {
            done.writeTo(store.durableLog(), queueId, store.wallMs());
        }
    }

    // -- all at once

    /** Drops the ready messages; tells how many once that is in the log. */
    long purge(LongConsumer reply) {
        long messages = index.purge(purged);
        afterPurge.add(() -> reply.accept(messages));
        goOn();
        return messages;
    }

    /** Drops everything: the queue is gone. */
    void clear() {
        deleted = true;
        index.clear();
        goOn();
    }

    /** Goes on with what a purge began, as far as it is in memory. */
    void goOn() {
        if (index.continuePurge(PURGE_STEP, deleted ? cleared : purged)) {
            shard.submit(this::goOn);
        } else if (!index.purging()) {
            List<Runnable> waiting = List.copyOf(afterPurge);
            afterPurge.clear();
            waiting.forEach(Runnable::run);
        }
    }

    private void purged(long seq, long position, int length, int flags) {
        if ((flags & QueueIndex.PERSISTENT) != 0 && durable) {
            logDone(index.receipt(seq, position));
        }
        release(position, (flags & QueueIndex.LARGE) != 0);
    }

    private void cleared(long seq, long position, int length, int flags) {
        release(position, (flags & QueueIndex.LARGE) != 0);
    }
}
