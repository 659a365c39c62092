package io.chasqui.server.amqp10;

import io.chasqui.core.exchange.Route;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Publisher;
import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.TransferReader;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.ReceiverSettleMode;
import org.jspecify.annotations.Nullable;

/**
 * A link that the client sends on: puts the frames of a delivery together and publishes the message,
 * to where the link's target says, or where each message says if the target has no address.
 *
 * <p>A message in one frame is stored straight from received memory; one in several is gathered.
 */
final class IncomingLink implements TransferTaker {

    private static final MessageFormat FORMAT = Amqp10Format.INSTANCE;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Attachment attachment;
    private final SessionEndpoint session;
    private final Wire wire;
    private final MessageStore store;
    private final Publisher publisher;
    private final IncomingMessage message = new IncomingMessage();
    private final IncomingCredit credit;
    private final IncomingDelivery delivery;
    private final TargetNode target;
    private ByteBuffer head = NOTHING;

    IncomingLink(Attachment attachment) {
        this.attachment = attachment;
        this.session = attachment.session();
        this.wire = session.wire();
        this.store = wire.terms().broker().store();
        this.publisher = wire.broker().newPublisher(session.channel());
        this.credit = new IncomingCredit(attachment, wire.terms().limits().credit());
        this.delivery =
                new IncomingDelivery(
                        attachment.asked().getRcvSettleMode() != ReceiverSettleMode.SECOND,
                        wire.terms().maxMessageBytes(),
                        wire.halfReceived(),
                        wire.allocator());
        this.target = new TargetNode(attachment);
    }

    @Override
    public Attachment attachment() {
        return attachment;
    }

    @Override
    public void begin() {
        target.open(
                this::ready,
                refusal -> session.fail(this, Amqp10Error.of(Amqp10Error.Scope.LINK, refusal)));
    }

    private void ready() {
        attachment.link().setSource(attachment.asked().getSource());
        attachment.link().setTarget(attachment.asked().getTarget());
        attachment.link().setMaxMessageSize(UnsignedLong.valueOf(wire.terms().maxMessageBytes()));
        attachment.accept();
        grantIfDue();
    }

    @Override
    public void checkPermission() {
        target.checkPermission();
    }

    // -- credit

    private void grantIfDue() {
        if (!wire.publishersBlocked()) {
            credit.renewIfDue();
        }
    }

    @Override
    public void flow(Flow flow) {
        credit.flow(flow);
    }

    @Override
    public void blocked() {
        if (attachment.isAttached() && target.management() == null) {
            credit.withhold();
        }
    }

    @Override
    public void unblocked() {
        if (attachment.isAttached()) {
            grantIfDue();
        }
    }

    // -- deliveries

    @Override
    public void transfer(TransferReader transfer, ByteBuffer in, int size) {
        int at = transfer.payloadAt();
        if (delivery.isUnderWay()) {
            delivery.goOn(transfer);
        } else {
            beginDelivery(transfer, in);
        }
        if (delivery.isResumed()) {
            passOver(transfer);
        } else if (transfer.aborted()) {
            endDelivery();
            delivery.release();
        } else if (transfer.more()) {
            delivery.gather(in, at, size);
        } else if (delivery.gathered() == null) {
            delivery.checkSize(size);
            endDelivery();
            publish(in, at, at + size);
        } else {
            ByteBuf all = delivery.gather(in, at, size);
            endDelivery();
            try {
                publish(all.nioBuffer(), 0, all.readableBytes());
            } finally {
                delivery.release();
            }
        }
        grantIfDue();
    }

    /** Deliveries that are resumed and not known are ignored (1.0 §2.7.5). */
    private void passOver(TransferReader transfer) {
        if (transfer.aborted() || !transfer.more()) {
            endDelivery();
        }
    }

    private void beginDelivery(TransferReader transfer, ByteBuffer in) {
        if (credit.isEmpty()) {
            throw Amqp10Error.link(
                    Amqp10Error.TRANSFER_LIMIT, "more messages than the credit allows");
        }
        delivery.begin(transfer, in, session.transactions());
    }

    private void endDelivery() {
        delivery.end();
        credit.use();
    }

    // -- publishing

    private void publish(ByteBuffer in, int at, int end) {
        if (at == end) {
            throw Amqp10Error.link(Amqp10Error.NOT_IMPLEMENTED, "a message without any section");
        }
        OpenTransaction within = delivery.transaction();
        if (within != null && !within.isOpen()) {
            throw Transactions.unknown(within.id()); // discharged since the message began
        }
        try {
            ManagementNode management = target.management();
            if (management != null) {
                request(management, ManagementRequest.read(in, at, end));
                return;
            }
            message.read(in, at, end);
            target.aim(message);
            publishTo(in, at, end);
        } catch (MalformedException e) {
            failTransaction(e.text());
            throw Amqp10Error.link(Amqp10Error.DECODE_ERROR, e.text());
        } catch (Refusal refusal) {
            Amqp10Error error = Amqp10Error.of(Amqp10Error.Scope.LINK, refusal);
            if (!target.isAnonymous()) {
                failTransaction(error.text());
                throw error;
            }
            reject(error);
        } catch (TargetNode.BadAddress e) {
            reject(e.error());
        }
    }

    /** What a message was refused from must not happen without it. */
    private void failTransaction(String why) {
        if (delivery.transaction() instanceof OpenTransaction transaction) {
            transaction.fail(why);
        }
    }

