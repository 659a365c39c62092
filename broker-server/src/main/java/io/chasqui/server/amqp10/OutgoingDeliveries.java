package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.session.Subscription;
import io.chasqui.core.session.UnackedLedger;
import io.chasqui.core.shard.ShardCounters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of one session to its client, and what becomes of them. A delivery's id is its place in
 * the session, from 0 on, and so one less than its tag in the ledger of those not settled.
 */
final class OutgoingDeliveries {

    private static final Map<Settlement, UnackedLedger.Settler> SETTLERS =
            new EnumMap<>(Settlement.class);

    static {
        for (Settlement each : Settlement.values()) {
            SETTLERS.put(each, settler(each));
        }
    }

    private final Wire wire;
    private final int channel;
    private final UnackedLedger ledger = new UnackedLedger();
    private final ShardCounters counters;
    private final SettlingSecond settlingSecond;

    /**
     * @param channel to send on
     */
    OutgoingDeliveries(Wire wire, int channel) {
        this.wire = wire;
        this.channel = channel;
        this.counters = wire.broker().shard().counters();
        this.settlingSecond = new SettlingSecond(wire, channel);
    }

    private static UnackedLedger.Settler settler(Settlement settlement) {
        return (_, owner, seq, _) -> owner.settle(seq, settlement);
    }

    /** How many deliveries the client has yet to settle. */
    int unsettled() {
        return ledger.size();
    }

    /** What the client has yet to settle. */
    UnackedLedger ledger() {
        return ledger;
    }

    /** The id of a delivery that goes out now; see {@link #undo}. */
    int newId(Subscription owner, long seq, long position) {
        long tag = owner.autoAck() ? ledger.skip() : ledger.add(owner, seq, position);
        return (int) (tag - 1);
    }

    /** The id of a delivery that nobody has to settle. */
    int newSettledId() {
        return (int) (ledger.skip() - 1);
    }

    /** The delivery that got the last id did not go out. */
    void undo() {
        ledger.undo();
    }

    /** The client tells what became of the deliveries from {@code first} to {@code last}. */
    void disposition(int first, int last, boolean settled, @Nullable DeliveryState state) {
        UnackedLedger.Settler told = settlerFor(state);
        if (told == null && !settled) {
            return;
        }
        checkRange(first, last);
        long from = tag(first);
        long to = from + (last - first);
        UnackedLedger.Settler settler = told == null ? settler(Settlement.RETURNED) : told;
        if (settled) {
            ledger.settleRange(from, to, settler);
        } else if (state instanceof Accepted) {
            ledger.settleRange(from, to, settlingSecond);
            settlingSecond.accepted(first, last);
        } else {
            ledger.settleRange(from, to, settler);
            wire.send(channel, SettlingSecond.disposition(first, last, state));
        }
    }

    /**
     * Checks the ids of a disposition.
     *
     * @throws Amqp10Error if they are the wrong way round
     */
    static void checkRange(int first, int last) {
        if (last - first < 0) {
            throw Amqp10Error.session(
                    Amqp10Error.INVALID_FIELD, "a disposition whose last comes before its first");
        }
    }

    /** The tag of a delivery that is at most half of all ids away from the last. */
    long tag(int id) {
        long last = ledger.lastTag();
        return last + (id - (int) (last - 1));
    }

    private UnackedLedger.@Nullable Settler settlerFor(@Nullable DeliveryState state) {
        if (state instanceof Modified modified && ModifiedAnnotations.any(modified)) {
            ByteBuffer added = ModifiedAnnotations.of(modified, wire::encode);
            Settlement settlement = settlement(modified);
            long restUntilMs = ModifiedAnnotations.deliveryTimeMs(modified);
            return (_, owner, seq, position) ->
                    owner.giveBack(
                            seq, position, settlement, all(owner, position, added), restUntilMs);
        }
        Settlement settlement = state == null ? null : settlement(state);
        return settlement == null ? null : SETTLERS.get(settlement);
    }

    /** What clients have added to the annotations of a message that is out, and now this. */
    static ByteBuffer all(Subscription owner, long position, ByteBuffer added) {
        return ModifiedAnnotations.merge(owner.annotations(position), added);
    }

    /** What a queue is told of that outcome; null if it is none. */
    static @Nullable Settlement settlement(DeliveryState outcome) {
        return switch (outcome) {
            case Accepted _ -> Settlement.ACKNOWLEDGED;
            case Rejected _ -> Settlement.REJECTED;
            case Released _ -> Settlement.RETURNED;
            case Modified modified -> settlement(modified);
            default -> null;
        };
    }

    private static Settlement settlement(Modified modified) {
        boolean failed = Boolean.TRUE.equals(modified.getDeliveryFailed());
        if (Boolean.TRUE.equals(modified.getUndeliverableHere())) {
            return failed ? Settlement.REJECTED : Settlement.DISCARDED;
        }
        return failed ? Settlement.REQUEUED : Settlement.RETURNED;
    }

    /** A link is gone: what its client had goes back. */
    void giveBack(Subscription owner, Settlement settlement) {
        ledger.settleAllOf(owner, settler(settlement));
    }

    /**
     * Takes back what a consumer's client has not settled, and tells it so: it still has to settle that.
     *
     * @return how many deliveries
     */
    int takeBack(Subscription owner) {
        List<Long> tags = new ArrayList<>();
        ledger.giveBack(owner, tags::add);
        int next = 0;
        while (next < tags.size()) {
            int first = next++;
            while (next < tags.size() && tags.get(next) == tags.get(next - 1) + 1) {
                next++;
            }
            Disposition released =
                    SettlingSecond.disposition(
                            id(tags.get(first)), id(tags.get(next - 1)), Released.getInstance());
            released.setSettled(false);
            wire.send(channel, released);
        }
        return tags.size();
    }

    private static int id(long tag) {
        return (int) (tag - 1);
    }

    /** Counts what goes out, or does not after all. */
    void count(boolean autoAck, int messages) {
        if (autoAck) {
            counters.deliveredAutoAck += messages;
            counters.amqp10.deliveredAutoAck += messages;
        } else {
            counters.deliveredManualAck += messages;
            counters.amqp10.deliveredManualAck += messages;
        }
    }

    /** The session is gone, and its links before it. */
    void close() {
        settlingSecond.close();
    }
}
