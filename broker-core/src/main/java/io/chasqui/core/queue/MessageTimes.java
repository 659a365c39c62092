package io.chasqui.core.queue;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.shard.Shard;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * When the messages of a queue were stored, and when they must go. In each level of priority they
 * expire by themselves ({@link MessageExpiry}): what has a low priority does not wait for what has a
 * higher one. Belongs to the queue's shard.
 */
final class MessageTimes {

    private final List<QueueIndex> levels;
    private final MessageStore store;
    private final Shard shard;
    private final MessageExpiry.Effects effects;
    private final Runnable recordArrived;
    private @Nullable RecordTimes[] records = new RecordTimes[1];
    private @Nullable MessageExpiry[] expiries = new MessageExpiry[1];
    private final boolean recovered;
    private long queueTtlMs;

    /**
     * @param queueTtlMs how long every message may live, or {@link MessageExpiry#FOR_EVER}
     * @param recovered whether the queue had messages when it came to be
     * @param recordArrived run on the shard when more is known than before
     */
    MessageTimes(
            QueueOrder order,
            MessageStore store,
            Shard shard,
            long queueTtlMs,
            boolean recovered,
            MessageExpiry.Effects effects,
            Runnable recordArrived) {
        this.levels = order.levels();
        this.store = store;
        this.shard = shard;
        this.queueTtlMs = queueTtlMs;
        this.recovered = recovered;
        this.effects = effects;
        this.recordArrived = recordArrived;
    }

    void queueTtl(long ms) {
        queueTtlMs = ms;
        for (MessageExpiry expiry : expiries) {
            if (expiry != null) {
                expiry.queueTtl(ms);
            }
        }
    }

    void arrived(long seq, long timeToLiveMs) {
        expiry(PriorityIndex.level(seq)).arrived(seq, timeToLiveMs);
    }

    void gaveBack(long seq) {
        expiry(PriorityIndex.level(seq)).gaveBack(seq);
    }

    /** As {@link QueueOrder#takeReady}, for a waiting consumer; what has expired is passed over. */
    long takeFresh() {
        for (int place = 0; place < levels.size(); place++) {
            QueueIndex level = levels.get(place);
            long seq = level.ready() == 0 ? QueueIndex.NONE : expiry(level.level()).takeFresh();
            if (seq != QueueIndex.NONE) {
                return seq;
            }
        }
        return QueueIndex.NONE;
    }

    /** As {@link QueueOrder#takeReady}; what has expired is passed over. */
    long take() {
        for (int place = 0; place < levels.size(); place++) {
            QueueIndex level = levels.get(place);
            long seq = level.ready() == 0 ? QueueIndex.NONE : expiry(level.level()).take();
            if (seq != QueueIndex.NONE) {
                return seq;
            }
        }
        return QueueIndex.NONE;
    }

    /**
     * Lets go what is due, and minds the heads that there are now.
     *
     * @param sparesFresh whether what came in this very tick is for consumers first
     */
    void look(boolean sparesFresh) {
        for (int place = 0; place < levels.size(); place++) {
            QueueIndex level = levels.get(place);
            MessageExpiry expiry = expiry(level.level());
            if (level.ready() == 0) {
                expiry.rest();
            } else if (!sparesFresh || !expiry.isHeadFresh()) {
                expiry.look();
            }
        }
    }

    /** The queue is gone. */
    void end() {
        for (MessageExpiry expiry : expiries) {
            if (expiry != null) {
                expiry.end();
            }
        }
    }

    /** When the first ready message was stored; empty if there is none, or while it is being read. */
    OptionalLong oldestReadyMs() {
        long oldest = RecordTimes.UNREADABLE;
        for (QueueIndex level : levels) {
            long seq = level.peekReady();
            if (seq == QueueIndex.NONE) {
                continue;
            }
            RecordTimes times = records(level.level());
            if (seq == QueueIndex.LOADING || !times.findAlone(seq)) {
                return OptionalLong.empty();
            }
            oldest = Math.min(oldest, times.storedMs());
        }
        return oldest == RecordTimes.UNREADABLE ? OptionalLong.empty() : OptionalLong.of(oldest);
    }

    private MessageExpiry expiry(int level) {
        MessageExpiry known = level < expiries.length ? expiries[level] : null;
        if (known == null) {
            known =
                    new MessageExpiry(
                            queueTtlMs,
                            index(level),
                            store,
                            shard,
                            records(level),
                            recordsWithin(level),
                            recovered,
                            effects);
            if (level >= expiries.length) {
                expiries = Arrays.copyOf(expiries, level + 1);
            }
            expiries[level] = known;
        }
        return known;
    }

    private RecordTimes records(int level) {
        RecordTimes known = level < records.length ? records[level] : null;
        if (known == null) {
            QueueIndex index = index(level);
            known = new RecordTimes(store, shard, index, index::nextReadyInPage, recordArrived);
            if (level >= records.length) {
                records = Arrays.copyOf(records, level + 1);
            }
            records[level] = known;
        }
        return known;
    }

    private RecordTimes recordsWithin(int level) {
        QueueIndex index = index(level);
        return new RecordTimes(
                store, shard, index, index.reach()::nextLimitedInPage, recordArrived);
    }

    private QueueIndex index(int level) {
        return levels.stream().filter(index -> index.level() == level).findAny().orElseThrow();
    }
}
