package io.chasqui.core.session;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ConsumerArgument;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.event.EventExchange;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.ConsumerTerms;
import io.chasqui.core.queue.Interest;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Access;
import io.chasqui.core.security.Actor;
import io.chasqui.core.shard.ProtocolCounters;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.Declared;
import io.chasqui.core.vhost.Names;
import io.chasqui.core.vhost.ReplyQueues;
import io.chasqui.core.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A user's session in a virtual host: the one front door to the broker. Everything a client may do
 * is a method here, whatever its protocol; who may do it is decided behind it.
 *
 * <p><b>Threads.</b> A session belongs to the shard of its connection: all methods are called there,
 * and all answers come there.
 *
 * <p><b>Answers.</b> A request is refused by throwing a {@link Refusal} or, where another shard had
 * to be asked, through its {@link Reply}. Changes to durable things are answered when they are on
 * disk.
 */
public final class Session {

    private final long id;
    private final String user;
    private final VirtualHost vhost;
    private final Access access;
    private final SessionClient client;
    private final Sessions neighbours;
    private final SessionLimits limits;
    private final Shard shard;
    private final MessageStore store;
    private final IneffectiveArguments ineffective;
    private final ExchangeRequests exchanges;
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final Set<Queue> exclusiveQueues = new LinkedHashSet<>();
    private final AtomicInteger channels = new AtomicInteger();
    private final Map<Integer, ChannelCounters> channelCounters = new HashMap<>();
    private final EventExchange eventExchange;
    private final SessionEvents events;
    private @Nullable Firehose firehose;
    private boolean closed;

    /**
     * @param access what the user may do in the virtual host
     * @param client who it is for
     * @param neighbours the open sessions, which it leaves when it is closed
     * @param limits how many channels there may be
     * @param eventExchange where it tells what goes on
     */
    public Session(
            long id,
            String user,
            VirtualHost vhost,
            Access access,
            SessionClient client,
            Sessions neighbours,
            SessionLimits limits,
            Shard shard,
            MessageStore store,
            IneffectiveArguments ineffective,
            EventExchange eventExchange) {
        this.id = id;
        this.user = user;
        this.vhost = vhost;
        this.access = access;
        this.client = client;
        this.neighbours = neighbours;
        this.limits = limits;
        this.shard = shard;
        this.store = store;
        this.ineffective = ineffective;
        this.exchanges = new ExchangeRequests(this);
        this.eventExchange = eventExchange;
        this.events = new SessionEvents(this, eventExchange);
        shard.counters().sessionsOpened++;
    }

    public long id() {
        return id;
    }

    public String user() {
        return user;
    }

    public VirtualHost vhost() {
        return vhost;
    }

    /** Who it is for. */
    public SessionClient client() {
        return client;
    }

    Access access() {
        return access;
    }

    /** Where what is told by protocol is counted once more; null for that of 0-9-1. */
    @Nullable ProtocolCounters share() {
        return client.protocol().equals(SessionClient.AMQP_1_0) ? shard.counters().amqp10 : null;
    }

    public Shard shard() {
        return shard;
    }

    // -- channels

    /**
     * Opens a channel.
     *
     * @param number which one
     * @throws Refusal.NotAllowed if the user has as many as may be
     */
    public void openChannel(int number) {
        channels.incrementAndGet();
        try {
            limits.checkChannels(user);
        } catch (Refusal refusal) {
            channels.decrementAndGet();
            throw refusal;
        }
        events.channelOpened(number);
    }

    /** A channel is closed. */
    public void closeChannel(int number) {
        channels.decrementAndGet();
        channelCounters.remove(number);
        events.channelClosed(number);
    }

    /** How many channels are open; any thread. */
    public int channels() {
        return channels.get();
    }

    /** What happened on a channel, from when it is first asked for until it is closed. */
    public ChannelCounters channelCounters(int number) {
        return channelCounters.computeIfAbsent(number, _ -> new ChannelCounters());
    }

    /** What happened on each channel. */
    public Collection<ChannelCounters> channelCounters() {
        return channelCounters.values();
    }

