package io.chasqui.core.session;

import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.queue.ConsumerActivity;
import io.chasqui.core.queue.ConsumerTerms;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueConsumer;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as its connection sees it: takes the messages that the queue assigns to it, finds
 * their content, in memory or on disk, and hands it to the front end in the queue's order. Lives on
 * the session's shard.
 */
public final class Subscription implements QueueConsumer.Taker {

    private final Session session;
    private final VirtualHost vhost;
    private final Shard shard;
    private final MessageStore store;
    private final DeliverySink sink;
    private final boolean autoAck;
    private final boolean browses;
    private final @Nullable Prefetch prefetch;
    private final ColdDeliveries cold;
    private final QueueConsumer consumer;
    private final ChannelCounters counters;
    private boolean closed;

    /** Deliveries that were taken back from its client, which has yet to settle them. */
    private int overdue;

    /** The queue has nothing more to give, but not all it gave is delivered. */
    private boolean drainedSoon;

    /** The assignment that is being delivered. */
    private long delivering;

    Subscription(
            Session session,
            MessageStore store,
            Queue queue,
            DeliverySink sink,
            ConsumerTerms terms,
            @Nullable Prefetch prefetch) {
        this.session = session;
        this.vhost = session.vhost();
        this.shard = session.shard();
        this.store = store;
        this.sink = sink;
        this.autoAck = terms.autoAck();
        this.browses = terms.interest().browses();
        this.prefetch = prefetch;
        this.counters = session.channelCounters(sink.channel());
        this.cold = new ColdDeliveries(this, store, shard);
        this.consumer =
                new QueueConsumer(
                        queue,
                        this,
                        shard,
                        terms,
                        prefetch == null ? 0 : prefetch.each(),
                        prefetch == null ? null : prefetch.shared());
    }

    public Queue queue() {
        return consumer.queue();
    }

    /** Whether it takes part in its queue. */
    public ConsumerActivity activity() {
        return consumer.activity();
    }

    public boolean autoAck() {
        return autoAck;
    }

    /**
     * How often the message that is being delivered was given out before in vain; 0 where the queue
     * does not count. Of use to a {@link DeliverySink} during its call only.
     */
    public int acquiredCount() {
        return QueueConsumer.acquired(delivering);
    }

    /** How often clients failed with the message that is being delivered; as {@link #acquiredCount}. */
    public int failureCount() {
        return QueueConsumer.failures(delivering);
    }

    /** The channel it belongs to. */
    int channel() {
        return sink.channel();
    }

    /** How many messages it may have out unsettled, 0 for any number. */
    int prefetchCount() {
        return prefetch == null ? 0 : prefetch.each();
    }

    /**
     * Allows messages to a subscription on credit (1.0 §2.6.7).
     *
     * @param received how many its client had been sent when it said so, as a serial number
     * @param messages how many may follow those
     * @param drain whether what cannot be used at once is to be forgone; {@link
     *     DeliverySink#drained} follows then
     */
    public void grant(int received, int messages, boolean drain) {
        shard.run(queue().shard(), () -> consumer.grant(received, messages, drain));
    }

    /** The connection can take more again. */
    public void resume() {
        cold.pump();
        Queue queue = queue();
        shard.run(queue.shard(), queue::wake);
    }

    /** Tells the queue what became of a delivered message. Batched until the tick ends. */
    public void settle(long seq, Settlement settlement) {
        if (settlement == Settlement.ACKNOWLEDGED) {
            counters.acknowledged++;
        }
        settle(seq, settlement, 0);
    }

    private void settle(long seq, Settlement settlement, long restUntilMs) {
        if (seq != UnackedLedger.GIVEN_BACK) {
            tellQueue(settlement, seq, restUntilMs);
        } else if (overdue > 0 && --overdue == 0) {
            resumeConsumer();
        }
    }

    /**
     * Everything its client had was taken back, since it kept a message for too long. Nothing more comes
     * before the client has settled so many deliveries.
     */
    public void tookBack(int deliveries) {
        overdue = deliveries;
        if (deliveries == 0) {
            resumeConsumer();
        }
    }

