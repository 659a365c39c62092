package io.chasqui.server.amqp10;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.queue.Interest;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.ConsumerReport;
import io.chasqui.core.session.DeliverySink;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Subscription;
import io.chasqui.protocol.amqp10.MalformedException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.jspecify.annotations.Nullable;

/**
 * A link that the client receives on: a consumer whose messages the client allows one by one, as link
 * credit (1.0 §2.6.7).
 */
final class OutgoingLink implements LinkEndpoint, DeliverySink {

    private static final Symbol PRIORITY = Symbol.valueOf("rabbitmq:priority");
    private static final Symbol TRANSACTION_ID = Symbol.valueOf("txn-id");
    private static final Symbol COPY = Symbol.valueOf("copy");
    private static final Symbol MOVE = Symbol.valueOf("move");
    private static final Symbol[] OUTCOMES = {
        Accepted.DESCRIPTOR_SYMBOL,
        Rejected.DESCRIPTOR_SYMBOL,
        Released.DESCRIPTOR_SYMBOL,
        Modified.DESCRIPTOR_SYMBOL
    };

    /** Credit beyond this is as good as any: more than a serial number can be ahead. */
    private static final long MOST_CREDIT = Integer.MAX_VALUE / 2;

    private final Attachment attachment;
    private final SessionEndpoint session;
    private final Wire wire;
    private final OutgoingWindow window;
    private final OutgoingMessage message = new OutgoingMessage();
    private Arguments arguments = Arguments.EMPTY;
    private SourceFilters filters = SourceFilters.of(null);
    private Interest interest = Interest.ALL;
    private @Nullable Subscription subscription;

    /** The queue it consumes from if that was made for it. */
    private @Nullable TemporaryQueue temporary;

    private int deliveryCount;
    private int limit;
    private boolean drain;

    /** How far the credit goes that is to be forgone; more may have been allowed since. */
    private int drainTo;

    private boolean closed;

    OutgoingLink(Attachment attachment) {
        this.attachment = attachment;
        this.session = attachment.session();
        this.wire = session.wire();
        this.window = session.outgoing();
    }

    @Override
    public Attachment attachment() {
        return attachment;
    }

