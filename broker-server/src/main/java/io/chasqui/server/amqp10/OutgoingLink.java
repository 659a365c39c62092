package io.chasqui.server.amqp10;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.queue.ConsumerActivity;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.ConsumerReport;
import io.chasqui.core.session.DeliverySink;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Subscription;
import io.chasqui.server.conversion.DeliveryCounts;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.jspecify.annotations.Nullable;

/**
 * A link that the client receives on: a consumer whose messages the client allows one by one, as link
 * credit (1.0 §2.6.7).
 */
final class OutgoingLink implements LinkEndpoint, DeliverySink {

    private static final Symbol PRIORITY = Symbol.valueOf("rabbitmq:priority");
    private static final Symbol ACTIVE = Symbol.valueOf("rabbitmq:active");
    private static final Symbol TRANSACTION_ID = Symbol.valueOf("txn-id");

    /** Credit beyond this is as good as any: more than a serial number can be ahead. */
    static final long MOST_CREDIT = Integer.MAX_VALUE / 2;

    private final Attachment attachment;
    private final SessionEndpoint session;
    private final Wire wire;
    private final OutgoingWindow window;
    private final OutgoingDeliveries deliveries;
    private final OutgoingMessage message = new OutgoingMessage();
    private Arguments arguments = Arguments.EMPTY;
    private @Nullable Subscription subscription;

    /** Where its messages come from; null until it has begun, and if that is not to be had. */
    private @Nullable SourceNode node;

    /** Whether the client has closed the link, so that nothing of it stays. */
    private boolean closedForGood;

    /** What the client was told; nothing, unless one consumer of its queue at a time is served. */
    private ConsumerActivity toldActivity = ConsumerActivity.UP;

    private int deliveryCount;
    private int limit;
    private boolean drain;

    /** How far the credit goes that is to be forgone; more may have been allowed since. */
    private int drainTo;

    private boolean closed;

    /** Whether the client is to hear of the link's state, or that it is drained, in its turn. */
    private boolean stateDue;

    private boolean drainedDue;

    /** What its deliveries are acquired in; null if in none. */
    private @Nullable OpenTransaction acquiring;

    OutgoingLink(Attachment attachment) {
        this.attachment = attachment;
        this.session = attachment.session();
        this.wire = session.wire();
        this.window = session.outgoing();
        this.deliveries = session.deliveries();
    }

    @Override
    public Attachment attachment() {
        return attachment;
    }

    @Override
    public void begin() {
        arguments = arguments(attachment.asked().getProperties());
        SourceNode source = new SourceNode(wire, attachment.asked());
        node = source;
        source.open(
                () -> session.temporaryFor(attachment.asked()),
                queue -> {
                    if (!closed) {
                        tryToConsume(queue, source);
                    }
                },
                this::refuse);
    }

    private void tryToConsume(String queue, SourceNode source) {
        try {
            consume(queue, source);
        } catch (Refusal refusal) {
            refuse(refusal);
        }
    }

    private void consume(String queue, SourceNode source) {
        if (source.isForReplies()) {
            wire.broker()
                    .newDirectReplies()
                    .consumeOnCredit(
                            attachment.name(), session.prefetch(), this, subscribing(source));
            return;
        }
        wire.broker()
                .subscriptions()
                .beginOnCredit(
                        queue,
                        attachment.name(),
                        attachment.asked().getSndSettleMode() == SenderSettleMode.SETTLED,
                        source.isExclusive(),
                        source.interest(),
                        arguments,
                        session.prefetch(),
                        this,
                        subscribing(source));
    }

    private static Arguments arguments(@Nullable Map<?, ?> properties) {
        if (properties != null && properties.get(PRIORITY) instanceof Number priority) {
            return Arguments.of(Map.of("x-priority", priority.intValue()));
        }
        return Arguments.EMPTY;
    }

