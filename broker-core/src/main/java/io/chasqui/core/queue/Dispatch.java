package io.chasqui.core.queue;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the ready messages of a queue to its consumers in turn, and watches how long they keep them.
 * Belongs to the queue's shard.
 */
final class Dispatch implements Shard.Dispatching {

    /** Messages given out in one turn before the shard's other queues get theirs. */
    private static final int QUANTUM = 128;

    /** The same before somebody is told of the ready messages: what one consumer's window holds. */
    private static final int CATCH_UP = QueueConsumer.WINDOW;

    private final Queue queue;
    private final Shard shard;
    private final MessageStore store;
    private final QueueOrder index;
    private final QueueTime time;
    private final Outcomes outcomes;
    private final ConsumerLine consumers;
    private final QueueCounters counters;
    private final List<QueueConsumer> holdingPlaces = new ArrayList<>();
    private final List<QueueConsumer> draining = new ArrayList<>();
    private final Browsers browsers = new Browsers();

    /** Of the consumers and browsers that do not take what comes; most queues have none. */
    private final List<Search> searches = new ArrayList<>(0);

    private final Runnable searchGoesOn = this::searchGoesOn;
    private @Nullable ConsumerTimeouts timeouts;
    private boolean active;

    Dispatch(
            Queue queue,
            Shard shard,
            MessageStore store,
            QueueOrder index,
            QueueTime time,
            Outcomes outcomes,
            ConsumerLine consumers) {
        this.queue = queue;
        this.shard = shard;
        this.store = store;
        this.index = index;
        this.time = time;
        this.outcomes = outcomes;
        this.consumers = consumers;
        this.counters = queue.counters();
    }

    /** Something changed that may let the queue deliver: a message came, or a consumer has room. */
    void wake() {
        if (!active
                && index.ready() > 0
                && (!consumers.isEmpty() || !browsers.isEmpty())
                && !queue.isDeleted()) {
            active = true;
            shard.activate(this);
        }
    }

    /**
     * Lets consumers have what came for them and waits for the end of the tick, before anybody else
     * may take a ready message or is told how many there are.
     */
    void catchUp() {
        queue.boundBeforeDispatch();
        for (int given = 0; active && given < CATCH_UP; given++) {
            if (!giveOne()) {
                break;
            }
        }
        queue.boundWhatCameBack();
    }

    /** Whether consumers get their turn in this tick. */
    boolean isDue() {
        return active;
    }

    @Override
    public boolean dispatch() {
        queue.boundBeforeDispatch();
        if (!searches.isEmpty()) {
            time.look(); // they do not begin at the head, where expiry would be seen to
            searches.forEach(Search::newTurn);
        }
        boolean more = giveOut();
        time.look();
        return more;
    }

    private boolean giveOut() {
        for (int given = 0; given < QUANTUM; given++) {
            if (!giveOne() && !showOne()) {
                if (anyPaused()) {
                    return true;
                }
                active = false;
                leavePlaces();
                endDraining();
                return false;
            }
        }
        return true;
    }