    private void resumeConsumer() {
        shard.run(queue().shard(), consumer::resume);
    }

    /** Whether nothing more will come. */
    public boolean hasEnded() {
        return closed;
    }

    /** As {@link #settle(long, Settlement)}, of a message that was annotated first. */
    public void settle(long seq, long position, Settlement settlement, ByteBuffer annotations) {
        giveBack(seq, position, settlement, annotations, 0);
    }

    /**
     * As {@link #settle(long, Settlement)}, of a message that was annotated first, and rests before it is
     * given out again. As in RabbitMQ that is so in queues that count how often they give it out.
     *
     * @param restUntilMs in milliseconds since the epoch
     */
    public void giveBack(
            long seq,
            long position,
            Settlement settlement,
            ByteBuffer annotations,
            long restUntilMs) {
        if (seq != UnackedLedger.GIVEN_BACK) {
            annotate(position, annotations);
        }
        settle(seq, settlement, restUntilMs);
    }

    /**
     * Adds to the annotations of a message that is given back next, for who gets it then; as in
     * RabbitMQ only queues of type quorum keep them.
     *
     * @param annotations all that its clients have added, see {@link #annotations}
     */
    private void annotate(long position, ByteBuffer annotations) {
        if (queue().isQuorum()) {
            queue().addedAnnotations().put(position, annotations, queue().name());
        }
    }

    /** What clients have added to a message that is out, a map of 1.0; null if nothing was. */
    public @Nullable ByteBuffer annotations(long position) {
        return queue().addedAnnotations().of(position);
    }

    private void tellQueue(Settlement settlement, long seq, long word) {
        shard.send(queue().shard(), consumer, settlement.ordinal(), seq, word);
    }

    /** An assignment from the queue's shard. */
    @Override
    public void receive(long seq, long position, long word) {
        if (closed) {
            unsent(seq, word);
        } else if (!cold.isEmpty()
                || QueueConsumer.large(word)
                || !deliverFromMemory(seq, position, word)) {
            cold.add(seq, position, word);
        }
    }

    /** Delivers the message if its record is in memory; false if it must be read from disk. */
    boolean deliverFromMemory(long seq, long position, long word) {
        if (!store.safelyResident(position)) {
            return false;
        }
        ByteBuffer memory = store.memory(position);
        if (QueueConsumer.redelivered(word) && annotations(position) != null) {
            return deliverCopy(seq, position, word, memory);
        }
        delivering = word;
        sink.deliver(
                this,
                toSettle(seq),
                position,
                QueueConsumer.redelivered(word),
                memory,
                store.memoryIndex(position));
        long storedMs = StoredMessage.timeMs(memory, store.memoryIndex(position));
        ByteBuffer traced =
                vhost.routing().isTraced()
                        ? Firehose.copy(
                                memory, store.memoryIndex(position), QueueConsumer.length(word))
                        : null;
        if (!store.resident(position)) {
            // Another shard's appends came round the ring while this one was copying.
            sink.undo();
            return false;
        }
        written(seq, word, storedMs);
        if (traced != null) {
            trace(word, traced);
        }
        return true;
    }

    private boolean deliverCopy(long seq, long position, long word, ByteBuffer memory) {
        ByteBuffer copy =
                Firehose.copy(memory, store.memoryIndex(position), QueueConsumer.length(word));
        if (!store.resident(position)) {
            return false;
        }
        deliverFromDisk(seq, position, word, copy, 0);
        return true;
    }

    /** Delivers a message whose record was read from disk, with what clients have added to it. */
    void deliverFromDisk(long seq, long position, long word, ByteBuffer read, int readAt) {
        ByteBuffer annotated =
                QueueConsumer.redelivered(word) ? annotated(position, read, readAt) : null;
        ByteBuffer data = annotated == null ? read : annotated;
        int at = annotated == null ? readAt : 0;
        delivering = word;
        sink.deliver(this, toSettle(seq), position, QueueConsumer.redelivered(word), data, at);
        written(seq, word, StoredMessage.timeMs(data, at));
        if (vhost.routing().isTraced()) {
            int end = StoredMessage.imageAt(data, at) + StoredMessage.imageLength(data, at);
            trace(word, Firehose.copy(data, at, end - at));
        }
    }

