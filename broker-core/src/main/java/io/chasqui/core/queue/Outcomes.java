package io.chasqui.core.queue;

import io.chasqui.core.message.DeathReason;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.shard.Shard;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the messages of a queue that were given out, or died before: they are done with,
 * come back, or are dead-lettered. Belongs to the queue's shard.
 */
final class Outcomes {

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    private static final long NS_PER_MS = 1_000_000;

    private final Queue queue;
    private final Shard shard;
    private final MessageStore store;
    private final QueueOrder index;
    private final QueueCounters counters;
    private final Disposal disposal;
    private final GivenOut givenOut = new GivenOut();

    /** Messages that turned out to be no longer stored. */
    private long gone;

    /** Made when the first message dies that has somewhere to go. */
    private @Nullable DeadLetters deadLetters;

    /** Null as long as the queue does not count how often messages are given out in vain. */
    private @Nullable Redeliveries redeliveries;

    Outcomes(Queue queue, Shard shard, MessageStore store, QueueOrder index, Disposal disposal) {
        this.queue = queue;
        this.shard = shard;
        this.store = store;
        this.index = index;
        this.counters = queue.counters();
        this.disposal = disposal;
    }

    /** The queue goes by these settings. */
    void apply(QueueSettings settings) {
        Redeliveries counting = redeliveries;
        if (!settings.countsDeliveries()) {
            redeliveries = null;
            if (counting != null) {
                counting.end();
            }
        } else if (counting == null) {
            redeliveries = new Redeliveries(queue, this, shard, store, index, settings);
        } else {
            counting.apply(settings);
        }
    }

    /** What a consumer is told of the past of a message; see {@link QueueConsumer#counts}. */
    long counts(long seq) {
        Redeliveries counting = redeliveries;
        return counting == null
                ? QueueConsumer.counts(0, index.deliveryCount(seq))
                : QueueConsumer.counts(counting.acquired(seq), counting.failures(seq));
    }

    /** Messages that are out of the ready ones and with no consumer. */
    int waiting() {
        return (deadLetters == null ? 0 : deadLetters.waiting())
                + (redeliveries == null ? 0 : redeliveries.waiting());
    }

    /** A message was written to a client that has yet to settle it. */
    void written(long seq, long waitedMs) {
        waited(waitedMs);
        givenOut.put(seq, shard.tickNs());
    }

    /** A message was written to a client, so long after it was stored. */
    void waited(long waitedMs) {
        if (waitedMs != QueueConsumer.NOT_THE_FIRST) {
            long waitedNs = waitedMs * NS_PER_MS;
            shard.counters().waits.add(waitedNs);
            counters.waited(waitedNs);
        }
    }

    private void served(long sinceNs) {
        if (sinceNs != GivenOut.UNKNOWN) {
            long servedNs = shard.tickNs() - sinceNs;
            shard.counters().services.add(servedNs);
            counters.served(servedNs);
        }
    }

    /**
     * Takes back what became of a message, by its place in the queue.
     *
     * @param restUntilMs when it may be given out again, in milliseconds since the epoch; 0 if the client
     *     does not say. Queues that do not count take no notice
     */
    void settle(long seq, Settlement settlement, long restUntilMs) {
        if (queue.isDeleted()) {
            return;
        }
        switch (settlement) {
            case ACKNOWLEDGED -> {
                served(givenOut.remove(seq));
                shard.counters().acknowledged++;
                counters.acknowledged++;
                remove(seq);
            }
            case WRITTEN_AND_ACKNOWLEDGED -> remove(seq);
            case REJECTED, DISCARDED -> {
                givenOut.remove(seq);
                if (settlement == Settlement.REJECTED) {
                    index.markFailed(seq);
                    int unused = index.countFailure(seq);
                }
                shard.counters().rejected++;
                counters.rejected++;
                die(seq, DeathReason.REJECTED);
            }
            case REQUEUED, RETURNED -> {
                givenOut.remove(seq);
                shard.counters().requeued++;
                counters.requeued++;
                giveBack(seq, settlement == Settlement.REQUEUED, restUntilMs);
            }
            case UNSENT -> {
                index.putBack(seq);
                queue.gaveBack(seq);
            }
            case GONE -> dropGone(seq);
            case WRITTEN, UNREADABLE -> {}
        }
    }

    private void giveBack(long seq, boolean failed, long restUntilMs) {
        Redeliveries counting = redeliveries;
        if (counting == null) {
            index.requeue(seq, failed);
            queue.gaveBack(seq);
        } else if (failed) {
            counting.failed(seq, restUntilMs);
        } else {
            counting.returned(seq, restUntilMs);
        }
    }

    /** A message turned out to be no longer stored; told with the first, the second, the fourth ... */
    void dropGone(long seq) {
        gone++;
        if (Long.bitCount(gone) == 1) {
            LOG.warn(
                    "{}: dropped because their log segments are gone: {} so far",
                    queue.describe(),
                    gone);
        }
        remove(seq);
    }

    void remove(long seq) {
        disposal.remove(seq);
    }

    void removeUnlogged(long seq) {
        disposal.removeUnlogged(seq);
    }

    boolean isLogged(long seq) {
        return disposal.isLogged(seq);
    }

    // -- messages that die

    /** A ready message whose entry is in memory has outlived its time. */
    void expired(long seq) {
        shard.counters().expired++;
        counters.expired++;
        if (queue.settings().deadLetterExchange() == null) {
            remove(seq);
        } else {
            index.takeOut(seq);
            die(seq, DeathReason.EXPIRED);
        }
    }

    /** A message that was taken out of the ready ones is dead-lettered, or else dropped. */
    void die(long seq, DeathReason reason) {
        if (queue.settings().deadLetterExchange() == null) {
            remove(seq);
            return;
        }
        DeadLetters letters = deadLetters;
        if (letters == null) {
            letters = new DeadLetters(queue, this, shard, store, index);
            deadLetters = letters;
        }
        letters.add(seq, reason);
    }

    /** Whether so many of the dead wait to be sent on that no more should die of age just now. */
    boolean buriesMany() {
        return deadLetters != null && deadLetters.hasMany();
    }

    /** The queue is gone. */
    void clear() {
        if (deadLetters != null) {
            deadLetters.clear();
        }
        if (redeliveries != null) {
            redeliveries.clear();
        }
    }
}