    private Reply<Subscription> subscribing(SourceNode source) {
        return new Reply<>() {
            @Override
            public void ok(Subscription begun) {
                subscribed(begun, source);
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

    private void subscribed(Subscription begun, SourceNode source) {
        if (closed) {
            wire.broker().subscriptions().cancel(begun, () -> {});
            return;
        }
        subscription = begun;
        if (source.isForReplies()) {
            source.repliesFrom(begun.queue().name());
        }
        attachment.link().setSource(source.offered());
        attachment.link().setTarget(attachment.asked().getTarget());
        attachment.accept();
        if (limit != 0 || drain) {
            begun.grant(0, limit, drain);
        }
        activityChanged();
    }

    @Override
    public void activityChanged() {
        Subscription known = subscription;
        if (known == null || closed || known.activity() == toldActivity) {
            return;
        }
        toldActivity = known.activity();
        Map<Symbol, Object> facts = new LinkedHashMap<>();
        facts.put(ACTIVE, toldActivity == ConsumerActivity.SINGLE_ACTIVE);
        tellState(facts);
    }

    // -- credit

    @Override
    public void flow(Flow flow) {
        Map<?, ?> properties = flow.getProperties();
        if (properties != null && properties.containsKey(TRANSACTION_ID)) {
            try {
                acquiring = transaction(properties.get(TRANSACTION_ID));
            } catch (Amqp10Error error) {
                session.fail(this, error);
                return;
            }
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
        if (flow.getEcho() && !stateDue) {
            stateDue = true;
            window.behindDeliveries(attachment, this::tellState);
        }
    }

    /** What the client wants deliveries to be acquired in from now on (1.0 §4.4.3). */
    private @Nullable OpenTransaction transaction(@Nullable Object id) {
        if (id == null) {
            return null;
        }
        SourceNode source = node;
        boolean browses = source != null && source.interest().browses();
        if (browses || attachment.asked().getSndSettleMode() == SenderSettleMode.SETTLED) {
            throw Amqp10Error.link(
                    Amqp10Error.NOT_IMPLEMENTED,
                    "only unsettled deliveries are acquired within a transaction");
        }
        if (!(id instanceof Binary transaction)) {
            throw Amqp10Error.link(Amqp10Error.INVALID_FIELD, "a txn-id is a binary");
        }
        return session.transactions().toAcquireIn(transaction);
    }

    /** What a delivery is acquired in that goes out now: a discharge ends that (1.0 §4.4.3). */
    private @Nullable OpenTransaction acquiring() {
        OpenTransaction known = acquiring;
        if (known != null && !known.isOpen()) {
            acquiring = null;
            return null;
        }
        return known;
    }

    private void tellState() {
        stateDue = false;
        tellState(new LinkedHashMap<>());
    }

    private void tellState(Map<Symbol, Object> facts) {
        if (!attachment.isAttached()) {
            return;
        }
        Flow flow = session.newFlow();
        flow.setHandle(attachment.handle());
        flow.setDeliveryCount(UnsignedInteger.valueOf(deliveryCount));
        flow.setLinkCredit(UnsignedInteger.valueOf(Math.max(0, limit - deliveryCount)));
        flow.setDrain(drain);
        OpenTransaction within = acquiring();
        if (within != null) {
            facts.put(TRANSACTION_ID, within.id());
        }
        flow.setProperties(facts.isEmpty() ? null : facts);
        session.send(flow);
    }

    @Override
    public void drained() {
        if (!closed && !drainedDue) {
            drainedDue = true;
            window.behindDeliveries(attachment, this::tellDrained);
        }
    }

    private void tellDrained() {
        drainedDue = false;
        if (drainTo - deliveryCount > 0) {
            deliveryCount = drainTo;
        }
        tellState();
    }

    @Override
    public void resume() {
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
        DeliveryCounts counts =
                redelivered
                        ? new DeliveryCounts(owner.acquiredCount(), owner.failureCount())
                        : DeliveryCounts.NONE;
        message.read(record, at, redelivered, counts);
        int payload = message.headLength() + message.restLength();
        OpenTransaction within = acquiring();
        byte[] state = within == null ? TransferFrames.NO_STATE : within.acquisition();
        int frames = TransferFrames.count(state, payload, wire.frameMax());
        ByteBuffer out =
                window.begin(attachment, frames, TransferFrames.bytes(state, frames, payload));
        TransferFrames.write(
                out,
                session.localChannel(),
                attachment.handle().intValue(),
                deliveries.newId(owner, seq, position),
                owner.autoAck(),
                state,
                message.head(),
                message.headLength(),
                record,
                message.restAt(),
                message.restLength(),
                wire.frameMax());
        if (within != null) {
            within.acquire(deliveries.ledger().lastTag(), owner);
        }
        deliveryCount++;
        deliveries.count(owner.autoAck(), 1);
    }

    @Override
    public void undo() {
        OpenTransaction within = acquiring;
        if (within != null) {
            within.undoAcquire(deliveries.ledger().lastTag());
        }
        deliveries.undo();
        window.undo();
        deliveryCount--;
        Subscription known = subscription;
        deliveries.count(known != null && known.autoAck(), -1);
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
        if (!owner.hasEnded()) {
            owner.tookBack(deliveries.takeBack(owner));
            return;
        }
        subscription = null;
        deliveries.giveBack(owner, Settlement.RETURNED);
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
                    Amqp10Error.queueDeleted(known.queue().name(), wire.broker().vhost().name()));
        }
    }

    @Override
    public void checkPermission() {
        Subscription known = subscription;
        if (known != null) {
            wire.broker().subscriptions().checkMayConsume(known.queue().name());
        }
    }

    @Override
    public @Nullable TemporaryQueue leaveTemporary() {
        return node == null ? null : node.leaveTemporary();
    }

    @Override
    public void closing() {
        closedForGood = true;
    }

    @Override
    public void close(Settlement unsettled) {
        closed = true;
        window.forget(attachment);
        Subscription known = subscription;
        subscription = null;
        if (known != null) {
            wire.broker().subscriptions().cancel(known, () -> {});
            deliveries.giveBack(known, unsettled);
            session.transactions().ended(known);
        }
        SourceNode source = node;
        node = null;
        if (source != null) {
            source.end(closedForGood);
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
