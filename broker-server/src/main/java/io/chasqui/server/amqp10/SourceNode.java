package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Interest;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.DirectReplies;
import io.chasqui.core.session.QueueStatus;
import io.chasqui.core.session.Reply;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.TerminusDurability;
import org.apache.qpid.proton.amqp.messaging.TerminusExpiryPolicy;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.jspecify.annotations.Nullable;

/**
 * What a source of messages stands for (1.0 §3.5.3): always a queue in the end. One that is there, one
 * made for the link (dynamic), or the one behind a subscription to a topic.
 */
final class SourceNode {

    private static final Symbol COPY = Symbol.valueOf("copy");
    private static final Symbol MOVE = Symbol.valueOf("move");
    private static final Symbol[] OUTCOMES = {
        Accepted.DESCRIPTOR_SYMBOL,
        Rejected.DESCRIPTOR_SYMBOL,
        Released.DESCRIPTOR_SYMBOL,
        Modified.DESCRIPTOR_SYMBOL
    };

    private final Wire wire;
    private final Attach asked;
    private final Source source;
    private final SourceFilters filters;
    private final Interest interest;

    /** What a subscription is to; null if this is a queue. */
    private final @Nullable Address topic;

    /** A subscription that the client asks after without saying what it is to. */
    private final @Nullable String remembered;

    private @Nullable TemporaryQueue temporary;
    private @Nullable TopicSubscription subscription;

    /**
     * Looks at what a client asks for.
     *
     * @throws Amqp10Error if that makes no sense
     * @throws Refusal.NotFound if it asks after a subscription that is not there
     */
    SourceNode(Wire wire, Attach asked) {
        this.wire = wire;
        this.asked = asked;
        if (asked.getSource() instanceof Source given) {
            this.remembered = null;
            this.source = given;
        } else {
            boolean global =
                    Capabilities.has(asked.getDesiredCapabilities(), Capabilities.GLOBAL)
                            || SubscriptionName.isGlobal(asked.getName());
            String queue = SubscriptionName.of(true, global, wire.container(), asked.getName());
            this.remembered = queue;
            this.source = Remembered.source(wire.broker(), queue, asked.getName());
        }
        this.filters = SourceFilters.of(source.getFilter());
        this.topic = topic();
        this.interest =
                new Interest(filters.filter(wire.terms().broker().store()::wallMs), purpose());
    }

