package io.chasqui.core.session;

import io.chasqui.core.event.EventExchange;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Access;
import io.chasqui.core.security.Actor;
import io.chasqui.core.shard.ProtocolCounters;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A user's session in a virtual host: the one front door to the broker. What a client may do is
 * asked for here, whatever its protocol: of exchanges, of queues, of what comes from them
 * ({@link Subscriptions}) and what goes in ({@link Publisher}). Who may do it is decided behind it.
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
    private final ExchangeRequests exchanges;
    private final QueueRequests queues;
    private final Subscriptions subscriptions;
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
        this.exchanges = new ExchangeRequests(this);
        this.queues = new QueueRequests(this, ineffective);
        this.eventExchange = eventExchange;
        this.events = new SessionEvents(this, eventExchange);
        this.subscriptions = new Subscriptions(this, store, events);
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

    /** What the user may ask of queues. */
    public QueueRequests queues() {
        return queues;
    }

    /** What comes to the user from queues. */
    public Subscriptions subscriptions() {
        return subscriptions;
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

    /** Tells when acknowledgements of this session are on disk. */
    public SettlementBarrier newSettlementBarrier() {
        return new SettlementBarrier(shard, store);
    }

    /** The bounds on what the consumers of one channel may have out unsettled: none as yet. */
    public Prefetch newPrefetch() {
        return new Prefetch(shard);
    }

    /** Ends the session: its subscriptions end, its exclusive queues go. Idempotent. */
    public void close() {
        boolean first = !closed;
        if (first) {
            closed = true;
            shard.counters().sessionsClosed++;
        }
        neighbours.remove(this);
        subscriptions.endAll();
        queues.dropExclusive();
        if (first) {
            events.closed();
        }
    }

    /** It is known to the broker from now on. */
    public void opened() {
        events.opened();
    }
}
