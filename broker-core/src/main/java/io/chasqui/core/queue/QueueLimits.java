package io.chasqui.core.queue;

import io.chasqui.core.message.DeathReason;
import io.chasqui.core.shard.Shard;

/**
 * Keeps the ready messages of a queue within its bounds (x-max-length, x-max-length-bytes). What a
 * consumer can take at once does not count, so a message that comes to a full queue first lets the
 * consumers have what they can take. Belongs to the queue's shard; there is one only while there is a
 * bound.
 */
final class QueueLimits {

    /** Messages dropped in one go before the shard's other work gets its turn. */
    private static final int STEP = 4096;

    private final Queue queue;
    private final Shard shard;
    private final QueueOrder index;
    private final long most;
    private final long mostBytes;
    private final Overflow overflow;
    private final Runnable goOn = this::enforce;

    QueueLimits(Queue queue, Shard shard, QueueOrder index, QueueSettings settings) {
        this.queue = queue;
        this.shard = shard;
        this.index = index;
        this.most = bound(settings.maxLength());
        this.mostBytes = bound(settings.maxLengthBytes());
        this.overflow = settings.overflow();
    }

    private static long bound(long limit) {
        return limit == QueueSettings.UNBOUNDED ? Long.MAX_VALUE : limit;
    }

    /** Whether so many more messages and octets would be too much. */
    boolean over(int moreMessages, long moreBytes) {
        return index.ready() + moreMessages > most || index.readyBytes() + moreBytes > mostBytes;
    }

    /** Whether the queue takes one message more of that {@link MessageSize}. */
    boolean admits(int size, long arrival) {
        return overflow == Overflow.DROP_HEAD
                || Arrival.insists(arrival)
                || !over(1, MessageSize.bodyBytes(size, Arrival.large(arrival)));
    }

    /** Whether the queue takes so many more messages and octets. */
    boolean hasRoom(int messages, long bytes) {
        return overflow == Overflow.DROP_HEAD || !over(messages, bytes);
    }

    /** Whether a message that is not admitted is dead-lettered. */
    boolean buriesRefused() {
        return overflow == Overflow.REJECT_PUBLISH_DLX;
    }

    /** A message came: somebody else may have to go. */
    void added() {
        if (overflow == Overflow.DROP_HEAD) {
            while (over(0, 0) && queue.dispatch().giveOne()) {
                // What a consumer takes is out of the way.
            }
            enforce();
        }
    }

    /** Drops what is too much, oldest first. */
    void enforce() {
        if (overflow != Overflow.DROP_HEAD || queue.isDeleted()) {
            return;
        }
        for (int dropped = 0; over(0, 0); dropped++) {
            if (dropped == STEP) {
                shard.submit(goOn);
                return;
            }
            long seq = index.takeReady();
            if (seq < 0) {
                return; // what comes first is being read: the queue hears of it and calls again
            }
            queue.outcomes().die(seq, DeathReason.MAXLEN);
        }
    }
}