    @Override
    public void begin() {
        Attach asked = attachment.asked();
        if (!(asked.getSource() instanceof Source source)) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD, "a link that receives needs a source");
        }
        arguments = arguments(asked.getProperties());
        filters = SourceFilters.of(source.getFilter());
        interest =
                new Interest(
                        filters.filter(wire.terms().broker().store()::wallMs),
                        !source.getDynamic() && COPY.equals(source.getDistributionMode()));
        if (source.getDynamic()) {
            TemporaryQueue.check(source.getDynamicNodeProperties());
            TemporaryQueue queue = new TemporaryQueue(wire.broker());
            temporary = queue;
            queue.create(
                    name -> {
                        source.setAddress(Address.ofQueue(name));
                        consume(name, source);
                    },
                    this::refuse);
        } else if (source.getAddress() == null) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD, "a link that receives needs a source address");
        } else {
            consume(queueNamed(source.getAddress()), source);
        }
    }

    private void consume(String queue, Source source) {
        Address.checkQueue(queue, wire.broker().vhost());
        wire.broker()
                .consumeOnCredit(
                        queue,
                        attachment.name(),
                        attachment.asked().getSndSettleMode() == SenderSettleMode.SETTLED,
                        false,
                        interest,
                        arguments,
                        session.prefetch(),
                        this,
                        subscribing(source));
    }

    private static String queueNamed(String address) {
        try {
            return switch (Address.parse(address)) {
                case Address.Queue queue -> queue.name();
                case Address.Exchange _ ->
                        throw Amqp10Error.link(
                                Amqp10Error.INVALID_FIELD,
                                "bad address '" + address + "': messages come from queues only");
            };
        } catch (MalformedException e) {
            throw Amqp10Error.link(Amqp10Error.INVALID_FIELD, e.text());
        }
    }

    private static Arguments arguments(@Nullable Map<?, ?> properties) {
        if (properties != null && properties.get(PRIORITY) instanceof Number priority) {
            return Arguments.of(Map.of("x-priority", priority.intValue()));
        }
        return Arguments.EMPTY;
    }

    private Reply<Subscription> subscribing(Source asked) {
        return new Reply<>() {
            @Override
            public void ok(Subscription begun) {
                subscribed(begun, asked);
            }

            @Override
            public void refused(Refusal refusal) {
                refuse(refusal);
            }
        };
    }

    private void refuse(Refusal refusal) {
        if (!closed) {
            session.fail(this, Amqp10Error.of(Amqp10Error.Scope.LINK, refusal));
        }
    }

    private void subscribed(Subscription begun, Source asked) {
        if (closed) {
            wire.broker().cancel(begun, () -> {});
            return;
        }
        subscription = begun;
        attachment.link().setSource(offered(asked));
        attachment.link().setTarget(attachment.asked().getTarget());
        attachment.accept();
        if (limit != 0 || drain) {
            begun.grant(0, limit, drain);
        }
    }

    /** The source as it is: without the filters that are not applied (1.0 §3.5.3). */
    private Source offered(Source asked) {
        Source source = new Source();
        source.setAddress(asked.getAddress());
        source.setDynamic(asked.getDynamic());
        if (asked.getDynamic()) {
            source.setDynamicNodeProperties(TemporaryQueue.PROPERTIES);
        }
        source.setDurable(asked.getDurable());
        source.setExpiryPolicy(asked.getExpiryPolicy());
        source.setTimeout(asked.getTimeout());
        source.setCapabilities(asked.getCapabilities());
        source.setDistributionMode(interest.browses() ? COPY : MOVE);
        source.setFilter(filters.applied());
        source.setDefaultOutcome(Released.getInstance());
        source.setOutcomes(OUTCOMES);
        return source;
    }

    // -- credit

    @Override
    public void flow(Flow flow) {
        if (flow.getProperties() != null && flow.getProperties().containsKey(TRANSACTION_ID)) {
            session.fail(
                    this,
                    Amqp10Error.link(
                            Amqp10Error.NOT_IMPLEMENTED,
                            "messages are not acquired within a transaction"));
            return;
        }
        UnsignedInteger credit = flow.getLinkCredit();
        if (credit != null) {
            UnsignedInteger count = flow.getDeliveryCount();
            int received = count == null ? 0 : count.intValue();
            int messages = (int) Math.min(credit.longValue(), MOST_CREDIT);
            limit = received + messages;
            drain = flow.getDrain();
            drainTo = drain ? limit : drainTo;
            Subscription known = subscription;
            if (known != null) {
                known.grant(received, messages, drain);
            }
        }
        if (flow.getEcho() && attachment.isAttached()) {
            tellState();
        }
    }

    private void tellState() {
        Flow flow = session.newFlow();
        flow.setHandle(attachment.handle());
        flow.setDeliveryCount(UnsignedInteger.valueOf(deliveryCount));
        flow.setLinkCredit(UnsignedInteger.valueOf(Math.max(0, limit - deliveryCount)));
        flow.setDrain(drain);
        session.send(flow);
    }

    @Override
    public void drained() {
        if (closed) {
            return;
        }
        if (drainTo - deliveryCount > 0) {
            deliveryCount = drainTo;
        }
        tellState();
    }

    /** The client takes frames again. */
    void resume() {
        Subscription known = subscription;
        if (known != null) {
            known.resume();
        }
    }

    @Override
    public void unblocked() {}

    // -- deliveries

    @Override
    public void deliver(
            Subscription owner,
            long seq,
            long position,
            boolean redelivered,
            ByteBuffer record,
            int at) {
        message.read(record, at, redelivered, redelivered ? owner.failureCount() : 0);
        int payload = message.headLength() + message.restLength();
        int frames = TransferFrames.count(payload, wire.frameMax());
        ByteBuffer out = window.begin(frames, TransferFrames.bytes(frames, payload));
        TransferFrames.write(
                out,
                session.localChannel(),
                attachment.handle().intValue(),
                window.deliveryId(owner, seq, position),
                owner.autoAck(),
                message.head(),
                message.headLength(),
                record,
                message.restAt(),
                message.restLength(),
                wire.frameMax());
        deliveryCount++;
        window.count(owner.autoAck(), 1);
    }

    @Override
    public void undo() {
        window.undo();
        deliveryCount--;
        Subscription known = subscription;
        window.count(known != null && known.autoAck(), -1);
    }

    /** Nothing to tell: the next message follows. */
    @Override
    public void passedOver() {}

    @Override
    public boolean writable() {
        return window.isOpen() && wire.writable();
    }

    @Override
    public int channel() {
        return session.channel();
    }

    // -- its end

    @Override
    public void timedOut(Subscription owner, long timeoutMs) {
        subscription = null;
        window.giveBack(owner, Settlement.RETURNED);
        session.transactions().ended(owner);
        session.fail(
                this,
                Amqp10Error.link(
                        Amqp10Error.RESOURCE_LIMIT,
                        "a message was kept for more than " + timeoutMs + " ms"));
    }

    @Override
    public void queueDeleted() {
        Subscription known = subscription;
        subscription = null;
        if (known != null && !closed) {
            session.fail(
                    this,
                    Amqp10Error.link(
                            Amqp10Error.RESOURCE_DELETED,
                            "queue '%s' in vhost '%s' was deleted"
                                    .formatted(
                                            known.queue().name(), wire.broker().vhost().name())));
        }
    }

    @Override
    public void close(Settlement unsettled) {
        closed = true;
        Subscription known = subscription;
        subscription = null;
        if (known != null) {
            wire.broker().cancel(known, () -> {});
            window.giveBack(known, unsettled);
            session.transactions().ended(known);
        }
        TemporaryQueue queue = temporary;
        temporary = null;
        if (queue != null) {
            queue.close();
        }
    }

    @Override
    public Optional<ConsumerReport> report() {
        Subscription known = subscription;
        return known == null
                ? Optional.empty()
                : Optional.of(
                        new ConsumerReport(
                                attachment.name(),
                                known.queue().name(),
                                !known.autoAck(),
                                false,
                                0,
                                known.activity(),
                                arguments));
    }
}
