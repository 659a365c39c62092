package io.chasqui.core.queue;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.shard.Shard;

/**
 * Lets the messages of one queue expire: each lives as long as the queue's x-message-ttl and its own
 * time to live allow, whichever is shorter, counted from when it was stored.
 *
 * <p>Messages expire at the head of the queue, as RabbitMQ's classic queues have it. With one time to
 * live for all that is wherever they lie, since the head is the oldest; one with a short life of its
 * own behind one with a longer life goes when it comes to the head, and is never delivered late.
 *
 * <p>Times are not kept here: they are in the messages' records ({@link RecordTimes}). The head's is
 * looked up when it may matter, so that a message delivered in time costs next to nothing. Belongs to
 * the queue's shard.
 */
final class MessageExpiry {

    /** Instead of a time to live: the queue sets no bound. */
    static final long FOR_EVER = StoredMessage.FOR_EVER;

    private static final long NEVER = Long.MAX_VALUE;

    /** Messages that expire in one go before the shard's other work gets its turn. */
    private static final int STEP = 4096;

    private long queueTtlMs;
    private final QueueIndex index;
    private final MessageStore store;
    private final Shard shard;
    private final RecordTimes times;
    private final Effects effects;

    /** No message that has no time to live of its own is due before. */
    private long nextDueMs;

    /** The tick in which {@link #freshFrom} came. */
    private long freshTick = -1;

    private long freshFrom;

    /** What expiry brings about, and what it needs to go on. */
    interface Effects {

        /** A ready message has outlived its time. */
        void expired(long seq);

        /** False if no more shall expire until {@link #unexpiredHead} is called again. */
        boolean mayExpire();

        /** {@link #unexpiredHead} is to be called in so many ms, at the latest. */
        void lookAgainIn(long ms);
    }

    MessageExpiry(
            long queueTtlMs,
            QueueIndex index,
            MessageStore store,
            Shard shard,
            RecordTimes times,
            Effects effects) {
        this.queueTtlMs = queueTtlMs;
        this.index = index;
        this.store = store;
        this.shard = shard;
        this.times = times;
        this.effects = effects;
    }

    /** Every message of the queue may live so long from now on, those that are there too. */
    void queueTtl(long ms) {
        queueTtlMs = ms;
        nextDueMs = 0;
    }

    /** A message came in. */
    void arrived(long seq, long timeToLiveMs) {
        long tick = shard.counters().ticks;
        if (freshTick != tick) {
            freshTick = tick;
            freshFrom = seq;
        }
        if (index.ready() == 1) {
            long ttl = shorter(timeToLiveMs);
            if (ttl != FOR_EVER) {
                nextDueMs = store.wallMs() + ttl;
                effects.lookAgainIn(ttl);
            }
        }
    }

    private long shorter(long ownMs) {
        if (queueTtlMs == FOR_EVER || ownMs == FOR_EVER) {
            return Math.max(queueTtlMs, ownMs);
        }
        return Math.min(queueTtlMs, ownMs);
    }

    /** Messages came back to the queue: they are older than those they now lie before. */
    void gaveBack() {
        nextDueMs = 0;
        effects.lookAgainIn(0);
    }

    /**
     * Takes the first ready message for a consumer that is waiting: what came in this very tick is
     * delivered even with a time to live of 0.
     *
     * @return its sequence number, {@link QueueIndex#NONE} or {@link QueueIndex#LOADING}
     */
    long takeFresh() {
        long seq = index.peekReady();
        boolean fresh = freshTick == shard.counters().ticks && seq >= freshFrom;
        return fresh ? index.takeReady() : take();
    }

    /** Takes the first ready message that has not expired; as {@link #takeFresh}. */
    long take() {
        long seq = unexpiredHead();
        return seq < 0 ? seq : index.takeReady();
    }

    /**
     * Lets every message at the head expire that is due, and sees to it that the next one will.
     *
     * @return the head that stays, {@link QueueIndex#NONE}, or {@link QueueIndex#LOADING} if it is
     *     not known yet
     */
    long unexpiredHead() {
        long now = store.wallMs();
        for (int looks = 0; looks < STEP; looks++) {
            long seq = index.peekReady();
            if (seq < 0) {
                return seq;
            }
            boolean own = index.timeToLive(seq);
            if (!own && queueTtlMs == FOR_EVER) {
                return seq;
            }
            if (own || nextDueMs <= now) {
                if (!times.find(seq)) {
                    return QueueIndex.LOADING;
                }
                long due = dueMs(now);
                if (due <= now && !effects.mayExpire()) {
                    return QueueIndex.LOADING;
                }
                if (due <= now) {
                    effects.expired(seq);
                    continue;
                }
                if (due == NEVER) {
                    return seq;
                }
                if (own) {
                    effects.lookAgainIn(due - now);
                    return seq;
                }
                nextDueMs = due;
            }
            effects.lookAgainIn(nextDueMs - now);
            return seq;
        }
        effects.lookAgainIn(0);
        return QueueIndex.LOADING;
    }

    /**
     * When the message found last must go. One stored in the future was stored before the machine's
     * clock was put back and the broker restarted: it ages from the restart on.
     */
    private long dueMs(long now) {
        long stored = times.storedMs();
        long ttl = shorter(times.timeToLiveMs());
        if (stored == RecordTimes.UNREADABLE || ttl == FOR_EVER) {
            return NEVER;
        }
        return (stored > now ? store.openedMs() : stored) + ttl;
    }
}
