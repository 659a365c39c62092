package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.exchange.Route;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Publisher;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.TransferReader;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.messaging.Target;
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

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TAG = 32;
    private static final int FIRST = 0;
    private static final int SECOND = 1;

    private final Attachment attachment;
    private final SessionEndpoint session;
    private final Wire wire;
    private final MessageStore store;
    private final Publisher publisher;
    private final IncomingMessage message = new IncomingMessage();
    private final boolean linkSettlesFirst;

    private final IncomingCredit credit;

    /** The tag of the delivery under way, if its messages say where they go. */
    private final byte[] tag = new byte[LONGEST_TAG];

    private int tagLength;

    /** Where messages go; null if each says so itself. */
    private @Nullable Address target;

    /** Whether they go to a topic of JMS, which takes what nobody has subscribed to. */
    private boolean toTopic;

    /** Who takes what is sent, if those are requests. */
    private @Nullable ManagementNode management;

    /** The queue it sends to if that was made for it. */
    private @Nullable TemporaryQueue temporary;

    private ByteBuffer names = NOTHING;
    private ByteBuffer head = NOTHING;

    private boolean inDelivery;
    private int deliveryId;
    private boolean settled;
    private boolean settlesFirst;

    /** What the delivery under way is part of. */
    private @Nullable OpenTransaction transaction;

    private @Nullable ByteBuf gathered;

    IncomingLink(Attachment attachment) {
        this.attachment = attachment;
        this.session = attachment.session();
        this.wire = session.wire();
        this.store = wire.terms().broker().store();
        this.publisher = wire.broker().newPublisher(session.channel());
        this.credit = new IncomingCredit(attachment, wire.terms().limits().credit());
        this.linkSettlesFirst = attachment.asked().getRcvSettleMode() != ReceiverSettleMode.SECOND;
    }

    @Override
    public Attachment attachment() {
        return attachment;
    }

    @Override
    public void begin() {
        if (!(attachment.asked().getTarget() instanceof Target asked)) {
            throw Amqp10Error.link(
                    Amqp10Error.NOT_IMPLEMENTED, "a link that sends needs a target of messages");
        }
        if (asked.getDynamic() && Capabilities.temporaryTopic(asked.getCapabilities())) {
            // Nothing but a name: a topic is there as long as somebody subscribes to it.
            asked.setAddress(wire.broker().vhost().newName("temporary-topic"));
            asked.setDynamicNodeProperties(TemporaryQueue.PROPERTIES);
            begin(asked);
        } else if (asked.getDynamic()) {
            TemporaryQueue.check(asked.getDynamicNodeProperties());
            TemporaryQueue queue = session.temporaryFor(attachment.asked());
            temporary = queue;
            queue.create(
                    name -> {
                        asked.setAddress(Address.ofQueue(name));
                        asked.setDynamicNodeProperties(TemporaryQueue.PROPERTIES);
                        begin(asked);
                    },
                    refusal -> session.fail(this, Amqp10Error.of(Amqp10Error.Scope.LINK, refusal)));
        } else {
            begin(asked);
        }
    }

    private void begin(Target asked) {
        String address = asked.getAddress();
        if (ManagementNode.ADDRESS.equals(address)) {
            management = new ManagementNode(wire.broker(), wire.terms().identity().nodeName());
        } else if (address != null) {
            Address parsed = Address.read(address, Capabilities.topic(asked.getCapabilities()));
            check(parsed);
            target = parsed;
            toTopic = parsed instanceof Address.Topic;
            names = names(parsed);
        }
        attachment.link().setSource(attachment.asked().getSource());
        attachment.link().setTarget(asked);
        attachment.link().setMaxMessageSize(UnsignedLong.valueOf(wire.terms().maxMessageBytes()));
        attachment.accept();
        grantIfDue();
    }

    /** What is not there is said at once, not with the first message. */
    private void check(Address address) {
        VirtualHost vhost = wire.broker().vhost();
        switch (address) {
            case Address.Queue(String name) -> {
                if (!vhost.replies().isOpen(name)) {
                    Address.checkQueue(name, vhost);
                }
                wire.broker().exchanges().checkMayPublish(address.exchangeName());
            }
            case Address.Exchange(String name, String _) -> {
                wire.broker().exchanges().checkMayPublish(name);
                if (vhost.existingExchange(name).definition().internal()) {
                    throw new Refusal.AccessRefused(
                            "forbidden to publish to internal exchange '%s' in vhost '%s'"
                                    .formatted(name, vhost.name()));
                }
            }
            case Address.Topic _ ->
                    wire.broker().exchanges().checkMayPublish(address.exchangeName());
        }
    }

    private static ByteBuffer names(Address address) {
        byte[] exchange = address.exchangeName().getBytes(UTF_8);
        byte[] key = address.key().getBytes(UTF_8);
        if (exchange.length > LONGEST_NAME || key.length > LONGEST_NAME) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD,
                    "exchange and routing key may have " + LONGEST_NAME + " octets each");
        }
        return ByteBuffer.allocate(exchange.length + key.length + 2)
                .put((byte) exchange.length)
                .put(exchange)
                .put((byte) key.length)
                .put(key)
                .flip();
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
    public void unblocked() {
        if (attachment.isAttached()) {
            grantIfDue();
        }
    }

    // -- deliveries

    @Override
    public void transfer(TransferReader transfer, ByteBuffer in, int size) {
        int at = transfer.payloadAt();
        if (inDelivery) {
            checkGoesOn(transfer);
        } else {
            beginDelivery(transfer, in);
        }
        settled |= transfer.settled();
        if (transfer.aborted()) {
            endDelivery();
            release();
        } else if (transfer.more()) {
            gather(in, at, size);
        } else if (gathered == null) {
            checkSize(size);
            endDelivery();
            publish(in, at, at + size);
        } else {
            ByteBuf all = gather(in, at, size);
            endDelivery();
            try {
                publish(all.nioBuffer(), 0, all.readableBytes());
            } finally {
                release();
            }
        }
        grantIfDue();
    }

    private void beginDelivery(TransferReader transfer, ByteBuffer in) {
        if (credit.isEmpty()) {
            throw Amqp10Error.link(
                    Amqp10Error.TRANSFER_LIMIT, "more messages than the credit allows");
        }
        if (transfer.deliveryId() == TransferReader.MISSING
                || transfer.tagLength() == TransferReader.MISSING) {
            throw Amqp10Error.session(
                    Amqp10Error.INVALID_FIELD,
                    "the first transfer of a delivery needs delivery-id and delivery-tag");
        }
        if (transfer.tagLength() > LONGEST_TAG) {
            throw Amqp10Error.session(
                    Amqp10Error.INVALID_FIELD,
                    "a delivery-tag has at most " + LONGEST_TAG + " octets");
        }
        if (transfer.messageFormat() > 0) {
            throw Amqp10Error.link(
                    Amqp10Error.NOT_IMPLEMENTED,
                    "message-format " + transfer.messageFormat() + " is not known");
        }
        deliveryId = (int) transfer.deliveryId();
        settlesFirst = linkSettlesFirst || transfer.rcvSettleMode() == FIRST;
        if (linkSettlesFirst && transfer.rcvSettleMode() == SECOND) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD,
                    "a transfer is not settled second where the link settles first");
        }
        if (target == null) {
            tagLength = transfer.tagLength();
            in.get(transfer.tagAt(), tag, 0, tagLength);
        }
        transaction =
                transfer.stateAt() == TransferReader.MISSING
                        ? null
                        : session.transactions().ofTransfer(in, transfer.stateAt());
        inDelivery = true;
        settled = false;
    }

    private void checkGoesOn(TransferReader transfer) {
        long id = transfer.deliveryId();
        if (id != TransferReader.MISSING && (int) id != deliveryId) {
            throw Amqp10Error.session(
                    Amqp10Error.INVALID_FIELD, "a delivery in the midst of another on one link");
        }
        if (transfer.messageFormat() > 0) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD, "another message-format within a delivery");
        }
    }

    private void endDelivery() {
        inDelivery = false;
        credit.use();
    }

    private void checkSize(long size) {
        if (size > wire.terms().maxMessageBytes()) {
            throw Amqp10Error.link(
                    Amqp10Error.MESSAGE_SIZE,
                    "message size %s is larger than configured max size %s"
                            .formatted(size, wire.terms().maxMessageBytes()));
        }
    }

    private ByteBuf gather(ByteBuffer in, int at, int size) {
        ByteBuf so = gathered;
        if (so == null) {
            so = wire.allocator().directBuffer(size);
            gathered = so;
        }
        checkSize((long) so.readableBytes() + size);
        return so.writeBytes(in.slice(at, size));
    }

    private void release() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    // -- publishing

    private void publish(ByteBuffer in, int at, int end) {
        if (at == end) {
            throw Amqp10Error.link(Amqp10Error.NOT_IMPLEMENTED, "a message without any section");
        }
        try {
            if (management != null) {
                request(management, ManagementRequest.read(in, at, end));
                return;
            }
            message.read(in, at, end);
            address();
            publishTo(in, at, end);
        } catch (MalformedException e) {
            failTransaction(e.text());
            throw Amqp10Error.link(Amqp10Error.DECODE_ERROR, e.text());
        } catch (Refusal refusal) {
            Amqp10Error error = Amqp10Error.of(Amqp10Error.Scope.LINK, refusal);
            if (target != null) {
                failTransaction(error.text());
                throw error;
            }
            reject(error);
        } catch (BadAddress e) {
            reject(e.error);
        }
    }

    /** What a message was refused from must not happen without it. */
    private void failTransaction(String why) {
        if (transaction != null) {
            transaction.fail(why);
        }
    }

    private void request(ManagementNode node, ManagementRequest request) {
        if (transaction != null) {
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

    /** A message that says no good address; only it is refused, the link goes on. */
    private static final class BadAddress extends Exception {
        private static final long serialVersionUID = 1L;
        private final Amqp10Error error;

        BadAddress(Amqp10Error error) {
            super(error.text(), null, false, false);
            this.error = error;
        }
    }

    private void address() throws BadAddress {
        if (target != null) {
            return;
        }
        String to = message.to().orElse(null);
        if (to == null) {
            throw new BadAddress(
                    Amqp10Error.link(
                            Amqp10Error.PRECONDITION_FAILED,
                            "neither the target nor the message's 'to' has an address"));
        }
        try {
            Address parsed = Address.read(to, message.isToTopic());
            toTopic = parsed instanceof Address.Topic;
            if (!to.startsWith("/")) {
                check(parsed);
            }
            names = names(parsed);
        } catch (Amqp10Error error) {
            throw new BadAddress(error);
        }
    }

    /**
     * Refuses a message for the address it says, as the extension for anonymous termini has it
     * (AMQP Anonymous Terminus §2.2.2): who would not hear of it any other way loses the link, or the
     * transaction.
     */
    private void reject(Amqp10Error cause) {
        Amqp10Error error = cause.with("delivery-tag", new Binary(Arrays.copyOf(tag, tagLength)));
        if (settled && transaction != null) {
            failTransaction(error.text());
        } else if (settled || !attachment.knowsRejected()) {
            failTransaction(error.text());
            throw error;
        } else {
            Rejected rejected = new Rejected();
            rejected.setError(error.toCondition());
            settle(0, rejected);
        }
    }

    private void settle(long position, DeliveryState outcome) {
        if (!settled) {
            DeliveryState told = transaction == null ? outcome : transaction.presumed(outcome);
            session.settling().add(deliveryId, position, settlesFirst, told);
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
        if (route.size() == 0 && target instanceof Address.Queue(String queue)) {
            queueDeleted(queue);
        } else if (route.size() == 0) {
            publisher.unroutable(!settled);
            long unused = publisher.publish(route, durable, false, FORMAT);
            settle(0, toTopic ? Accepted.getInstance() : Released.getInstance());
        } else if (isLarge(end - bodyAt)) {
            publishLarge(route, in, bodyAt, end - bodyAt, durable);
        } else if (transaction != null) {
            transaction.work().publish(publisher.content(), route, durable, FORMAT);
            settle(0, Accepted.getInstance());
        } else if (!settled && route.mayBeRefused()) {
            session.settling().askingFor(deliveryId, settlesFirst);
            publisher.publishAsking(route, durable, FORMAT, session.settling());
        } else {
            long position = publisher.publish(route, durable, !settled, FORMAT);
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
                .names(names, 0, names.limit())
                .head(head, 0, head.limit())
                .body(body, bodyAt, bodyLength);
    }

    private boolean isLarge(int bodyLength) {
        return names.limit() + head.limit() + bodyLength > store.maxContentBytes();
    }

    /** As any other, but stored in parts. */
    private void publishLarge(Route route, ByteBuffer in, int at, int length, boolean durable) {
        LargeBody body = publisher.beginLarge(route, durable);
        body.add(in, at, length);
        long ttl = publisher.content().timeToLiveMs();
        describe(NOTHING, 0, 0);
        publisher.content().timeToLive(ttl).priority(message.priority());
        if (transaction != null) {
            transaction.work().publishLarge(publisher.content(), route, body, durable, FORMAT);
            settle(0, Accepted.getInstance());
        } else if (!settled && route.mayBeRefused()) {
            session.settling().askingFor(deliveryId, settlesFirst);
            publisher.publishLargeAsking(route, body, durable, FORMAT, session.settling());
        } else {
            long position = publisher.publishLarge(route, body, durable, !settled, FORMAT);
            settle(position, Accepted.getInstance());
        }
    }

    @Override
    public @Nullable TemporaryQueue leaveTemporary() {
        TemporaryQueue left = temporary;
        temporary = null;
        return left;
    }

    @Override
    public void close(Settlement unsettled) {
        inDelivery = false;
        release();
        publisher.close();
        TemporaryQueue queue = temporary;
        temporary = null;
        if (queue != null) {
            queue.close();
        }
    }
}