    private void request(ManagementNode node, ManagementRequest request) {
        if (delivery.transaction() != null) {
            throw Amqp10Error.link(
                    Amqp10Error.NOT_IMPLEMENTED, "requests are not part of a transaction");
        }
        ManagementReplies replies = session.repliesNamed(attachment.name());
        if (replies == null) {
            throw Amqp10Error.link(
                    Amqp10Error.PRECONDITION_FAILED,
                    "requests need a link of the same name for the answers");
        }
        settle(0, Accepted.getInstance());
        node.handle(
                request,
                answer -> {
                    ValueWriter written = new ValueWriter();
                    answer.write(written, request.id());
                    replies.send(written);
                });
    }

    /**
     * Refuses a message for the address it says, as the extension for anonymous termini has it
     * (AMQP Anonymous Terminus §2.2.2): who would not hear of it any other way loses the link, or the
     * transaction.
     */
    private void reject(Amqp10Error cause) {
        Amqp10Error error = cause.with("delivery-tag", delivery.tag());
        if (delivery.isSettled() && delivery.transaction() != null) {
            failTransaction(error.text());
        } else if (delivery.isSettled() || !attachment.knowsRejected()) {
            failTransaction(error.text());
            throw error;
        } else {
            Rejected rejected = new Rejected();
            rejected.setError(error.toCondition());
            settle(0, rejected);
        }
    }

    private void settle(long position, DeliveryState outcome) {
        if (!delivery.isSettled()) {
            OpenTransaction transaction = delivery.transaction();
            DeliveryState told = transaction == null ? outcome : transaction.presumed(outcome);
            session.settling().add(delivery.id(), position, delivery.settlesFirst(), told);
        }
    }

    private void publishTo(ByteBuffer in, int at, int end) {
        int bodyAt = message.bodyAt();
        head = Amqp10Format.head(head, in, at, bodyAt - at);
        describe(in, bodyAt, end - bodyAt);
        Route route = publisher.route(FORMAT);
        message.userId().ifPresent(this::checkUserId);
        publisher
                .content()
                .timeToLive(message.timeToLiveMs(wire.broker().shard().tickWallMs()))
                .priority(message.priority());
        boolean durable = message.isDurable();
        if (route.size() == 0 && target.queue() instanceof String queue) {
            queueDeleted(queue);
        } else if (route.size() == 0) {
            publisher.unroutable(!delivery.isSettled());
            long unused = publisher.publish(route, durable, false, FORMAT);
            settle(0, target.isTopic() ? Accepted.getInstance() : Released.getInstance());
        } else if (isLarge(end - bodyAt)) {
            publishLarge(route, in, bodyAt, end - bodyAt, durable);
        } else if (delivery.transaction() instanceof OpenTransaction transaction) {
            transaction.work().publish(publisher.content(), route, durable, FORMAT);
            settle(0, Accepted.getInstance());
        } else if (!delivery.isSettled() && route.mayBeRefused()) {
            session.settling().askingFor(delivery.id(), delivery.settlesFirst());
            publisher.publishAsking(route, durable, FORMAT, session.settling());
        } else {
            long position = publisher.publish(route, durable, !delivery.isSettled(), FORMAT);
            settle(position, Accepted.getInstance());
        }
    }

    /** It was there when the link began; as RabbitMQ, tells what is gone, not only that nobody is meant. */
    private void queueDeleted(String queue) {
        Amqp10Error gone = Amqp10Error.queueDeleted(queue, wire.broker().vhost().name());
        failTransaction(gone.text());
        throw gone;
    }

    /** As 0-9-1 asks it, where it is a precondition. */
    private void checkUserId(String claimed) {
        try {
            wire.broker().checkUserId(claimed);
        } catch (Refusal.PreconditionFailed e) {
            throw new Refusal.AccessRefused(e.text());
        }
    }

    private void describe(ByteBuffer body, int bodyAt, int bodyLength) {
        publisher
                .content()
                .names(target.names(), 0, target.names().limit())
                .head(head, 0, head.limit())
                .body(body, bodyAt, bodyLength);
    }

    private boolean isLarge(int bodyLength) {
        return target.names().limit() + head.limit() + bodyLength > store.maxContentBytes();
    }

    /** As any other, but stored in parts. */
    private void publishLarge(Route route, ByteBuffer in, int at, int length, boolean durable) {
        LargeBody body = publisher.beginLarge(route, durable);
        body.add(in, at, length);
        long ttl = publisher.content().timeToLiveMs();
        describe(NOTHING, 0, 0);
        publisher.content().timeToLive(ttl).priority(message.priority());
        if (delivery.transaction() instanceof OpenTransaction transaction) {
            transaction.work().publishLarge(publisher.content(), route, body, durable, FORMAT);
            settle(0, Accepted.getInstance());
        } else if (!delivery.isSettled() && route.mayBeRefused()) {
            session.settling().askingFor(delivery.id(), delivery.settlesFirst());
            publisher.publishLargeAsking(route, body, durable, FORMAT, session.settling());
        } else {
            long position =
                    publisher.publishLarge(route, body, durable, !delivery.isSettled(), FORMAT);
            settle(position, Accepted.getInstance());
        }
    }

    @Override
    public @Nullable TemporaryQueue leaveTemporary() {
        return target.leaveTemporary();
    }

    @Override
    public void close(Settlement unsettled) {
        delivery.end();
        delivery.release();
        publisher.close();
        target.close();
    }
}
