package io.chasqui.bench.crash;

import io.chasqui.bench.crash.Tally.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What publishers and consumers saw of a broker that is killed now and then, and whether that is
 * what AMQP promises; {@link Tally.Kind} lists what it finds.
 *
 * <p>The promises: a persistent message that was confirmed by a durable queue is delivered. What is
 * delivered was published, to that queue, with that body. Order is kept as {@link DeliveryOrder}
 * says. A message is delivered again only if it may have been unacknowledged when the broker died,
 * and then it is flagged as redelivered. An acknowledgement has no answer, so one that was sent
 * just before a kill may be lost, but no more of them than consumers may hold, and none that is
 * older than {@link #SETTLED_MS}.
 *
 * <p>Deliveries that reach the ledger after the next life began are as good as never received:
 * their acknowledgements cannot have reached anybody. Safe for use by many threads.
 */
final class Ledger {

    /** An acknowledgement this long before the kill must have become durable. */
    static final long SETTLED_MS = 1000;

    private static final int EXAMPLES_OF_EACH_KIND = 5;

    private final LongSupplier clockMs;
    private final int unackedAtMost;
    private final List<List<TrackedMessage>> published = new ArrayList<>();
    private final Map<ConsumerId, DeliveryOrder> orders = new HashMap<>();
    private final List<Long> killMs = new ArrayList<>();
    private final Tally tally = new Tally();
    private final List<String> examples = new ArrayList<>();
    private int life;

    /**
     * @param unackedAtMost messages all consumers together may hold unacknowledged, that is the
     *     sum of their prefetches
     */
    Ledger(LongSupplier clockMs, int publishers, int unackedAtMost) {
        this.clockMs = clockMs;
        this.unackedAtMost = unackedAtMost;
        for (int i = 0; i < publishers; i++) {
            published.add(new ArrayList<>());
        }
    }

    /** The next life begins: the old process is gone, the new one not yet reachable. */
    synchronized void starting() {
        life++;
    }

    /** The broker is about to be killed. */
    synchronized void killing() {
        killMs.add(clockMs.getAsLong());
    }

    /** The life that connections made now belong to. */
    synchronized int life() {
        return life;
    }

    /** To be told before the message goes out; returns its id. */
    synchronized MessageId publishing(int publisher, Route route, boolean persistent) {
        List<TrackedMessage> messages = published.get(publisher);
        messages.add(new TrackedMessage(route, persistent));
        tally.add(Kind.PUBLISHED, 1);
        return new MessageId(publisher, messages.size() - 1);
    }

    synchronized void confirmed(MessageId id) {
        published.get(id.publisher()).get(id.sequence()).confirm();
        tally.add(Kind.CONFIRMED, 1);
        notifyAll();
    }

    /**
     * Waits until more confirms or deliveries are counted than there were.
     *
     * @return whether there are, within {@code patienceMs}
     */
    synchronized boolean awaitMore(Kind kind, long than, long patienceMs)
            throws InterruptedException {
        long deadlineMs = clockMs.getAsLong() + patienceMs;
        long leftMs = patienceMs;
        while (tally.get(kind) <= than && leftMs > 0) {
            wait(leftMs);
            leftMs = deadlineMs - clockMs.getAsLong();
        }
        return tally.get(kind) > than;
    }

    synchronized void nacked(MessageId id) {
        tally.add(Kind.NACKED, 1);
    }

    /** A consumer that connected in life {@code deliveredIn} got this body. */
    synchronized void delivered(
            ConsumerId consumer, int deliveredIn, boolean redelivered, Optional<MessageId> body) {
        if (deliveredIn != life) {
            return;
        }
        tally.add(Kind.DELIVERED, 1);
        notifyAll();
        if (body.isEmpty()) {
            found(Kind.CORRUPT, "in " + consumer.queue());
            return;
        }
        MessageId id = body.get();
        if (!wasPublishedTo(consumer.queue(), id)) {
            found(Kind.PHANTOM, id + " in " + consumer.queue());
            return;
        }
        Copy copy = tracked(id).copyIn(consumer.queue());
        boolean firstSeen = !copy.wasSeen();
        if (!firstSeen) {
            duplicate(id, consumer, copy, redelivered);
        }
        copy.seen(life);
        DeliveryOrder order = orders.computeIfAbsent(consumer, c -> new DeliveryOrder(c.alone()));
        if (!order.take(life, id, firstSeen)) {
            found(Kind.REORDERED, id + " at " + consumer);
        }
    }

    private boolean wasPublishedTo(String queue, MessageId id) {
        return id.publisher() >= 0
                && id.publisher() < published.size()
                && id.sequence() >= 0
                && id.sequence() < published.get(id.publisher()).size()
                && tracked(id).goesTo(queue);
    }

    private TrackedMessage tracked(MessageId id) {
        return published.get(id.publisher()).get(id.sequence());
    }

    private void duplicate(MessageId id, ConsumerId consumer, Copy copy, boolean redelivered) {
        String example = id + " at " + consumer + " in life " + life;
        if (copy.seenInLife() == life) {
            found(Kind.DUP_LIVE, example);
            return;
        }
        long ackedBefore = copy.ackedBefore(killOf(copy.seenInLife()));
        if (!redelivered) {
            found(Kind.DUP_UNFLAGGED, example + ", acked " + ackedBefore + " ms before the kill");
        } else if (ackedBefore >= SETTLED_MS) {
            found(Kind.DUP_SETTLED, example + ", acked " + ackedBefore + " ms before the kill");
        } else {
            tally.add(ackedBefore < 0 ? Kind.DUP_FLAGGED : Kind.DUP_ACKED, 1);
        }
    }

    private long killOf(int pastLife) {
        return killMs.get(pastLife - 1);
    }

    /** The acknowledgement of a delivery in that life has been written to the socket. */
    synchronized void acknowledged(ConsumerId consumer, int deliveredIn, MessageId id) {
        if (deliveredIn == life && wasPublishedTo(consumer.queue(), id)) {
            tracked(id).copyIn(consumer.queue()).acked(clockMs.getAsLong());
        }
    }

    /** A connection of that life, or its channel, was closed by the broker; death is no offence. */
    synchronized void disconnected(int connectedIn, String reason) {
        if (connectedIn == life && killMs.size() < life) {
            found(Kind.DISCONNECTED, "in life " + life + ": " + reason);
        }
    }

    private void found(Kind kind, String example) {
        tally.add(kind, 1);
        if (tally.get(kind) <= EXAMPLES_OF_EACH_KIND) {
            examples.add(kind + " " + example);
        }
    }

    /** What has been counted so far; what is lost shows in the {@link #verdict} alone. */
    synchronized Tally soFar() {
        return tally.copy();
    }

    /** The first violations in words. */
    synchronized List<String> examples() {
        return List.copyOf(examples);
    }

    /** The end: all queues have been drained, and whatever has not come will not come. */
    synchronized Tally verdict() {
        for (int publisher = 0; publisher < published.size(); publisher++) {
            List<TrackedMessage> messages = published.get(publisher);
            for (int sequence = 0; sequence < messages.size(); sequence++) {
                lost(new MessageId(publisher, sequence));
            }
        }
        long allowed = (long) unackedAtMost * killMs.size();
        if (tally.get(Kind.DUP_ACKED) > allowed) {
            tally.add(Kind.DUP_EXCESS, tally.get(Kind.DUP_ACKED) - allowed);
        }
        return tally.copy();
    }

    private void lost(MessageId id) {
        TrackedMessage message = tracked(id);
        if (message.promised()) {
            for (int copies = message.copiesNeverSeen(); copies > 0; copies--) {
                found(Kind.LOST, id + " " + message);
            }
        }
    }
}
