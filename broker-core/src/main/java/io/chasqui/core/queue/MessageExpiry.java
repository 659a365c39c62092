package io.chasqui.core.queue;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.shard.Shard;

/**
 * Lets the messages of one queue expire: each lives as long as the queue's x-message-ttl and its own
 * time to live allow, whichever is shorter, counted from when it was stored. They expire wherever they
 * lie, in the order in which they are due.
 *
 * <p>With one time to live for all the head is always due first; those that are due before it are known
 * to {@link Deadlines}. RabbitMQ lets messages expire at the head only.
 *
 * <p>The head's time is not kept: it is in the message's record ({@link RecordTimes}) and looked up when
 * it may matter, so that a message delivered in time costs next to nothing. Belongs to the queue's shard.
 */
final class MessageExpiry {

    /** Instead of a time to live: the queue sets no bound. */
    static final long FOR_EVER = StoredMessage.FOR_EVER;

    private static final long NEVER = Deadlines.NEVER;

    /** Instead of a time: the record is being fetched. */
    private static final long NOT_KNOWN = Long.MIN_VALUE;

    /** Messages that expire in one go before the shard's other work gets its turn. */
    private static final int STEP = 4096;

    private long queueTtlMs;
    private final QueueIndex index;
    private final MessageStore store;
    private final Shard shard;
    private final RecordTimes times;
    private final Deadlines deadlines;
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

        /** False if no more shall expire until {@link #look} is called again. */
        boolean mayExpire();

        /** {@link #look} is to be called in so many ms, at the latest. */
        void lookAgainIn(long ms);
    }

    MessageExpiry(
            long queueTtlMs,
            QueueIndex index,
            MessageStore store,
            Shard shard,
            RecordTimes times,
            RecordTimes timesWithin,
            boolean recovered,
            Effects effects) {
        this.queueTtlMs = queueTtlMs;
        this.index = index;
        this.store = store;
        this.shard = shard;
        this.times = times;
        this.effects = effects;
        this.deadlines = new Deadlines(index, timesWithin, this::ownDueMs, recovered);
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
        boolean own = timeToLiveMs != FOR_EVER;
        boolean next = deadlines.arrived(seq, own ? store.wallMs() + timeToLiveMs : NEVER);
        if (next) {
            effects.lookAgainIn(timeToLiveMs);
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

    /** A message came back to the queue: it is older than those it now lies before. */
    void gaveBack(long seq) {
        deadlines.gaveBack(seq);
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
        return isHeadFresh() ? index.takeReady() : take();
    }

    /** Whether the first ready message came in this very tick. */
    boolean isHeadFresh() {
        return freshTick == shard.counters().ticks && index.peekReady() >= freshFrom;
    }

    /** Takes the first ready message that has not expired; as {@link #takeFresh}. */
    long take() {
        long seq = unexpiredHead();
        return seq < 0 ? seq : index.takeReady();
    }

    /** Lets go what is due, and sees to it that the rest will be. */
    void look() {
        if (deadlines.isBehind() && deadlines.goOn()) {
            effects.lookAgainIn(0);
        }
        long unused = unexpiredHead();
    }

    /** Forgets what was known of messages, if none is left. */
    void rest() {
        if (index.unacked() == 0) {
            deadlines.forgetAll();
        }
    }

    /** The queue is gone. */
    void end() {
        deadlines.forgetAll();
    }

    /**
     * Lets every message expire that is due, and sees to it that the next one will.
     *
     * @return the head that stays, {@link QueueIndex#NONE}, or {@link QueueIndex#LOADING} if it is
     *     not known yet
     */
    private long unexpiredHead() {
        long now = store.wallMs();
        for (int looks = 0; looks < STEP; looks++) {
            long seq = index.peekReady();
            if (seq < 0) {
                return seq;
            }
            long headDue = headDueMs(seq, now);
            if (headDue == NOT_KNOWN) {
                return QueueIndex.LOADING;
            }
            long nextWithin = deadlines.nextMs();
            long next = Math.min(headDue, nextWithin);
            if (next > now) {
                if (next != NEVER) {
                    effects.lookAgainIn(next - now);
                }
                return seq;
            }
            if (!effects.mayExpire()) {
                return headDue <= now ? QueueIndex.LOADING : seq;
            }
            if (headDue <= nextWithin) {
                effects.expired(seq);
            } else {
                long within = deadlines.takeNext();
                if (within == QueueIndex.LOADING) {
                    return headDue <= now ? QueueIndex.LOADING : seq;
                }
                if (within != QueueIndex.NONE) {
                    effects.expired(within);
                }
            }
        }
        effects.lookAgainIn(0);
        return QueueIndex.LOADING;
    }

    private long headDueMs(long seq, long now) {
        boolean own = index.timeToLive(seq);
        if (!own && queueTtlMs == FOR_EVER) {
            return NEVER;
        }
        if (!own && nextDueMs > now) {
            return nextDueMs;
        }
        if (!times.find(seq)) {
            return NOT_KNOWN;
        }
        long due = dueMs(times, shorter(times.timeToLiveMs()));
        if (!own && due != NEVER) {
            nextDueMs = due;
        }
        return due;
    }

    private long ownDueMs(RecordTimes found) {
        return dueMs(found, found.timeToLiveMs());
    }

    /**
     * When a message must go that may live so long. One stored in the future was stored before the
     * machine's clock was put back and the broker restarted: it ages from the restart on.
     */
    private long dueMs(RecordTimes found, long ttl) {
        long stored = found.storedMs();
        if (stored == RecordTimes.UNREADABLE || ttl == FOR_EVER) {
            return NEVER;
        }
        return (stored > store.wallMs() ? store.openedMs() : stored) + ttl;
    }
}
