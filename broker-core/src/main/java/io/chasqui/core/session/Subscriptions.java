package io.chasqui.core.session;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ConsumerArgument;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.ConsumerTerms;
import io.chasqui.core.queue.Interest;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Access;
import io.chasqui.core.shard.ProtocolCounters;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.Names;
import io.chasqui.core.vhost.ReplyQueues;
import io.chasqui.core.vhost.VirtualHost;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A session's consumers, and the messages that it takes one by one. */
public final class Subscriptions {

    private final Session session;
    private final VirtualHost vhost;
    private final Access access;
    private final Shard shard;
    private final MessageStore store;
    private final SessionEvents events;
    private final Set<Subscription> open = new LinkedHashSet<>();

    Subscriptions(Session session, MessageStore store, SessionEvents events) {
        this.session = session;
        this.vhost = session.vhost();
        this.access = session.access();
        this.shard = session.shard();
        this.store = store;
        this.events = events;
    }

    /**
     * Subscribes to a queue. Messages may arrive at {@code sink} as soon as the reply has.
     *
     * @param tag the consumer's name
     * @param prefetch the bounds of the channel it belongs to
     * @throws Refusal.PreconditionFailed if an argument is not of its type
     */
    public void begin(
            String queueName,
            String tag,
            boolean autoAck,
            boolean exclusive,
            Arguments arguments,
            Prefetch prefetch,
            DeliverySink sink,
            Reply<Subscription> reply) {
        begin(
                queueName,
                tag,
                autoAck,
                exclusive,
                false,
                Interest.ALL,
                arguments,
                prefetch,
                sink,
                reply);
    }

    /**
     * As {@link #begin}, where nothing arrives but on {@link Subscription#grant}, and only what is of
     * interest.
     */
    public void beginOnCredit(
            String queueName,
            String tag,
            boolean autoAck,
            boolean exclusive,
            Interest interest,
            Arguments arguments,
            Prefetch prefetch,
            DeliverySink sink,
            Reply<Subscription> reply) {
        begin(queueName, tag, autoAck, exclusive, true, interest, arguments, prefetch, sink, reply);
    }

    private void begin(
            String queueName,
            String tag,
            boolean autoAck,
            boolean exclusive,
            boolean onCredit,
            Interest interest,
            Arguments arguments,
            Prefetch prefetch,
            DeliverySink sink,
            Reply<Subscription> reply) {
        access.checkRead(queue(queueName));
        vhost.replies().checkMayConsume(queueName);
        Queue queue = vhost.existingQueue(queueName, session.id());
        Resource resource = Resource.queue(queue.name(), vhost.name());
        ConsumerTerms terms =
                new ConsumerTerms(
                        tag,
                        autoAck,
                        exclusive,
                        ConsumerArgument.priority(resource, arguments),
                        ConsumerArgument.timeoutMs(resource, arguments).orElse(Queue.NO_TIMEOUT),
                        onCredit,
                        interest);
        begin(queue, terms, prefetch, sink, telling(arguments, counting(reply)));
    }

    /**
     * Checks that the user may receive from a queue, there or not.
     *
     * @throws Refusal.AccessRefused if not
     */
    public void checkMayConsume(String queueName) {
        access.checkRead(queue(queueName));
    }

    /** Subscribes to a queue of direct replies. As in RabbitMQ, events tell nothing of that. */
    void beginReplies(
            Queue queue,
            ConsumerTerms terms,
            Prefetch prefetch,
            DeliverySink sink,
            Reply<Subscription> reply) {
        begin(queue, terms, prefetch, sink, counting(reply));
    }

    private Reply<Subscription> counting(Reply<Subscription> reply) {
        return new Reply<>() {
            @Override
            public void ok(Subscription begun) {
                if (session.share() instanceof ProtocolCounters share) {
                    share.consumersBegun++;
                }
                reply.ok(begun);
            }

            @Override
            public void refused(Refusal refusal) {
                reply.refused(refusal);
            }
        };
    }

    private Reply<Subscription> telling(Arguments arguments, Reply<Subscription> reply) {
        return new Reply<>() {
            @Override
            public void ok(Subscription begun) {
                events.consumerCreated(begun, arguments);
                reply.ok(begun);
            }

            @Override
            public void refused(Refusal refusal) {
                reply.refused(refusal);
            }
        };
    }

    private void begin(
            Queue queue,
            ConsumerTerms terms,
            Prefetch prefetch,
            DeliverySink sink,
            Reply<Subscription> reply) {
        Subscription subscription = new Subscription(session, store, queue, sink, terms, prefetch);
        open.add(subscription);
        prefetch.begun(subscription);
        shard.run(
                queue.shard(),
                () -> {
                    try {
                        queue.subscribe(subscription.consumer());
                        answer(queue, () -> reply.ok(subscription));
                    } catch (Refusal refusal) {
                        answer(
                                queue,
                                () -> {
                                    open.remove(subscription);
                                    prefetch.ended(subscription);
                                    reply.refused(refusal);
                                });
                    }
                });
    }

    /** Ends a subscription. What it delivered stays to be settled; nothing more is delivered. */
    public void cancel(Subscription subscription, Runnable ok) {
        Queue queue = subscription.queue();
        subscription.close();
        forget(subscription);
        shard.run(
                queue.shard(),
                () -> {
                    queue.unsubscribe(subscription.consumer());
                    answer(queue, ok);
                });
    }

    /**
     * Ends a subscription whose client asks for that: what came for it before is still delivered, and
     * then {@code ok} is told. As in RabbitMQ a quorum queue gives nothing more.
     */
    public void cancelAfterDeliveries(Subscription subscription, Runnable ok) {
        Queue queue = subscription.queue();
        if (queue.isQuorum()) {
            cancel(subscription, ok);
            return;
        }
        shard.run(
                queue.shard(),
                () -> {
                    queue.serveAndUnsubscribe(subscription.consumer());
                    answer(
                            queue,
                            () -> {
                                subscription.close();
                                forget(subscription);
                                ok.run();
                            });
                });
    }

    /** Takes one message, if there is one. */
    public void get(String queueName, boolean autoAck, GetSink sink) {
        access.checkRead(queue(queueName));
        vhost.replies().checkMayGet(queueName);
        Queue queue = vhost.existingQueue(queueName, session.id());
        queue.checkMayGet();
        ConsumerTerms terms = ConsumerTerms.plain("", autoAck);
        Subscription once = new Subscription(session, store, queue, sink, terms, null);
        shard.run(
                queue.shard(),
                () ->
                        queue.get(
                                once.consumer(),
                                remaining -> answer(queue, () -> sink.found(remaining)),
                                () -> answer(queue, () -> once.empty(sink))));
    }

    /** The connection can take more again: its queues may go on delivering. */
    public void resume() {
        open.forEach(Subscription::resume);
    }

    /** The session ends. */
    void endAll() {
        for (Subscription subscription : List.copyOf(open)) {
            cancel(subscription, () -> {});
        }
    }

    void forget(Subscription subscription) {
        if (open.remove(subscription)) {
            if (!ReplyQueues.isAddress(subscription.queue().name())) {
                events.consumerDeleted(subscription);
            }
            if (session.share() instanceof ProtocolCounters share) {
                share.consumersEnded++;
            }
        }
    }

    /** Runs the task on this session's shard; called on the queue's. */
    private void answer(Queue queue, Runnable task) {
        queue.shard().run(shard, task);
    }

    private Resource queue(String name) {
        return Resource.queue(Names.withoutLineBreaks(name), vhost.name());
    }
}
