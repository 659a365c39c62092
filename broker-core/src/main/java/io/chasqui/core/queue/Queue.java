package io.chasqui.core.queue;

import io.chasqui.core.definition.QueueArgument;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.message.Acknowledgements;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.shard.Receiver;
import io.chasqui.core.shard.Shard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue: takes messages in order, gives them to its consumers in turn, and takes back what they
 * say of them.
 *
 * <p><b>Threads.</b> Everything belongs to the queue's home shard, but for what is final (its
 * definition, its owner) and {@link #receive}'s callers, who go through {@link Shard#send}.
 *
 * <p><b>What is kept where.</b> Bodies are in the {@link MessageStore}; the order is in the {@link
 * QueueIndex}, 16 bytes a message and off the heap. This class holds the rules.
 */
public final class Queue implements Receiver, Shard.Dispatching, Shard.TickEnd {

    /** Messages given out in one turn before the shard's other queues get theirs. */
    private static final int QUANTUM = 128;

    /** See {@link #arrival}: bit 0 large, 9 bits priority + 1, above them time to live + 1. */
    private static final int PRIORITY_SHIFT = 1;

    private static final int PRIORITY_MASK = 0x1FF;
    private static final int TIME_TO_LIVE_SHIFT = 10;

    /** Instead of a time: a consumer may keep a message for ever. */
    public static final long NO_TIMEOUT = -1;

    private static final long NS_PER_MS = 1_000_000;

    /** Entries of a purge worked through in one turn. */
    private static final int PURGE_STEP = 16_384;

    private final QueueDefinition definition;
    private final long ownerSession;
    private final Shard shard;
    private final MessageStore store;
    private final QueueOrder index;
    private final Lifecycle lifecycle;
    private final ConsumerLine consumers;
    private final List<QueueConsumer> holdingPlaces = new ArrayList<>();
    private final Acknowledgements done = new Acknowledgements();
    private final ArrayDeque<PendingGet> pendingGets = new ArrayDeque<>();
    private final List<Runnable> afterPurge = new ArrayList<>();
    private final QueueIndex.Dropped purged = this::purged;
    private final QueueIndex.Dropped cleared = this::cleared;
    private final QueueCounters counters = new QueueCounters();
    private final QueueTime time;

    private final boolean isQuorum;

    private final GivenOut givenOut = new GivenOut();
    private @Nullable ConsumerTimeouts timeouts;
    private QueueSettings settings;
    private boolean active;
    private boolean deleted;

    /**
     * @param settings what it goes by at first
     * @param ownerSession the session whose connection alone may use the queue; 0 for none
     */
    public Queue(
            QueueDefinition definition,
            QueueSettings settings,
            long ownerSession,
            Shard shard,
            MessageStore store,
            IndexFactory indexes,
            Lifecycle lifecycle) {
        this.definition = definition;
        this.ownerSession = ownerSession;
        this.shard = shard;
        this.store = store;
        this.lifecycle = lifecycle;
        this.isQuorum = QueueType.of(definition.arguments()) == QueueType.QUORUM;
        this.consumers = isSingleActive() ? new SingleActiveConsumer(isQuorum) : new ConsumerRing();
        this.index = indexes.create(definition, this::headKnown);
        this.settings = settings;
        this.time = new QueueTime(this, shard, store, index, settings);
        if (time.isNeeded()) {
            shard.submit(time::start);
        }
    }

    public QueueDefinition definition() {
        return definition;
    }

    public long id() {
        return definition.id();
    }

    public String name() {
        return definition.name();
    }

    public boolean isDurable() {
        return definition.durable();
    }

    public long ownerSession() {
        return ownerSession;
    }

    public Shard shard() {
        return shard;
    }

    public QueueCounters counters() {
        return counters;
    }

    /** What the queue goes by; on its shard. */
    public QueueSettings settings() {
        return settings;
    }

    /** Has the queue go by other settings from now on, its messages included; on its shard. */
    public void apply(QueueSettings next) {
        if (deleted || next.equals(settings)) {
            return;
        }
        settings = next;
        time.apply(next);
        if (timeouts != null) {
            timeouts.look();
        }
        consumerReady();
    }

    /** The order of messages, for recovery and checkpoints; on the queue's shard or before it runs. */
    public QueueOrder index() {
        return index;
    }

    public long ready() {
        return index.ready();
    }

    public long unacked() {
        return index.unacked();
    }

    public int consumers() {
        return consumers.size();
    }

    /**
     * When the first ready message was stored, in milliseconds since the epoch by {@link
     * MessageStore#wallMs}: its distance from now is the age of the oldest ready message. Empty if
     * there is none, and while the message's record is fetched from disk, which asking begins and
     * nothing waits for. On the queue's shard.
     */
    public OptionalLong oldestReadyMs() {
        return time.oldestReadyMs();
    }

    /** For how long the first ready message has been stored; not a number where that is empty. */
    public double oldestReadySeconds() {
        return time.oldestReadySeconds();
    }

    /**
     * Somebody used the queue (x-expires); what is due expires before anything is told of it.
     *
     * @return false if the queue was deleted meanwhile
     */
    public boolean use() {
        if (deleted) {
            return false;
        }
        time.renewLease();
        time.look();
        return true;
    }

    // -- messages in

    /**
     * Takes a message that is already stored; the queue owns one live reference on it.
     *
     * @param position where it is stored
     * @param length bytes of its record
     * @param word more about it: see {@link #arrival}
     */
    @Override
    public void receive(long position, long length, long word) {
        long timeToLiveMs = (word >> TIME_TO_LIVE_SHIFT) - 1;
        int priority = ((int) (word >> PRIORITY_SHIFT) & PRIORITY_MASK) - 1;
        int flags =
                (MessageStore.isTransient(position) ? 0 : QueueIndex.PERSISTENT)
                        | ((word & 1) == 0 ? 0 : QueueIndex.LARGE)
                        | (timeToLiveMs == StoredMessage.FOR_EVER ? 0 : QueueIndex.TIME_TO_LIVE);
        if (deleted) {
            release(position, flags);
            return;
        }
        long seq = index.append(position, (int) length, flags, priority);
        counters.enqueued++;
        time.arrived(seq, timeToLiveMs);
        consumerReady();
    }

    /**
     * What {@link #receive} is told of a message in its third word.
     *
     * @param large whether its body is stored in parts
     * @param timeToLiveMs or {@link StoredMessage#FOR_EVER}
     * @param priority or {@link StoredMessage#NO_PRIORITY}
     */
    public static long arrival(boolean large, long timeToLiveMs, int priority) {
        return (timeToLiveMs + 1) << TIME_TO_LIVE_SHIFT
                | (priority + 1L) << PRIORITY_SHIFT
                | (large ? 1 : 0);
    }

    // -- messages out

    /** Something changed that may let the queue deliver: a message came, or a consumer has room. */
    void consumerReady() {
        if (!active && index.ready() > 0 && !consumers.isEmpty() && !deleted) {
            active = true;
            shard.activate(this);
        }
    }

    /** See {@link #consumerReady()}: for the consumers' connections. */
    public void wake() {
        consumerReady();
    }

    @Override
    public boolean dispatch() {
        boolean more = giveOut();
        time.look();
        return more;
    }

    private boolean giveOut() {
        for (int given = 0; given < QUANTUM; given++) {
            if (index.ready() == 0 || deleted) {
                return rest();
            }
            QueueConsumer consumer = consumers.nextReady();
            if (consumer == null) {
                return rest();
            }
            long seq = time.takeFresh();
            if (seq < 0) {
                consumer.nothingCame();
                return rest();
            }
            if (consumer.autoAck()) {
                counters.deliveredAutoAck++;
            }
            give(consumer, seq);
        }
        return true;
    }

    private boolean rest() {
        active = false;
        leavePlaces();
        return false;
    }

    /** A consumer was given a place under its channel's limit: it is for the next message. */
    void placeFree(QueueConsumer consumer) {
        holdingPlaces.add(consumer);
        consumerReady();
        if (!active) {
            leavePlaces();
        }
    }

    private void leavePlaces() {
        if (!holdingPlaces.isEmpty()) {
            holdingPlaces.forEach(QueueConsumer::leavePlaces);
            holdingPlaces.clear();
        }
    }

    private void give(QueueConsumer consumer, long seq) {
        boolean redelivered = index.redelivered(seq);
        if (redelivered) {
            shard.counters().redelivered++;
            counters.redelivered++;
        }
        counters.delivered++;
        consumer.take(seq, index.position(seq), index.length(seq), redelivered, index.large(seq));
    }

    /** A message was written to a client that has yet to settle it. */
    void written(QueueConsumer consumer, long seq, long waitedMs) {
        waited(waitedMs);
        givenOut.put(seq, shard.tickNs());
        long timeoutMs = timeoutMs(consumer);
        if (timeoutMs != NO_TIMEOUT && !consumer.timedOut && !deleted) {
            timeouts().out(consumer, seq, timeoutMs);
        }
    }

    /** How long the consumer may keep a message, or {@link #NO_TIMEOUT}. */
    long timeoutMs(QueueConsumer consumer) {
        if (consumer.timeoutMs() != NO_TIMEOUT) {
            return consumer.timeoutMs();
        }
        if (settings.consumerTimeoutMs() != NO_TIMEOUT) {
            return settings.consumerTimeoutMs();
        }
        return isQuorum ? lifecycle.consumerTimeoutMs() : NO_TIMEOUT;
    }

    private ConsumerTimeouts timeouts() {
        ConsumerTimeouts known = timeouts;
        if (known == null) {
            known = new ConsumerTimeouts(this, shard);
            timeouts = known;
        }
        return known;
    }

    /** The consumer has settled a message that it was watched for. */
    void noLongerOut(QueueConsumer consumer, long seq) {
        timeouts().settled(consumer, seq);
    }

    /** The consumer kept a message for too long. */
    void timedOut(QueueConsumer consumer, long timeoutMs) {
        consumer.timedOut = true;
        consumer.notifyTimedOut(timeoutMs);
        unsubscribe(consumer);
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

    /** Takes back what became of a message, by its place in the queue. */
    void settle(long seq, Settlement settlement) {
        if (deleted) {
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
            case REJECTED -> {
                givenOut.remove(seq);
                shard.counters().rejected++;
                counters.rejected++;
                remove(seq);
            }
            case REQUEUED -> {
                givenOut.remove(seq);
                shard.counters().requeued++;
                counters.requeued++;
                index.requeue(seq, true);
                time.gaveBack(seq);
            }
            case UNSENT -> {
                index.putBack(seq);
                time.gaveBack(seq);
            }
            case EXPIRED -> {
                shard.counters().expired++;
                counters.expired++;
                remove(seq);
            }
            case WRITTEN, UNREADABLE -> {}
        }
    }

    private void remove(long seq) {
        long position = index.position(seq);
        boolean logged = index.persistent(seq) && isDurable();
        boolean large = index.large(seq);
        index.settle(seq);
        if (logged) {
            logDone(index.receipt(seq, position));
        }
        release(position, large ? QueueIndex.LARGE : 0);
    }

    private void release(long position, int flags) {
        if ((flags & QueueIndex.LARGE) == 0) {
            store.release(position, 1);
        } else {
            store.releaseLarge(position);
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
        if (deleted) {
            return;
        }
        done.writeTo(store.durableLog(), id(), store.wallMs());
    }

    // -- consumers

    /** A consumer of this queue that does not take part yet: see {@link #subscribe}. */
    public QueueConsumer newConsumer(
            QueueConsumer.Taker taker,
            Shard takerShard,
            ConsumerTerms terms,
            int prefetch,
            @Nullable SharedLimit sharedLimit) {
        return new QueueConsumer(this, taker, takerShard, terms, prefetch, sharedLimit);
    }

    /**
     * Lets the consumer take part.
     *
     * @throws Refusal.AccessRefused if it or another one insists on being the only one
     * @throws Refusal.NotFound if the queue was deleted meanwhile
     */
    public void subscribe(QueueConsumer consumer) {
        if (deleted) {
            throw new Refusal.NotFound("no " + lifecycle.describe(this));
        }
        boolean alone = consumer.exclusive() && (isSingleActive() || !consumers.isEmpty());
        if (!isQuorum && (alone || consumers.anyExclusive())) { // quorum queues take no notice
            throw new Refusal.AccessRefused(lifecycle.describe(this) + " in exclusive use");
        }
        consumers.add(consumer);
        time.renewLease();
        consumerReady();
    }

    /** Whether its consumers are served one at a time (x-single-active-consumer). */
    public boolean isSingleActive() {
        return definition.arguments().isTrue(QueueArgument.SINGLE_ACTIVE_CONSUMER.wireName());
    }

    /** Whether the consumer is served, or waits for another one to go; on the queue's shard. */
    public boolean isActive(QueueConsumer consumer) {
        return consumers.isActive(consumer);
    }

    /** The consumers that take part or wait to; on the queue's shard. */
    public List<QueueConsumer> allConsumers() {
        return consumers.all();
    }

    /**
     * Checks that a message may be taken past the consumers; from any shard.
     *
     * @throws Refusal.ResourceLocked if it is a quorum queue with a single active consumer
     */
    public void checkMayGet() {
        if (isSingleActive() && isQuorum) {
            throw new Refusal.ResourceLocked(
                    "cannot obtain access to locked "
                            + lifecycle.describe(this)
                            + ". basic.get operations are not supported by <<\"quorum\">> queues"
                            + " with single active consumer");
        }
    }

    /** Ends the consumer's part; an auto-delete queue goes with its last one (0-9-1 queue.declare). */
    public void unsubscribe(QueueConsumer consumer) {
        consumer.cancel();
        if (!consumers.remove(consumer) || deleted) {
            return;
        }
        if (!consumers.isEmpty()) {
            consumerReady(); // another one may be active now
            return;
        }
        if (definition.autoDelete()) {
            lifecycle.remove(this);
            drop();
        } else {
            time.renewLease();
        }
    }

    /** Nobody used the queue for as long as its x-expires says: it goes, as if deleted. */
    void leaseEnded() {
        if (!deleted) {
            shard.counters().queuesExpired++;
            lifecycle.remove(this);
            drop();
        }
    }

    /**
     * Gives one message to a consumer that does not subscribe.
     *
     * @param found told how many more are ready, just before the message comes
     * @param empty told that there is none
     */
    public void get(QueueConsumer consumer, LongConsumer found, Runnable empty) {
        pendingGets.add(new PendingGet(consumer, found, empty));
        time.renewLease();
        answerGets();
        time.look();
    }

    private void answerGets() {
        for (PendingGet get = pendingGets.peek(); get != null; get = pendingGets.peek()) {
            long seq = deleted ? QueueIndex.NONE : time.take();
            if (seq == QueueIndex.LOADING) {
                return;
            }
            pendingGets.remove();
            if (seq == QueueIndex.NONE) {
                counters.getEmpty++;
                get.empty.run();
            } else {
                countGet(get.consumer);
                time.look(); // what is told to remain has not expired
                get.found.accept(index.ready());
                give(get.consumer, seq);
            }
        }
    }

    private void countGet(QueueConsumer consumer) {
        if (consumer.autoAck()) {
            counters.gotAutoAck++;
        } else {
            counters.gotManualAck++;
        }
    }

    private record PendingGet(QueueConsumer consumer, LongConsumer found, Runnable empty) {}

    /** More is known of the first messages than before: a page or a record came, or time passed. */
    void headKnown() {
        if (index.purging()) {
            continueDropping();
        }
        time.look();
        answerGets();
        consumerReady();
    }

    // -- purge and deletion

    /** Drops the ready messages; tells how many once that is in the log. */
    public void purge(LongConsumer reply) {
        time.look();
        long messages = index.purge(purged);
        shard.counters().purged += messages;
        counters.purged += messages;
        afterPurge.add(() -> reply.accept(messages));
        continueDropping();
    }

    private void continueDropping() {
        if (index.continuePurge(PURGE_STEP, deleted ? cleared : purged)) {
            shard.submit(this::continueDropping);
        } else if (!index.purging()) {
            List<Runnable> waiting = List.copyOf(afterPurge);
            afterPurge.clear();
            waiting.forEach(Runnable::run);
        }
    }

    private void purged(long seq, long position, int length, int flags) {
        if ((flags & QueueIndex.PERSISTENT) != 0 && isDurable()) {
            logDone(index.receipt(seq, position));
        }
        release(position, flags);
    }

    private void cleared(long seq, long position, int length, int flags) {
        release(position, flags);
    }

    /**
     * Deletes the queue and its messages.
     *
     * @throws Refusal.PreconditionFailed if it is in use, or not empty, and that was asked for
     */
    public Deleted delete(boolean ifUnused, boolean ifEmpty) {
        if (deleted) {
            return new Deleted(0, 0);
        }
        if (ifUnused && !consumers.isEmpty()) {
            throw new Refusal.PreconditionFailed(lifecycle.describe(this) + " in use");
        }
        time.look();
        if (ifEmpty && index.ready() > 0) {
            throw new Refusal.PreconditionFailed(lifecycle.describe(this) + " not empty");
        }
        long messages = index.ready();
        long position = lifecycle.remove(this);
        drop();
        return new Deleted(messages, position);
    }

    /** Lets go of messages and consumers of a queue whose definition is gone. */
    public void drop() {
        if (deleted) {
            return;
        }
        deleted = true;
        shard.counters().queuesDeleted++;
        time.end();
        if (timeouts != null) {
            timeouts.end();
        }
        consumers.clear().forEach(QueueConsumer::notifyCancelled);
        answerGets();
        index.clear();
        continueDropping();
    }

    public boolean isDeleted() {
        return deleted;
    }

    /**
     * What a deletion did.
     *
     * @param messages ready messages dropped
     * @param position log position to wait for before telling; 0 for none
     */
    public record Deleted(long messages, long position) {}

    /** What a queue asks of the world of definitions it is part of. */
    public interface Lifecycle {

        /** Removes the queue's definition and bindings; returns the log position to wait for. */
        long remove(Queue queue);

        /** How long consumers of quorum queues may keep a message that nobody says otherwise for. */
        long consumerTimeoutMs();

        /** The queue's name as refusals spell it: {@code queue 'q' in vhost '/'}. */
        String describe(Queue queue);
    }

    /** Makes the index of a queue. */
    public interface IndexFactory {
        QueueOrder create(QueueDefinition queue, Runnable pageArrived);
    }
}
