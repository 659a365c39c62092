package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Settlement;
import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.TransferReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.transaction.Coordinator;
import org.apache.qpid.proton.amqp.transaction.Declared;
import org.apache.qpid.proton.amqp.transaction.TxnCapability;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.ReceiverSettleMode;

/** A link that the client declares and discharges local transactions on (1.0 §4.1). */
final class CoordinatorLink implements TransferTaker {

    /** Requests that a client may send before it hears of more. */
    private static final int CREDIT = 64;

    /** The largest request, in octets: a few fields and a txn-id. */
    private static final int LARGEST = 1024;

    private final Attachment attachment;
    private final SessionEndpoint session;
    private final boolean settlesFirst;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private final IncomingCredit credit;
    private boolean inDelivery;
    private int deliveryId;

    CoordinatorLink(Attachment attachment) {
        this.attachment = attachment;
        this.session = attachment.session();
        this.settlesFirst = attachment.asked().getRcvSettleMode() != ReceiverSettleMode.SECOND;
        this.credit = new IncomingCredit(attachment, CREDIT);
    }

    @Override
    public Attachment attachment() {
        return attachment;
    }

    @Override
    public void begin() {
        Coordinator offered = new Coordinator();
        offered.setCapabilities(TxnCapability.LOCAL_TXN, TxnCapability.MULTI_TXNS_PER_SSN);
        attachment.link().setSource(attachment.asked().getSource());
        attachment.link().setTarget(offered);
        attachment.link().setMaxMessageSize(UnsignedLong.valueOf(LARGEST));
        attachment.accept();
        credit.renewIfDue();
    }

    @Override
    public void flow(Flow flow) {
        credit.flow(flow);
    }

    /** Commits are never held up. */
    @Override
    public void unblocked() {}

    // -- requests

    @Override
    public void transfer(TransferReader transfer, ByteBuffer in, int size) {
        if (!inDelivery) {
            beginDelivery(transfer);
        }
        if (transfer.settled()) {
            throw Amqp10Error.link(
                    Amqp10Error.NOT_ALLOWED, "a coordinator is not sent what is settled");
        }
        if (gathered.size() + size > LARGEST) {
            throw Amqp10Error.link(
                    Amqp10Error.MESSAGE_SIZE, "a request has at most " + LARGEST + " octets");
        }
        byte[] part = new byte[size];
        in.get(transfer.payloadAt(), part);
        gathered.writeBytes(part);
        if (transfer.more() && !transfer.aborted()) {
            return;
        }
        byte[] whole = gathered.toByteArray();
        gathered.reset();
        inDelivery = false;
        credit.use();
        if (!transfer.aborted()) {
            handle(ByteBuffer.wrap(whole));
        }
        if (attachment.isAttached()) {
            credit.renewIfDue();
        }
    }

    private void beginDelivery(TransferReader transfer) {
        if (credit.isEmpty()) {
            throw Amqp10Error.link(
                    Amqp10Error.TRANSFER_LIMIT, "more requests than the credit allows");
        }
        if (transfer.deliveryId() == TransferReader.MISSING
                || transfer.tagLength() == TransferReader.MISSING) {
            throw Amqp10Error.session(
                    Amqp10Error.INVALID_FIELD,
                    "the first transfer of a delivery needs delivery-id and delivery-tag");
        }
        deliveryId = (int) transfer.deliveryId();
        inDelivery = true;
    }

    private void handle(ByteBuffer request) {
        try {
            switch (TransactionTypes.request(request, 0, request.limit())) {
                case TransactionTypes.Request.Declare declare -> declare(declare);
                case TransactionTypes.Request.Discharge discharge -> discharge(discharge);
            }
        } catch (MalformedException e) {
            throw Amqp10Error.link(Amqp10Error.DECODE_ERROR, e.text());
        }
    }

    private void declare(TransactionTypes.Request.Declare asked) {
        if (asked.isGlobal()) {
            refuse(
                    deliveryId,
                    Amqp10Error.link(
                            Amqp10Error.NOT_IMPLEMENTED,
                            "transactions are local, without global-id"));
            return;
        }
        try {
            Declared declared = new Declared();
            declared.setTxnId(session.transactions().declare(this).id());
            settle(deliveryId, 0, declared);
        } catch (Amqp10Error tooMany) {
            refuse(deliveryId, tooMany);
        }
    }

    private void discharge(TransactionTypes.Request.Discharge asked) {
        int id = deliveryId;
        session.transactions()
                .discharge(
                        this,
                        asked,
                        new Transactions.Discharged() {
                            @Override
                            public void accepted(long position) {
                                settle(id, position, Accepted.getInstance());
                            }

                            @Override
                            public void refused(Amqp10Error error) {
                                refuse(id, error);
                            }
                        });
    }

    private void settle(int id, long position, DeliveryState outcome) {
        session.settling().add(id, position, settlesFirst, outcome);
    }

    /** Rejects a request, or ends the link where the client does not know that outcome (1.0 §4.3). */
    private void refuse(int id, Amqp10Error error) {
        if (attachment.knowsRejected()) {
            Rejected rejected = new Rejected();
            rejected.setError(error.toCondition());
            settle(id, 0, rejected);
        } else {
            session.fail(this, error);
        }
    }

    @Override
    public void close(Settlement unsettled) {
        gathered.reset();
        session.transactions().ended(this);
    }
}