    private @Nullable Address topic() {
        if (source.getDynamic()) {
            return null;
        }
        if (source.getAddress() == null) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD, "a link that receives needs a source address");
        }
        boolean isTopic = Capabilities.topic(source.getCapabilities());
        Address address = Address.read(source.getAddress(), isTopic);
        return switch (address) {
            case Address.Queue _ -> null;
            case Address.Topic topicOfJms -> topicOfJms;
            case Address.Exchange exchange when isTopic -> exchange;
            case Address.Exchange _ ->
                    throw Amqp10Error.link(
                            Amqp10Error.INVALID_FIELD,
                            "bad address '"
                                    + source.getAddress()
                                    + "': messages come from queues only");
        };
    }

    private Interest.Purpose purpose() {
        if (topic != null) {
            return Interest.Purpose.SIFT;
        }
        return !source.getDynamic() && COPY.equals(source.getDistributionMode())
                ? Interest.Purpose.BROWSE
                : Interest.Purpose.TAKE;
    }

    /** Which messages the client is after. */
    Interest interest() {
        return interest;
    }

    /** Whether nobody else may receive from it meanwhile: a durable subscription is for one at a time. */
    boolean isExclusive() {
        return topic != null && kind() == TopicSubscription.Kind.DURABLE && !isShared();
    }

    /**
     * Sees to it that the queue is there; its name is told, or why there is none.
     *
     * @param temporaries has the queue of a dynamic node, which may be there already
     */
    void open(
            Supplier<TemporaryQueue> temporaries,
            Consumer<String> ready,
            Consumer<Refusal> refused) {
        if (isForReplies()) {
            checkForReplies();
            ready.accept(DirectReplies.PSEUDO_QUEUE);
        } else if (source.getDynamic()) {
            TemporaryQueue.check(source.getDynamicNodeProperties());
            TemporaryQueue made = temporaries.get();
            temporary = made;
            made.create(
                    name -> {
                        source.setAddress(Address.ofQueue(name));
                        ready.accept(name);
                    },
                    refused);
        } else if (remembered != null) {
            subscription =
                    new TopicSubscription(
                            wire.broker(), TopicSubscription.Kind.DURABLE, remembered);
            rejoin(remembered, ready, refused);
        } else if (topic != null) {
            subscribe(topic, ready, refused);
        } else {
            String queue = Address.read(source.getAddress(), false).key();
            if (!wire.broker().vhost().replies().isOpen(queue)) {
                Address.checkQueue(queue, wire.broker().vhost());
            }
            ready.accept(queue);
        }
    }

    /** Whether it is an address for direct replies, which is there once they are consumed. */
    boolean isForReplies() {
        return source.getDynamic()
                && Capabilities.has(source.getCapabilities(), Capabilities.VOLATILE_QUEUE);
    }

    /** Replies are not kept for anybody: what RabbitMQ asks of their consumer. */
    private void checkForReplies() {
        TerminusDurability durability = source.getDurable();
        UnsignedInteger timeout = source.getTimeout();
        boolean kept =
                asked.getSndSettleMode() != SenderSettleMode.SETTLED
                        || source.getExpiryPolicy() != TerminusExpiryPolicy.LINK_DETACH
                        || (durability != null && durability != TerminusDurability.NONE)
                        || (timeout != null && timeout.intValue() != 0);
        if (kept) {
            throw Amqp10Error.link(
                    Amqp10Error.NOT_IMPLEMENTED,
                    Capabilities.VOLATILE_QUEUE
                            + " is for snd-settle-mode settled and expiry-policy link-detach,"
                            + " with neither durability nor timeout");
        }
    }

    /** Replies are consumed, from this queue. */
    void repliesFrom(String queue) {
        source.setAddress(Address.ofQueue(queue));
    }

    private void subscribe(Address to, Consumer<String> ready, Consumer<Refusal> refused) {
        TopicSubscription.Kind kind = kind();
        String queue =
                kind == TopicSubscription.Kind.PRIVATE
                        ? ""
                        : SubscriptionName.of(
                                kind == TopicSubscription.Kind.DURABLE,
                                Capabilities.has(source.getCapabilities(), Capabilities.GLOBAL),
                                wire.container(),
                                asked.getName());
        if (kind == TopicSubscription.Kind.DURABLE && !filters.areSelectorsOnly()) {
            throw Amqp10Error.link(
                    Amqp10Error.NOT_IMPLEMENTED,
                    "a durable subscription has no filter but a selector of JMS");
        }
        TopicSubscription made = new TopicSubscription(wire.broker(), kind, queue);
        subscription = made;
        made.begin(to, source.getAddress(), filters.selector(), ready, refused);
    }

    /** Nobody may have part in it, so that it can be ended. */
    private void rejoin(String queue, Consumer<String> ready, Consumer<Refusal> refused) {
        wire.broker()
                .queues()
                .check(
                        queue,
                        new Reply<>() {
                            @Override
                            public void ok(QueueStatus status) {
                                if (status.consumers() > 0) {
                                    refused(
                                            new Refusal.ResourceLocked(
                                                    "subscription '"
                                                            + asked.getName()
                                                            + "' is in use"));
                                } else {
                                    ready.accept(queue);
                                }
                            }

                            @Override
                            public void refused(Refusal refusal) {
                                refused.accept(refusal);
                            }
                        });
    }

    private TopicSubscription.Kind kind() {
        TerminusDurability durability = source.getDurable();
        boolean durable =
                (durability != null && durability != TerminusDurability.NONE)
                        || source.getExpiryPolicy() == TerminusExpiryPolicy.NEVER;
        if (durable) {
            return TopicSubscription.Kind.DURABLE;
        }
        return isShared() ? TopicSubscription.Kind.SHARED : TopicSubscription.Kind.PRIVATE;
    }

    private boolean isShared() {
        return Capabilities.has(source.getCapabilities(), Capabilities.SHARED);
    }

    /** The source as it is: with the filters that are applied, and no others. */
    Source offered() {
        Source offered = new Source();
        offered.setAddress(source.getAddress());
        offered.setDynamic(source.getDynamic());
        if (source.getDynamic()) {
            offered.setDynamicNodeProperties(TemporaryQueue.PROPERTIES);
        }
        offered.setDurable(source.getDurable());
        offered.setExpiryPolicy(source.getExpiryPolicy());
        offered.setTimeout(source.getTimeout());
        offered.setCapabilities(source.getCapabilities());
        offered.setDistributionMode(copies() ? COPY : MOVE);
        offered.setFilter(filters.applied());
        offered.setDefaultOutcome(Released.getInstance());
        offered.setOutcomes(OUTCOMES);
        return offered;
    }

    /** Every subscriber of a topic has copies of its own, which browsing is not. */
    private boolean copies() {
        return interest.browses() || (topic != null && COPY.equals(source.getDistributionMode()));
    }

    /** Leaves the queue of a dynamic node to the caller; null if there is none. */
    @Nullable TemporaryQueue leaveTemporary() {
        TemporaryQueue left = temporary;
        temporary = null;
        return left;
    }

    /**
     * The link is no more.
     *
     * @param forGood whether the client wants nothing of it to stay
     */
    void end(boolean forGood) {
        TemporaryQueue queue = temporary;
        temporary = null;
        if (queue != null) {
            queue.close();
        }
        TopicSubscription of = subscription;
        subscription = null;
        if (of != null) {
            of.end(forGood);
        }
    }
}
