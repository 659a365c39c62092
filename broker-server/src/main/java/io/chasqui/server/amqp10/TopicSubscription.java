package io.chasqui.server.amqp10;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.QueueStatus;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The queue behind a source that is a topic: bound to the topic's exchange, and filled from then on.
 *
 * <pre>
 *   kind     queue                            ends
 *   PRIVATE  exclusive, named by the broker   with the link
 *   SHARED   SubscriptionName, auto-delete    with its last consumer
 *   DURABLE  SubscriptionName, durable        when a link is closed, not merely detached
 * </pre>
 *
 * What a durable one is for, its topic and its selector, is kept in the queue's arguments, so that a
 * client that comes again finds it; one that wants something else begins anew.
 */
final class TopicSubscription {

    /** An argument of the queue: the address of the topic, as the client wrote it. */
    static final String TOPIC = "x-subscription-topic";

    /** An argument of the queue: its selector; not there if it has none. */
    static final String SELECTOR = "x-subscription-selector";

    /** How long it lasts, and who has part in it. */
    enum Kind {
        PRIVATE,
        SHARED,
        DURABLE
    }

    private static final Reply<Long> NOBODY =
            new Reply<>() {
                @Override
                public void ok(Long messages) {}

                @Override
                public void refused(Refusal gone) {}
            };

    private final Session broker;
    private final Kind kind;
    private String queue;
    private boolean created;
    private boolean ended;
    private boolean endedForGood;

    /**
     * @param queue its name; empty for a private one
     */
    TopicSubscription(Session broker, Kind kind, String queue) {
        this.broker = broker;
        this.kind = kind;
        this.queue = queue;
    }

    /**
     * Makes the queue, if it is not there, and binds it.
     *
     * @param topic what is subscribed to
     * @param asked the topic's address as the client wrote it
     * @param ready told the queue's name
     * @param refused told why there is none
     */
    void begin(
            Address topic,
            String asked,
            Optional<String> selector,
            Consumer<String> ready,
            Consumer<Refusal> refused) {
        Arguments arguments = kind == Kind.DURABLE ? arguments(asked, selector) : Arguments.EMPTY;
        Queue known = kind == Kind.DURABLE ? broker.vhost().queue(queue) : null;
        if (known == null || isFor(known.definition().arguments(), asked, selector)) {
            declare(topic, arguments, ready, refused);
        } else {
            broker.queues()
                    .delete(
                            queue,
                            true,
                            false,
                            replying(unused -> declare(topic, arguments, ready, refused), refused));
        }
    }

    private static boolean isFor(Arguments known, String topic, Optional<String> selector) {
        return known.text(TOPIC).equals(Optional.of(topic))
                && known.text(SELECTOR).equals(selector);
    }

    private static Arguments arguments(String topic, Optional<String> selector) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("x-queue-type", "classic");
        arguments.put(TOPIC, topic);
        selector.ifPresent(text -> arguments.put(SELECTOR, text));
        return Arguments.of(arguments);
    }

    private void declare(
            Address topic, Arguments arguments, Consumer<String> ready, Consumer<Refusal> refused) {
        broker.queues()
                .declare(
                        new QueueDeclaration(
                                queue,
                                kind == Kind.DURABLE,
                                kind == Kind.PRIVATE,
                                kind == Kind.SHARED,
                                arguments),
                        replying(status -> declared(topic, status, ready), refused));
    }

    private void declared(Address topic, QueueStatus status, Consumer<String> ready) {
        queue = status.name();
        created = true;
        if (ended) {
            end(endedForGood);
            return;
        }
        broker.exchanges()
                .bindQueue(
                        queue,
                        topic.exchangeName(),
                        topic.key(),
                        Arguments.EMPTY,
                        () -> ready.accept(queue));
    }

    /** A reply that catches what is refused on the way, too. */
    private static <T> Reply<T> replying(Consumer<T> ok, Consumer<Refusal> refused) {
        return new Reply<>() {
            @Override
            public void ok(T value) {
                try {
                    ok.accept(value);
                } catch (Refusal refusal) {
                    refused.accept(refusal);
                }
            }

            @Override
            public void refused(Refusal refusal) {
                refused.accept(refusal);
            }
        };
    }

    /**
     * The link is no more.
     *
     * @param forGood whether the client wants nothing of it to stay
     */
    void end(boolean forGood) {
        ended = true;
        endedForGood = forGood;
        boolean goes =
                switch (kind) {
                    case PRIVATE -> created;
                    case SHARED -> false;
                    case DURABLE -> forGood;
                };
        if (goes) {
            try {
                broker.queues().delete(queue, kind == Kind.DURABLE, false, NOBODY);
            } catch (Refusal _) {
                // Gone already, or not this user's to delete: then it stays, as any queue would.
            }
        }
    }
}
