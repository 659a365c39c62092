package io.chasqui.server.amqp091;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.session.Subscription;
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
    private final UnackedLedger.Settler acknowledge = Unsettled::acknowledge;
    private final UnackedLedger.Settler reject = Unsettled::reject;
    private final UnackedLedger.Settler requeue = Unsettled::requeue;

    UnackedLedger ledger() {
        return ledger;
    }

    /** The delivery tag for a message that goes out. */
    long tagFor(Subscription subscription, long seq) {
        return subscription.autoAck() ? ledger.skip() : ledger.add(subscription, seq);
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
                NackReader.requeue(in, at) ? requeue : reject,
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

    /** Gives every delivery back to its queue, in order. */
    void requeueAll() {
        ledger.settleUpTo(0, requeue);
    }

    private static void acknowledge(Subscription owner, long seq) {
        owner.settle(seq, Settlement.ACKNOWLEDGED);
    }

    private static void reject(Subscription owner, long seq) {
        owner.settle(seq, Settlement.REJECTED);
    }

    private static void requeue(Subscription owner, long seq) {
        owner.settle(seq, Settlement.REQUEUED);
    }
}
