package io.chasqui.core.queue;

import io.chasqui.core.definition.QueueArgument;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.message.DeadLetter;
import io.chasqui.core.message.DeathReason;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.shard.Receiver;
import io.chasqui.core.shard.Shard;
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
public final class Queue implements Receiver, Shard.Dispatching {

    /** Messages given out in one turn before the shard's other queues get theirs. */
    private static final int QUANTUM = 128;

    /** Instead of a time: a consumer may keep a message for ever. */
    public static final long NO_TIMEOUT = -1;

    private final QueueDefinition definition;
    private final long ownerSession;
    private final Shard shard;
    private final QueueOrder index;
    private final Lifecycle lifecycle;
    private final ConsumerLine consumers;
    private final List<QueueConsumer> holdingPlaces = new ArrayList<>();
    private final QueueCounters counters = new QueueCounters();
    private final QueueTime time;
    private final boolean isQuorum;
    private final Disposal disposal;
    private final PendingGets gets;
    private final Outcomes outcomes;
    private @Nullable ConsumerTimeouts timeouts;
    private QueueSettings settings;

    /** Null as long as the queue has no bounds. */
    private @Nullable QueueLimits limits;

    private volatile boolean refusesPublishes;
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
        this.lifecycle = lifecycle;
        this.isQuorum = QueueType.of(definition.arguments()) == QueueType.QUORUM;
        this.consumers = isSingleActive() ? new SingleActiveConsumer(isQuorum) : new ConsumerRing();
        this.index = indexes.create(definition, this::headKnown);
        this.settings = settings;
        this.time = new QueueTime(this, shard, store, index, settings);
        this.disposal = new Disposal(this, shard, store, index);
        this.outcomes = new Outcomes(this, shard, store, index, disposal);
        this.gets = new PendingGets(this, time);
        bound();
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
        boolean refused = refusesPublishes;
        bound();
        if (refused != refusesPublishes) {
            lifecycle.routesChanged();
        }
        time.apply(next);
        if (timeouts != null) {
            timeouts.look();
        }
        if (limits != null) {
            limits.enforce();
        }
        consumerReady();
    }

    private void bound() {
        outcomes.apply(settings);
        limits = settings.isBounded() ? new QueueLimits(this, shard, index, settings) : null;
        refusesPublishes = settings.refusesPublishes();
    }

    /** Whether the queue may refuse a message that is published to it; see {@link #offer}. Any thread. */
    public boolean refusesPublishes() {
        return refusesPublishes;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    /** The queue's name as refusals spell it. */
    String describe() {
        return lifecycle.describe(this);
    }

    /** The order of messages, for recovery and checkpoints; on the queue's shard or before it runs. */
    public QueueOrder index() {
        return index;
    }

    public long ready() {
        return index.ready();
    }

    /** Messages that consumers have yet to settle. */
    public long unacked() {
        return index.unacked() - outcomes.waiting();
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
     * @param size of its record and body: {@link MessageSize}
     * @param word more about it: see {@link Arrival}
     */
    @Override
    public void receive(long position, long size, long word) {
        QueueLimits bounds = limits;
        if (bounds != null) {
            boolean unused = offer(position, (int) size, word);
        } else {
            enqueue(position, (int) size, word);
        }
    }

    private void enqueue(long position, int size, long word) {
        if (deleted) {
            disposal.release(position, Arrival.large(word));
            return;
        }
        long seq = index.append(position, size, flags(position, word), Arrival.priority(word));
        counters.enqueued++;
        time.arrived(seq, Arrival.timeToLiveMs(word));
        consumerReady();
    }

    private static int flags(long position, long word) {
        return (MessageStore.isTransient(position) ? 0 : QueueIndex.PERSISTENT)
                | Arrival.flags(word);
    }

    /**
     * As {@link #receive}, for those who want to know.
     *
     * @return false if the queue is full and refused the message
     */
    public boolean offer(long position, int size, long word) {
        QueueLimits bounds = limits;
        if (bounds == null || deleted) {
            enqueue(position, size, word);
            return true;
        }
        if (bounds.admits(size, word)) {
            enqueue(position, size, word);
            bounds.added();
            return true;
        }
        shard.counters().refused++;
        if (bounds.buriesRefused() && settings.deadLetterExchange() != null) {
            long seq =
                    index.appendTaken(
                            position, size, flags(position, word), Arrival.priority(word));
            outcomes.die(seq, DeathReason.MAXLEN);
        } else {
            disposal.refuse(position, Arrival.large(word));
        }
        return false;
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

    /** Gives the first message to the next consumer that can take one; false if that cannot be. */
    boolean giveOne() {
        QueueConsumer consumer = index.ready() == 0 || deleted ? null : consumers.nextReady();
        if (consumer == null) {
            return false;
        }
        long seq = time.takeFresh();
        if (seq < 0) {
            consumer.nothingCame();
            return false;
        }
        if (consumer.autoAck()) {
            counters.deliveredAutoAck++;
        }
        give(consumer, seq);
        return true;
    }

    void give(QueueConsumer consumer, long seq) {
        boolean redelivered = index.redelivered(seq);
        if (redelivered) {
            shard.counters().redelivered++;
            counters.redelivered++;
        }
        counters.delivered++;
        long counts = redelivered ? outcomes.counts(seq) : 0;
        consumer.take(
                seq, index.position(seq), index.length(seq), redelivered, index.large(seq), counts);
    }

    /** A message was written to a client that has yet to settle it. */
    void written(QueueConsumer consumer, long seq, long waitedMs) {
        outcomes.written(seq, waitedMs);
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

    /** What becomes of the messages that were given out. */
    Outcomes outcomes() {
        return outcomes;
    }

    /** A message came back to its place. */
    void gaveBack(long seq) {
        time.gaveBack(seq);
        if (limits != null) {
            limits.enforce();
        }
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
        gets.add(consumer, found, empty);
        time.renewLease();
        gets.answer();
        time.look();
    }

    /** More is known of the first messages than before: a page or a record came, or time passed. */
    void headKnown() {
        if (index.purging()) {
            disposal.goOn();
        }
        time.look();
        if (limits != null) {
            limits.enforce();
        }
        gets.answer();
        consumerReady();
    }

    // -- purge and deletion

    /** Drops the ready messages; tells how many once that is in the log. */
    public void purge(LongConsumer reply) {
        time.look();
        long messages = disposal.purge(reply);
        shard.counters().purged += messages;
        counters.purged += messages;
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
        gets.answer();
        outcomes.clear();
        disposal.clear();
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

        /** The queues that a dead letter goes to; none if its exchange is missing. Any thread. */
        List<Queue> route(DeadLetter letter);

        /** Routes that are known must be asked for anew: what a queue does with messages changed. */
        void routesChanged();
    }

    /** Makes the index of a queue. */
    public interface IndexFactory {
        QueueOrder create(QueueDefinition queue, Runnable pageArrived);
    }
}