    /** Makes a change of the definitions that this user is accountable for. */
    <T> T inMyName(Supplier<T> change) {
        return Actor.as(user, change::get);
    }

    /** What the user may ask of exchanges and bindings. */
    public ExchangeRequests exchanges() {
        return exchanges;
    }

    // -- queues

    public void declareQueue(QueueDeclaration declaration, Reply<QueueStatus> reply) {
        if (ReplyQueues.isAddress(declaration.name())) {
            checkReplies(declaration.name(), reply);
            return;
        }
        Declared declared = inMyName(() -> vhost.declareQueue(declaration, id, access));
        Queue queue = declared.queue();
        shard.counters().queuesDeclared++;
        if (declared.created()) {
            shard.counters().queuesCreated++;
        }
        ineffective.note(Resource.queue(queue.name(), vhost.name()), declaration.arguments());
        if (declaration.exclusive()) {
            exclusiveQueues.add(queue);
        }
        Runnable again = () -> declareQueue(declaration, reply);
        whenDurable(declared.position(), () -> status(queue, reply, again));
    }

    /** Only checks that the queue is there and tells about it. */
    public void checkQueue(String name, Reply<QueueStatus> reply) {
        if (ReplyQueues.isAddress(name)) {
            checkReplies(name, reply);
            return;
        }
        access.checkAny(queue(name));
        status(vhost.existingQueue(name, id), reply, () -> checkQueue(name, reply));
    }

    /** An address of direct replies is there as long as its consumer is, and holds nothing. */
    private void checkReplies(String address, Reply<QueueStatus> reply) {
        vhost.replies().checkOpen(address);
        reply.ok(new QueueStatus(address, 0, 1));
    }

    /**
     * Tells about a queue, which that renews the lease of (x-expires).
     *
     * @param gone what to do if the queue turns out to have been deleted meanwhile
     */
    private void status(Queue queue, Reply<QueueStatus> reply, Runnable gone) {
        shard.run(
                queue.shard(),
                () -> {
                    if (queue.use()) {
                        QueueStatus status =
                                new QueueStatus(queue.name(), queue.ready(), queue.consumers());
                        answer(queue, () -> reply.ok(status));
                    } else {
                        answer(queue, () -> afterDeletion(queue, reply, gone));
                    }
                });
    }

    private <T> void afterDeletion(Queue queue, Reply<T> reply, Runnable gone) {
        vhost.queueRemoved(queue);
        try {
            gone.run();
        } catch (Refusal refusal) {
            reply.refused(refusal);
        }
    }

    /** Deletes a queue, telling how many ready messages it held; 0 if there is none of that name. */
    public void deleteQueue(String name, boolean ifUnused, boolean ifEmpty, Reply<Long> reply) {
        access.checkConfigure(queue(name));
        Queue queue = vhost.queue(name);
        if (queue == null) {
            reply.ok(0L);
            return;
        }
        vhost.checkAccess(queue, id);
        exclusiveQueues.remove(queue);
        shard.run(
                queue.shard(),
                () -> {
                    try {
                        Queue.Deleted deleted = inMyName(() -> queue.delete(ifUnused, ifEmpty));
                        answer(
                                queue,
                                () ->
                                        whenDurable(
                                                deleted.position(),
                                                () -> reply.ok(deleted.messages())));
                    } catch (Refusal refusal) {
                        answer(queue, () -> reply.refused(refusal));
                    }
                });
    }

    /** Drops the ready messages of a queue, telling how many. */
    public void purgeQueue(String name, Reply<Long> reply) {
        access.checkRead(queue(name));
        if (vhost.replies().isOpen(name)) {
            reply.ok(0L);
            return;
        }
        Queue queue = vhost.existingQueue(name, id);
        shard.run(
                queue.shard(),
                () -> queue.purge(messages -> answer(queue, () -> reply.ok(messages))));
    }

    // -- messages

    /**
     * A way in for one channel.
     *
     * @param channel its number, for the firehose
     */
    public Publisher newPublisher(int channel) {
        return new Publisher(this, channel, store);
    }

