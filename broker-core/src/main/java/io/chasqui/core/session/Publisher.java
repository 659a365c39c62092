package io.chasqui.core.session;

import io.chasqui.core.definition.Resource;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.exchange.Placement;
import io.chasqui.core.exchange.Route;
import io.chasqui.core.exchange.RouteCache;
import io.chasqui.core.exchange.RoutedMessage;
import io.chasqui.core.exchange.TopicExchange;
import io.chasqui.core.message.Content;
import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageProperty;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.Arrival;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.security.Access;
import io.chasqui.core.shard.ProtocolCounters;
import io.chasqui.core.shard.Receiver;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardCounters;
import io.chasqui.core.store.RecordLayout;
import io.chasqui.core.vhost.PublishCounters;
import io.chasqui.core.vhost.VirtualHost;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel's way in: finds a message's queues, stores it once, and hands it to each queue. Lives
 * on the session's shard; one per channel, so that its caches and scratch space are its own.
 *
 * <p>{@link #route} and {@link #publish} are the hot path: on a cache hit they make no object.
 */
public final class Publisher {

    private final Session session;
    private final int channel;
    private final VirtualHost vhost;
    private final Access access;
    private final MessageStore store;
    private final Placement placement;
    private final Shard shard;
    private final ShardCounters counters;
    private final @Nullable ProtocolCounters share;
    private final PublishCounters vhostCounters;
    private final PublishCounters channelCounters;
    private final RouteCache cache = new RouteCache();
    private final Content content = new Content();

    /** The exchange that may be written to, as long as the version is the same. */
    private String writable = "";

    private long writableVersion;
    private boolean begun;

    /** How the message under way comes to queues that may refuse it; null if as to any other. */
    private Placement.@Nullable HandOut asking;

    Publisher(Session session, int channel, MessageStore store) {
        this.session = session;
        this.channel = channel;
        this.vhost = session.vhost();
        this.access = session.access();
        this.store = store;
        this.shard = session.shard();
        this.placement = new Placement(store, shard);
        this.counters = shard.counters();
        this.share = session.share();
        this.vhostCounters = vhost.published(shard);
        this.channelCounters = session.channelCounters(channel).published;
    }

    /** Where to describe the next message; reused for every one. */
    public Content content() {
        return content;
    }

    /**
     * The queues that the message described by {@link #content()} goes to; its body is not looked
     * at.
     *
     * @throws io.chasqui.core.refusal.Refusal.NotFound if there is no such exchange
     * @throws io.chasqui.core.refusal.Refusal.AccessRefused if it is internal, or the user may not
     *     write to it, or not under one of the routing keys
     */
    public Route route(MessageFormat format) {
        long version = vhost.routing().version();
        if (format.hasCopies(content.head(), content.headAt())) {
            return routeAnew(version, format);
        }
        ByteBuffer names = content.names();
        int at = content.namesAt();
        int length = content.namesLength();
        Route known = cache.find(version, names, at, length);
        if (known != null) {
            return known;
        }
        Route route = routeAnew(version, format);
        cache.put(version, names, at, length, route);
        return route;
    }

    private Route routeAnew(long version, MessageFormat format) {
        begin();
        ByteBuffer names = content.names();
        int at = content.namesAt();
        String exchange = shortString(names, at);
        String routingKey = shortString(names, at + 1 + (names.get(at) & 0xFF));
        checkWrite(version, exchange);
        Exchange source = vhost.routing().publishable(exchange);
        Described message = new Described(routingKey, content, format);
        if (source instanceof TopicExchange) {
            Resource resource = Resource.exchange(exchange, vhost.name());
            message.routingKeys().forEach(key -> access.checkTopicWrite(resource, key));
        }
        return vhost.routing().routePublished(source, message);
    }

    private void begin() {
        if (!begun) {
            begun = true;
            counters.publishersBegun++;
            if (share != null) {
                share.publishersBegun++;
            }
        }
    }

    /** Nothing more is published. */
    public void close() {
        if (begun) {
            begun = false;
            counters.publishersEnded++;
            if (share != null) {
                share.publishersEnded++;
            }
        }
    }

    /** Once for an exchange and version: a route that cannot be cached asks for every message. */
    private void checkWrite(long version, String exchange) {
        if (version != writableVersion || !exchange.equals(writable)) {
            access.checkWrite(Resource.exchange(exchange, vhost.name()));
            writable = exchange;
            writableVersion = version;
        }
    }

    private static String shortString(ByteBuffer buffer, int at) {
        byte[] bytes = new byte[buffer.get(at) & 0xFF];
        buffer.get(at + 1, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Stores the message described by {@link #content()} and gives it to the queues of its route.
     *
     * @param route where it goes; with no queue nothing happens and 0 is returned
     * @param persistent whether it shall survive a restart, in queues that do
     * @param awaited whether the publisher waits for a confirm
     * @return the log position that must be on disk before the publish is confirmed; 0 if none
     */
    public long publish(Route route, boolean persistent, boolean awaited, MessageFormat format) {
        return publish(0, route, persistent, awaited, format);
    }

    /**
     * As {@link #publish(Route, boolean, boolean, MessageFormat)}, where the publisher wants to hear
     * which queues took the message; see {@link Route#mayBeRefused}.
     */
    public void publishAsking(
            Route route, boolean persistent, MessageFormat format, Verdicts verdicts) {
        asking = new Asking(shard, verdicts);
        try {
            long unused = publish(0, route, persistent, true, format);
        } finally {
            asking = null;
        }
    }

    /** As {@link #publishAsking}, for a body that has come in whole. */
    public void publishLargeAsking(
            Route route,
            LargeBody body,
            boolean persistent,
            MessageFormat format,
            Verdicts verdicts) {
        asking = new Asking(shard, verdicts);
        try {
            long unused = publishLarge(0, route, body, persistent, true, format);
        } finally {
            asking = null;
        }
    }

    private long publish(
            int flags, Route route, boolean persistent, boolean awaited, MessageFormat format) {
        count(route, content.bodyLength());
        if (route.isTraced()) {
            session.firehose().published(content, route, channel, format);
        }
        int queues = route.size();
        if (queues == 0) {
            return 0;
        }
        vhostCounters.routed++;
        channelCounters.routed++;
        return placement.place(flags, route, content, persistent, awaited, format, asking);
    }

    /**
     * Begins a message whose body exceeds {@link MessageStore#maxContentBytes}: its bytes are stored
     * as they come in.
     */
    public LargeBody beginLarge(Route route, boolean persistent) {
        LargeBody body = placement.beginLarge(route, persistent);
        if (route.isTraced()) {
            body.keepCopy();
        }
        return body;
    }

    /** Publishes a message whose body has come in whole; {@link #content()} tells the rest of it. */
    public long publishLarge(
            Route route,
            LargeBody body,
            boolean persistent,
            boolean awaited,
            MessageFormat format) {
        return publishLarge(0, route, body, persistent, awaited, format);
    }

    private long publishLarge(
            int flags,
            Route route,
            LargeBody body,
            boolean persistent,
            boolean awaited,
            MessageFormat format) {
        count(route, body.bytes());
        if (route.isTraced()) {
            session.firehose().publishedLarge(content, route, channel, format, body.takeCopy());
        }
        int queues = route.size();
        if (queues == 0) {
            body.release();
            return 0;
        }
        vhostCounters.routed++;
        channelCounters.routed++;
        return placement.placeLarge(
                flags, route, body, content, persistent, awaited, format, asking);
    }

    /**
     * Publishes a message that only counts if the transaction's record follows.
     *
     * @param verdicts hears which queues took it; null if they have promised to
     */
    long publishInTransaction(
            Route route,
            @Nullable LargeBody body,
            boolean persistent,
            MessageFormat format,
            @Nullable Verdicts verdicts) {
        int flags = RecordLayout.IN_TRANSACTION;
        if (route.mayBeRefused()) {
            asking = verdicts == null ? new Insisting(shard) : new Asking(shard, verdicts);
        }
        try {
            return body == null
                    ? publish(flags, route, persistent, false, format)
                    : publishLarge(flags, route, body, persistent, false, format);
        } finally {
            asking = null;
        }
    }

    Shard shard() {
        return shard;
    }

    /** Puts off what is added to it, up to its commit or rollback; after that it can be used again. */
    public Transaction newTransaction() {
        return new Transaction(this, store);
    }

    /** Hands a message to its queues so that those that may refuse it say whether they took it. */
    private record Asking(Shard shard, Verdicts verdicts) implements Placement.HandOut {

        @Override
        public void handOut(Route route, long position, long awaited, int size, long word) {
            List<Queue> queues = route.queues();
            List<Queue> asked = queues.stream().filter(Queue::refusesPublishes).toList();
            long number = verdicts.asked(awaited, asked);
            for (Queue queue : queues) {
                int place = asked.indexOf(queue);
                Receiver to =
                        place < 0 ? queue : new Question(queue, place, verdicts, shard, number);
                shard.send(queue.shard(), to, position, size, word);
            }
        }
    }

    /** Hands a message to its queues so that they take it, full or not. */
    private record Insisting(Shard shard) implements Placement.HandOut {

        @Override
        public void handOut(Route route, long position, long awaited, int size, long word) {
            for (Queue queue : route.queues()) {
                shard.send(queue.shard(), queue, position, size, Arrival.insisting(word));
            }
        }
    }

    /** Offers a message to a queue and sends its answer back. Lives on the queue's shard. */
    private record Question(Queue queue, int place, Verdicts verdicts, Shard home, long number)
            implements Receiver {

        @Override
        public void receive(long position, long size, long word) {
            boolean taken = queue.offer(position, (int) size, word);
            queue.shard().send(home, verdicts, number, taken ? 1 : 0, place);
        }
    }

    private void count(Route route, long bodyBytes) {
        counters.published++;
        vhostCounters.published++;
        channelCounters.published++;
        route.count(shard);
        counters.publishedBytes += bodyBytes;
        counters.publishedSizes.add(bodyBytes);
        if (share != null) {
            share.published++;
            share.publishedBytes += bodyBytes;
            share.publishedSizes.add(bodyBytes);
            share.routed += route.size() == 0 ? 0 : 1;
        }
    }

    /** Counts a message that reached no queue. */
    public void unroutable(boolean returned) {
        if (returned) {
            counters.unroutableReturned++;
            vhostCounters.unroutableReturned++;
            channelCounters.unroutableReturned++;
            if (share != null) {
                share.unroutableReturned++;
            }
        } else {
            counters.unroutableDropped++;
            vhostCounters.unroutableDropped++;
            channelCounters.unroutableDropped++;
            if (share != null) {
                share.unroutableDropped++;
            }
        }
    }

    /** The message under way, read where it lies while it is routed. */
    private record Described(String routingKey, Content content, MessageFormat format)
            implements RoutedMessage {

        @Override
        public List<String> routingKeys() {
            if (!format.hasCopies(content.head(), content.headAt())) {
                return List.of(routingKey);
            }
            List<String> keys = new ArrayList<>();
            keys.add(routingKey);
            format.addCopies(content.head(), content.headAt(), keys);
            return keys;
        }

        @Override
        public HeaderCursor headers() {
            return format.headers(content.head(), content.headAt());
        }

        @Override
        public @Nullable String property(MessageProperty property) {
            return format.property(content.head(), content.headAt(), property);
        }
    }
}
