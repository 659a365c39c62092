package io.chasqui.core.queue;

import io.chasqui.core.definition.QueueArgument;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.shard.Receiver;
import io.chasqui.core.shard.Shard;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue: takes messages in order, gives them to its consumers in turn, and takes back what they
 * say of them.
 *
 * <p><b>Threads.</b> Everything belongs to the queue's home shard, but for what is final (its
 * definition, its owner) and {@link #receive}'s callers, who go through {@link Shard#send}.
 *
 * <p><b>What is kept where.</b> Bodies are in the {@link MessageStore}; the order is in the {@link
 * QueueIndex}, 16 bytes a message and off the heap. The rules have rooms of their own: what comes in
 * ({@link Intake}), what goes out ({@link Dispatch}), what becomes of that ({@link Outcomes}), and what
 * time brings ({@link QueueTime}).
 */
public final class Queue implements Receiver {

    /** Instead of a time: a consumer may keep a message for ever. */
    public static final long NO_TIMEOUT = -1;

    private final QueueDefinition definition;
    private final long ownerSession;
    private final Shard shard;
    private final QueueOrder index;
    private final QueueLifecycle lifecycle;
    private final ConsumerLine consumers;
    private final QueueCounters counters = new QueueCounters();
    private final QueueTime time;
    private final boolean isQuorum;
    private final AddedAnnotations addedAnnotations;
    private final Disposal disposal;
    private final PendingGets gets;
    private final Outcomes outcomes;
    private final Intake intake;
    private final Dispatch dispatch;
    private QueueSettings settings;
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
            QueueLifecycle lifecycle) {
        this.definition = definition;
        this.ownerSession = ownerSession;
        this.shard = shard;
        this.lifecycle = lifecycle;
        this.isQuorum = QueueType.of(definition.arguments()) == QueueType.QUORUM;
        this.consumers = isSingleActive() ? new SingleActiveConsumer(isQuorum) : new ConsumerRing();
        this.index = indexes.create(definition, this::headKnown);
        this.settings = settings;
        this.time = new QueueTime(this, shard, store, index, settings);
        this.addedAnnotations = new AddedAnnotations(id(), isDurable(), store);
        this.disposal = new Disposal(this, shard, store, index);
        this.outcomes = new Outcomes(this, shard, store, index, disposal);
        this.dispatch = new Dispatch(this, shard, store, index, time, outcomes, consumers);
        this.intake = new Intake(this, shard, index, time, disposal);
        this.gets = new PendingGets(this, time);
        outcomes.apply(settings);
        intake.apply(settings);
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
        boolean refused = intake.refusesPublishes();
        outcomes.apply(next);
        intake.apply(next);
        if (refused != intake.refusesPublishes()) {
            lifecycle.routesChanged();
        }
        time.apply(next);
        dispatch.lookAtTimeouts();
        intake.enforceLimits();
        dispatch.wake();
    }

    /** Whether the queue may refuse a message that is published to it; see {@link #offer}. Any thread. */
    public boolean refusesPublishes() {
        return intake.refusesPublishes();
    }

    QueueLifecycle lifecycle() {
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

    /** What clients have added to its messages; from any thread. */
    public AddedAnnotations addedAnnotations() {
        return addedAnnotations;
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
     * Somebody used the queue (x-expires); what is due expires, and what consumers can take is theirs,
     * before anything is told of it.
     *
     * @return false if the queue was deleted meanwhile
     */
    public boolean use() {
        if (deleted) {
            return false;
        }
        time.renewLease();
        time.look();
        dispatch.catchUp();
        return true;
    }

    // -- messages in

    @Override
    public void receive(long position, long size, long word) {
        intake.receive(position, (int) size, word);
    }

    /** See {@link Intake#offer}. */
    public boolean offer(long position, int size, long word) {
        return intake.offer(position, size, word);
    }

    /** See {@link Intake#hasRoom}. */
    public boolean hasRoom(int messages, long bytes) {
        return intake.hasRoom(messages, bytes);
    }

    // -- messages out

    /** Something changed that may let the queue deliver: a message came, or a consumer has room. */
    public void wake() {
        dispatch.wake();
    }

    /** How its messages get to its consumers. */
    Dispatch dispatch() {
        return dispatch;
    }

    /** What becomes of the messages that were given out. */
    Outcomes outcomes() {
        return outcomes;
    }

    /** A message came back to its place. */
    void gaveBack(long seq) {
        time.gaveBack(seq);
        intake.gaveBack();
        dispatch.gaveBack(seq);
    }

    /**
     * What came back and is too much goes before consumers are served and before anything expires; with
     * a quorum queue after that, as in RabbitMQ.
     */
    void boundBeforeDispatch() {
        if (!isQuorum) {
            intake.boundWhatCameBack();
        }
    }

    /** Before anybody is told of the ready messages. */
    void boundWhatCameBack() {
        intake.boundWhatCameBack();
    }

    // -- consumers

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
        if (consumer.browses()) {
            dispatch.browse(consumer);
            time.renewLease();
            return;
        }
        boolean alone = consumer.exclusive() && (isSingleActive() || !consumers.isEmpty());
        if (!isQuorum && (alone || consumers.anyExclusive())) { // quorum queues take no notice
            throw new Refusal.AccessRefused(lifecycle.describe(this) + " in exclusive use");
        }
        consumers.add(consumer);
        dispatch.joined(consumer);
        time.renewLease();
        dispatch.wake();
    }

    public boolean isQuorum() {
        return isQuorum;
    }

    /** The tag of the consumer that has the queue to itself; null if none does. */
    public @Nullable String exclusiveConsumerTag() {
        return tag(QueueConsumer::exclusive);
    }

    /** The tag of the one consumer that is served; null if there is none, or all are. */
    public @Nullable String singleActiveConsumerTag() {
        return isSingleActive() ? tag(consumers::isActive) : null;
    }

    private @Nullable String tag(Predicate<QueueConsumer> which) {
        return consumers.all().stream()
                .filter(which)
                .findFirst()
                .map(QueueConsumer::tag)
                .orElse(null);
    }

    /** Whether its consumers are served one at a time (x-single-active-consumer). */
    public boolean isSingleActive() {
        return definition.arguments().isTrue(QueueArgument.SINGLE_ACTIVE_CONSUMER.wireName());
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

    /** Gives consumers what came for them, and then ends the part of one. */
    public void serveAndUnsubscribe(QueueConsumer consumer) {
        if (!deleted) {
            time.look();
            dispatch.catchUp();
        }
        unsubscribe(consumer);
    }

    /** Ends the consumer's part; an auto-delete queue goes with its last one (0-9-1 queue.declare). */
    public void unsubscribe(QueueConsumer consumer) {
        consumer.cancel();
        dispatch.left(consumer);
        if (!consumers.remove(consumer) || deleted) {
            return;
        }
        if (!consumers.isEmpty()) {
            dispatch.wake(); // another one may be active now
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
     * Gives one message to a consumer that does not subscribe, once those that do have what they can
     * take.
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
        intake.enforceLimits();
        dispatch.wake();
        gets.answer();
    }

    // -- purge and deletion

    /** Drops the ready messages; tells how many once that is in the log. */
    public void purge(LongConsumer reply) {
        time.look();
        dispatch.catchUp();
        long messages = disposal.purge(reply);
        time.look();
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
        time.look();
        dispatch.catchUp();
        if (ifEmpty && index.ready() > 0) {
            throw new Refusal.PreconditionFailed(lifecycle.describe(this) + " not empty");
        }
        if (ifUnused && !consumers.isEmpty()) {
            throw new Refusal.PreconditionFailed(lifecycle.describe(this) + " in use");
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
        dispatch.end().forEach(QueueConsumer::notifyCancelled);
        consumers.clear().forEach(QueueConsumer::notifyCancelled);
        gets.answer();
        outcomes.clear();
        disposal.clear();
        addedAnnotations.close();
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

    /** Makes the index of a queue. */
    public interface IndexFactory {
        QueueOrder create(QueueDefinition queue, Runnable pageArrived);
    }
}
