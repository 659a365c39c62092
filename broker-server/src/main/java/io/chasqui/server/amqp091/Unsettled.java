package io.chasqui.server.amqp091;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.session.Subscription;
import io.chasqui.core.session.Transaction;
import io.chasqui.core.session.UnackedLedger;
import io.chasqui.protocol.amqp091.AckReader;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.NackReader;
import io.chasqui.protocol.amqp091.RejectReader;
import java.nio.ByteBuffer;

/**
 * The deliveries of one channel that its client has yet to settle, and the methods that settle
 * them: basic.ack, nack, reject and recover.
 */
final class Unsettled {

    private final UnackedLedger ledger = new UnackedLedger();
    private final UnackedLedger.Settler requeueAtOnce = atOnce(Settlement.REQUEUED);
    private UnackedLedger.Settler acknowledge = atOnce(Settlement.ACKNOWLEDGED);
    private UnackedLedger.Settler reject = atOnce(Settlement.REJECTED);
    private UnackedLedger.Settler discard = atOnce(Settlement.DISCARDED);
    private final UnackedLedger.Settler returnAtOnce = atOnce(Settlement.RETURNED);
    private UnackedLedger.Settler requeue = requeueAtOnce;
    private UnackedLedger.Settler giveBack = returnAtOnce;

    private static UnackedLedger.Settler atOnce(Settlement settlement) {
        return (_, owner, seq, _) -> owner.settle(seq, settlement);
    }

    private static UnackedLedger.Settler within(Transaction transaction, Settlement settlement) {
        return (tag, owner, seq, position) ->
                transaction.settle(tag, owner, seq, position, settlement);
    }

    /** From now on what is settled is part of a transaction. */
    void settleWithin(Transaction transaction) {
        acknowledge = within(transaction, Settlement.ACKNOWLEDGED);
        reject = within(transaction, Settlement.REJECTED);
        discard = within(transaction, Settlement.DISCARDED);
        requeue = within(transaction, Settlement.REQUEUED);
        giveBack = within(transaction, Settlement.RETURNED);
    }

    UnackedLedger ledger() {
        return ledger;
    }

    /** The delivery tag for a message that goes out. */
    long tagFor(Subscription subscription, long seq, long position) {
        return subscription.autoAck() ? ledger.skip() : ledger.add(subscription, seq, position);
    }

    /** Takes the last tag back. */
    void undo() {
        ledger.undo();
    }

    void ack(ByteBuffer in, int at, int size) {
        AckReader.validate(size);
        settle(
                AckReader.deliveryTag(in, at),
                AckReader.multiple(in, at),
                acknowledge,
                MethodId.BASIC_ACK);
    }

    void nack(ByteBuffer in, int at, int size) {
        NackReader.validate(size);
        settle(
                NackReader.deliveryTag(in, at),
                NackReader.multiple(in, at),
                NackReader.requeue(in, at) ? giveBack : discard,
                MethodId.BASIC_NACK);
    }

    void reject(ByteBuffer in, int at, int size) {
        RejectReader.validate(size);
        settle(
                RejectReader.deliveryTag(in, at),
                false,
                RejectReader.requeue(in, at) ? requeue : reject,
                MethodId.BASIC_REJECT);
    }

    private void settle(long tag, boolean multiple, UnackedLedger.Settler settler, int methodId) {
        boolean known = multiple ? ledger.settleUpTo(tag, settler) : ledger.settle(tag, settler);
        if (!known) {
            throw Violations.preconditionFailed(
                    "unknown delivery tag " + Long.toUnsignedString(tag), methodId);
        }
    }

    /** Gives every delivery back to its queue unharmed, in order, transaction or not. */
    void returnAll() {
        ledger.settleUpTo(0, returnAtOnce);
    }

    /** Gives every delivery back to its queue, in order, transaction or not: the client failed. */
    void requeueAll() {
        ledger.settleUpTo(0, requeueAtOnce);
    }
}