    /** A copy of the record with what clients have added to its message; null if that is nothing. */
    private @Nullable ByteBuffer annotated(long position, ByteBuffer record, int at) {
        ByteBuffer annotations = annotations(position);
        MessageFormat format = store.formats().of(record, at);
        return annotations == null || format == null
                ? null
                : StoredMessage.annotated(record, at, format, annotations);
    }

    /** What a message is settled by: nothing where it is only looked at. */
    private long toSettle(long seq) {
        return browses ? UnackedLedger.GIVEN_BACK : seq;
    }

    private void trace(long word, ByteBuffer record) {
        session.firehose().delivered(queue(), sink, QueueConsumer.redelivered(word), record);
    }

    private void written(long seq, long word, long storedMs) {
        boolean redelivered = QueueConsumer.redelivered(word);
        count(redelivered);
        long waitedMs =
                redelivered
                        ? QueueConsumer.NOT_THE_FIRST
                        : Math.max(0, shard.tickWallMs() - storedMs);
        tellQueue(
                autoAck ? Settlement.WRITTEN_AND_ACKNOWLEDGED : Settlement.WRITTEN,
                seq,
                QueueConsumer.written(QueueConsumer.length(word), waitedMs));
    }

    private void count(boolean redelivered) {
        if (redelivered) {
            counters.redelivered++;
        }
        if (prefetch == null) {
            if (autoAck) {
                counters.gotAutoAck++;
            } else {
                counters.gotManualAck++;
            }
        } else if (autoAck) {
            counters.deliveredAutoAck++;
        } else {
            counters.deliveredManualAck++;
        }
    }

    /** There was nothing to get. */
    void empty(GetSink asking) {
        counters.getEmpty++;
        asking.empty();
    }

    /** The message cannot be read just now: it is passed over, so that the queue goes on. */
    void unreadable(long seq, long word) {
        if (!browses) { // else it may well be gone meanwhile
            shard.counters().unreadable++;
        }
        tellQueue(Settlement.UNREADABLE, seq, QueueConsumer.length(word));
        sink.passedOver();
    }

    /** The message is no longer stored: it is passed over, and the queue lets go of it. */
    void gone(long seq, long word) {
        shard.counters().unreadable++;
        tellQueue(Settlement.GONE, seq, QueueConsumer.length(word));
        sink.passedOver();
    }

    /** The message goes back to its place as if it had never been given out. */
    void unsent(long seq, long word) {
        tellQueue(Settlement.UNSENT, seq, QueueConsumer.length(word));
    }

    /** Stops taking messages; what was assigned and not written goes back to its place. */
    void close() {
        closed = true;
        cold.giveBack();
        leave();
    }

    private void leave() {
        if (prefetch != null) {
            prefetch.ended(this);
        }
    }

    QueueConsumer consumer() {
        return consumer;
    }

    @Override
    public boolean writable() {
        return sink.writable();
    }

    @Override
    public void timedOut(long timeoutMs, boolean ended) {
        if (ended) {
            end();
        }
        sink.timedOut(this, timeoutMs);
    }

    @Override
    public void drained() {
        drainedSoon = true;
        delivered();
    }

    /** Everything at hand is delivered, for the moment. */
    void delivered() {
        if (drainedSoon && cold.isEmpty() && !closed) {
            drainedSoon = false;
            sink.drained();
        }
    }

    @Override
    public void activityChanged() {
        if (!closed) {
            sink.activityChanged();
        }
    }

    @Override
    public void queueDeleted() {
        end();
        sink.queueDeleted();
    }

    private void end() {
        closed = true;
        cold.giveBack();
        leave();
        session.subscriptions().forget(this);
    }
}