    /**
     * Whether a message may be said to be this user's.
     *
     * @throws Refusal.PreconditionFailed if not
     */
    public void checkUserId(String claimed) {
        access.checkUserId(claimed);
    }

    /** Copies messages to the firehose; asked for only while the virtual host is traced. */
    Firehose firehose() {
        Firehose known = firehose;
        if (known == null) {
            known = new Firehose(this, store, eventExchange.node());
            firehose = known;
        }
        return known;
    }

    /** Direct reply-to for one channel. */
    public DirectReplies newDirectReplies() {
        return new DirectReplies(this);
    }

    /** Runs the task once the log is on disk beyond {@code position}; at once for position 0. */
    public void whenDurable(long position, Runnable task) {
        if (position == 0) {
            task.run();
        } else {
            shard.whenDurable(position, task);
        }
    }

    /** The bounds on what the consumers of one channel may have out unsettled: none as yet. */
    public Prefetch newPrefetch() {
        return new Prefetch(shard);
    }

    /**
     * Subscribes to a queue. Messages may arrive at {@code sink} as soon as the reply has.
     *
     * @param tag the consumer's name
     * @param prefetch the bounds of the channel it belongs to
     * @throws Refusal.PreconditionFailed if an argument is not of its type
     */
    public void consume(
            String queueName,
            String tag,
            boolean autoAck,
            boolean exclusive,
            Arguments arguments,
            Prefetch prefetch,
            DeliverySink sink,
            Reply<Subscription> reply) {
        consume(
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
     * As {@link #consume}, where nothing arrives but on {@link Subscription#grant}, and only what is of
     * interest.
     */
    public void consumeOnCredit(
            String queueName,
            String tag,
            boolean autoAck,
            boolean exclusive,
            Interest interest,
            Arguments arguments,
            Prefetch prefetch,
            DeliverySink sink,
            Reply<Subscription> reply) {
        consume(
                queueName, tag, autoAck, exclusive, true, interest, arguments, prefetch, sink,
                reply);
    }

    private void consume(
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
        Queue queue = vhost.existingQueue(queueName, id);
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
        consume(queue, terms, prefetch, sink, telling(arguments, reply));
    }

    private Reply<Subscription> telling(Arguments arguments, Reply<Subscription> reply) {
        return new Reply<>() {
            @Override
            public void ok(Subscription begun) {
                events.consumerCreated(begun, arguments);
                if (share() instanceof ProtocolCounters share) {
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

    void consume(
            Queue queue,
            ConsumerTerms terms,
            Prefetch prefetch,
            DeliverySink sink,
            Reply<Subscription> reply) {
        Subscription subscription = new Subscription(this, store, queue, sink, terms, prefetch);
        subscriptions.add(subscription);
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
                                    subscriptions.remove(subscription);
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
        Queue queue = vhost.existingQueue(queueName, id);
        queue.checkMayGet();
        ConsumerTerms terms = ConsumerTerms.plain("", autoAck);
        Subscription once = new Subscription(this, store, queue, sink, terms, null);
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
        subscriptions.forEach(Subscription::resume);
    }

    /** Ends the session: its subscriptions end, its exclusive queues go. Idempotent. */
    public void close() {
        boolean first = !closed;
        if (first) {
            closed = true;
            shard.counters().sessionsClosed++;
        }
        neighbours.remove(this);
        for (Subscription subscription : List.copyOf(subscriptions)) {
            cancel(subscription, () -> {});
        }
        for (Queue queue : new ArrayList<>(exclusiveQueues)) {
            // The name is free at once: a client that reconnects may declare it again.
            inMyName(() -> vhost.queueRemoved(queue));
            shard.run(queue.shard(), queue::drop);
        }
        exclusiveQueues.clear();
        if (first) {
            events.closed();
        }
    }

    /** It is known to the broker from now on. */
    public void opened() {
        events.opened();
    }

    void forget(Subscription subscription) {
        if (subscriptions.remove(subscription)) {
            events.consumerDeleted(subscription);
            if (share() instanceof ProtocolCounters share) {
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
