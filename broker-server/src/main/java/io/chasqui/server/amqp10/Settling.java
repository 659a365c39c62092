package io.chasqui.server.amqp10;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.Verdicts;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardCounters;
import io.chasqui.core.vhost.PublishCounters;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.Role;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of one session that the broker has yet to settle, in their order, and what becomes of
 * them: accepted once on disk, if they must go there, and taken by every queue that may refuse them.
 * What a tick brought is waited for with one waiter, and neighbours with the same outcome are settled
 * with one disposition.
 */
final class Settling implements Shard.TickEnd, Verdicts {

    private static final Symbol QUEUE = Symbol.valueOf("queue");
    private static final Symbol REASON = Symbol.valueOf("reason");
    private static final Symbol MAXLEN = Symbol.valueOf("maxlen");

    private final Wire wire;
    private final int channel;
    private final Session broker;
    private final Shard shard;
    private final ShardCounters counters;
    private final PublishCounters vhostCounters;
    private final PublishCounters sessionCounters;
    private final MessageStore store;
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private final Map<Long, Entry> asked = new HashMap<>();
    private final Runnable durabilityMoved = this::settleWhatMay;
    private int askedId;
    private boolean askedSettles;
    private long lastQuestion;
    private long highest;
    private boolean tickEndDue;
    private boolean closed;

    private static final class Entry {
        final int id;
        final long position;
        final boolean settles;
        final long cameNs;
        DeliveryState outcome;
        int answersDue;
        List<Queue> queues = List.of();

        Entry(int id, long position, boolean settles, DeliveryState outcome, long cameNs) {
            this.id = id;
            this.position = position;
            this.settles = settles;
            this.outcome = outcome;
            this.cameNs = cameNs;
        }
    }

    /**
     * @param channel to send on
     * @param number the session's number for people
     */
    Settling(Wire wire, int channel, int number) {
        this.wire = wire;
        this.channel = channel;
        this.broker = wire.broker();
        this.shard = broker.shard();
        this.counters = shard.counters();
        this.vhostCounters = broker.vhost().published(shard);
        this.sessionCounters = broker.channelCounters(number).published;
        this.store = wire.terms().broker().store();
    }

    /**
     * Notes a delivery.
     *
     * @param position what must be on disk before it is settled; 0 for nothing
     * @param settles whether the broker settles it with its outcome, or leaves that to the client
     *     (rcv-settle-mode second)
     */
    void add(int id, long position, boolean settles, DeliveryState outcome) {
        counters.publishedForConfirm++;
        counters.amqp10.publishedForConfirm++;
        vhostCounters.publishedForConfirm++;
        highest = Math.max(highest, position);
        waiting.add(new Entry(id, highest, settles, outcome, shard.tickNs()));
        callAtTickEnd();
    }

    /** Says which delivery {@link #asked(long, int)} will be about. */
    void askingFor(int id, boolean settles) {
        askedId = id;
        askedSettles = settles;
    }

    @Override
    public long asked(long position, List<Queue> queues) {
        add(askedId, position, askedSettles, Accepted.getInstance());
        Entry entry = waiting.getLast();
        entry.answersDue = queues.size();
        entry.queues = queues;
        asked.put(++lastQuestion, entry);
        return lastQuestion;
    }

    @Override
    public void receive(long number, long taken, long queue) {
        Entry entry = asked.get(number);
        if (closed || entry == null) {
            return;
        }
        if (taken == 0) {
            entry.outcome = rejected(entry.queues.get((int) queue).name());
        }
        if (--entry.answersDue == 0) {
            asked.remove(number);
            callAtTickEnd();
        }
    }

    private static Rejected rejected(String queue) {
        ErrorCondition full =
                Amqp10Error.link(
                                Amqp10Error.RESOURCE_LIMIT,
                                "queue '" + queue + "' exceeded maximum length")
                        .toCondition();
        full.setInfo(Map.of(QUEUE, queue, REASON, MAXLEN));
        Rejected rejected = new Rejected();
        rejected.setError(full);
        return rejected;
    }

    private void callAtTickEnd() {
        if (!tickEndDue) {
            tickEndDue = true;
            shard.atTickEnd(this);
        }
    }

    @Override
    public void tickEnded() {
        tickEndDue = false;
        if (highest == 0 || highest < store.durable()) {
            settleWhatMay();
        } else if (!waiting.isEmpty()) {
            broker.whenDurable(highest, durabilityMoved);
        }
    }

    /** How many deliveries wait to be settled. */
    int size() {
        return waiting.size();
    }

    private void settleWhatMay() {
        if (closed) {
            return;
        }
        // An empty log is durable up to 0, and what waits for nothing has position 0.
        long durable = Math.max(1, store.durable());
        Entry first = ready(durable);
        while (first != null) {
            Entry last = first;
            count(first);
            Entry next = ready(durable);
            while (next != null && goesWith(next, last)) {
                last = next;
                count(next);
                next = ready(durable);
            }
            send(first, last);
            first = next;
        }
    }

    /** Takes the first delivery if it may be settled. */
    private @Nullable Entry ready(long durable) {
        Entry first = waiting.peek();
        if (first == null || first.position >= durable || first.answersDue > 0) {
            return null;
        }
        return waiting.poll();
    }

    private static boolean goesWith(Entry next, Entry last) {
        return next.id == last.id + 1
                && next.settles == last.settles
                && next.outcome.equals(last.outcome);
    }

    private void count(Entry entry) {
        counters.confirms.add(shard.tickNs() - entry.cameNs, 1);
        if (entry.outcome instanceof Rejected) {
            counters.nacked++;
        } else {
            counters.confirmed++;
            counters.amqp10.confirmed++;
            vhostCounters.confirmed++;
            sessionCounters.confirmed++;
        }
    }

    private void send(Entry first, Entry last) {
        Disposition disposition = new Disposition();
        disposition.setRole(Role.RECEIVER);
        disposition.setFirst(UnsignedInteger.valueOf(first.id));
        if (last.id != first.id) {
            disposition.setLast(UnsignedInteger.valueOf(last.id));
        }
        disposition.setSettled(first.settles);
        disposition.setState(first.outcome);
        wire.send(channel, disposition);
    }

    /** The session is closed: nothing more is settled. */
    void close() {
        closed = true;
        waiting.clear();
        asked.clear();
    }
}