    /** Gives the first message to the next consumer that can take one; false if that cannot be. */
    boolean giveOne() {
        if (index.ready() == 0 || queue.isDeleted()) {
            return false;
        }
        QueueConsumer consumer = consumers.nextReady();
        if (consumer == null) {
            return false;
        }
        Search search = consumer.search();
        long seq = search == null ? time.takeFresh() : search.take();
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

    /** Gives a message that was taken out of the ready ones to a consumer. */
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

    // -- those that do not take what comes

    /** The consumer takes part from now on. */
    void joined(QueueConsumer consumer) {
        if (!consumer.interest().isAll()) {
            Search search =
                    new Search(
                            index,
                            store,
                            shard,
                            consumer.interest(),
                            outcomes::remove,
                            searchGoesOn);
            consumer.search(search);
            searches.add(search);
        }
    }

    /** Somebody looks through the queue from now on. */
    void browse(QueueConsumer browser) {
        joined(browser);
        browsers.add(browser);
        wake();
    }

    /** Gives the next message to the next browser; false if that cannot be. */
    private boolean showOne() {
        QueueConsumer browser = browsers.isEmpty() ? null : browsers.nextReady();
        Search search = browser == null ? null : browser.search();
        if (browser == null || search == null || queue.isDeleted()) {
            return false;
        }
        long seq = search.take();
        browser.take(
                seq,
                index.position(seq),
                index.length(seq),
                index.redelivered(seq),
                index.large(seq),
                0);
        return true;
    }

    /** A message came back to its place. */
    void gaveBack(long seq) {
        for (int i = 0; i < searches.size(); i++) {
            searches.get(i).gaveBack(seq);
        }
    }

    private boolean anyPaused() {
        for (int i = 0; i < searches.size(); i++) {
            if (searches.get(i).isPaused()) {
                return true;
            }
        }
        return false;
    }

    private void searchGoesOn() {
        wake();
        if (!active) {
            endDraining();
        }
    }

    // -- credit that is not to stay

    /** Gives the consumer what there is for its credit; it forgoes the rest. */
    void drain(QueueConsumer consumer) {
        draining.remove(consumer);
        draining.add(consumer);
        if (!active) {
            endDraining();
        }
    }

    private void endDraining() {
        for (int i = draining.size() - 1; i >= 0; i--) {
            QueueConsumer consumer = draining.get(i);
            if (index.ready() == 0 || !consumer.hasCredit() || !isServed(consumer)) {
                draining.remove(i);
                consumer.forgoCredit();
            }
        }
    }

    /** Whether something may still come for the consumer of what is ready. */
    private boolean isServed(QueueConsumer consumer) {
        Search search = consumer.search();
        return (consumer.browses() || consumers.isActive(consumer))
                && !consumer.isPaused()
                && (search == null || !search.isAtEnd());
    }

    // -- places under a channel's limit

    /** A consumer was given a place under its channel's limit: it is for the next message. */
    void placeFree(QueueConsumer consumer) {
        holdingPlaces.add(consumer);
        wake();
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

    // -- how long consumers may keep what they have

    /** A message was written to a client that has yet to settle it. */
    void written(QueueConsumer consumer, long seq, long waitedMs) {
        outcomes.written(seq, waitedMs);
        long timeoutMs = timeoutMs(consumer);
        if (timeoutMs != Queue.NO_TIMEOUT && !consumer.timedOut && !queue.isDeleted()) {
            timeouts().out(consumer, seq, timeoutMs);
        }
    }

    /** How long the consumer may keep a message, or {@link Queue#NO_TIMEOUT}. */
    long timeoutMs(QueueConsumer consumer) {
        if (consumer.timeoutMs() != Queue.NO_TIMEOUT) {
            return consumer.timeoutMs();
        }
        long ofQueue = queue.settings().consumerTimeoutMs();
        if (ofQueue != Queue.NO_TIMEOUT) {
            return ofQueue;
        }
        return queue.isQuorum() ? queue.lifecycle().consumerTimeoutMs() : Queue.NO_TIMEOUT;
    }

    private ConsumerTimeouts timeouts() {
        ConsumerTimeouts known = timeouts;
        if (known == null) {
            known = new ConsumerTimeouts(queue, shard);
            timeouts = known;
        }
        return known;
    }

    /** The consumer has settled a message that it was watched for. */
    void noLongerOut(QueueConsumer consumer, long seq) {
        timeouts().settled(consumer, seq);
    }

    /** How long consumers may keep messages may have changed, also those that they have. */
    void lookAtTimeouts() {
        for (QueueConsumer consumer : consumers.all()) {
            long timeoutMs = timeoutMs(consumer);
            if (timeoutMs != Queue.NO_TIMEOUT && consumer.out() > 0 && !consumer.timedOut) {
                timeouts().watch(consumer, timeoutMs);
            }
        }
        if (timeouts != null) {
            timeouts.look();
        }
    }

    /**
     * The consumer kept a message for too long: it ends, or is given nothing for a while if it is one
     * on credit, as in RabbitMQ. A single active consumer would keep all others waiting.
     */
    void timedOut(QueueConsumer consumer, long timeoutMs) {
        if (consumer.onCredit() && !queue.isSingleActive()) {
            consumer.pause();
            consumer.notifyTimedOut(timeoutMs, false);
        } else {
            consumer.timedOut = true;
            consumer.notifyTimedOut(timeoutMs, true);
            queue.unsubscribe(consumer);
        }
    }

    /** The consumer takes part no more. */
    void left(QueueConsumer consumer) {
        draining.remove(consumer);
        browsers.remove(consumer);
        Search search = consumer.search();
        if (search != null) {
            search.end();
            searches.remove(search);
        }
    }

    /** The queue is gone; those who only looked through it, who are to be told. */
    List<QueueConsumer> end() {
        draining.clear();
        searches.forEach(Search::end);
        searches.clear();
        if (timeouts != null) {
            timeouts.end();
        }
        return browsers.clear();
    }
}
