package io.chasqui.core.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.event.OwnMessages;
import io.chasqui.core.exchange.Route;
import io.chasqui.core.message.Content;
import io.chasqui.core.message.FurtherKeys;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageFormats;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.OwnMessage;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.queue.Queue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ's firehose, for one session: while its virtual host is traced, a copy of each message
 * that it publishes or is given goes to the exchange {@code amq.rabbitmq.trace}, with what happened
 * in the routing key and the message's properties and circumstances in the headers.
 *
 * <p>The copy is taken at once, because the message's memory will not wait, and published by a task
 * of its own, because whoever delivers is in the midst of a queue.
 */
final class Firehose {

    static final String EXCHANGE = "amq.rabbitmq.trace";

    private static final int LONGEST_KEY_BYTES = 255;

    private final Session session;
    private final String node;
    private final OwnMessages messages;
    private final MessageFormats formats;

    Firehose(Session session, MessageStore store, String node) {
        this.session = session;
        this.node = node;
        this.messages = new OwnMessages(store, session.shard());
        this.formats = store.formats();
    }

    /** A message was routed and is about to be handed to its queues. */
    void published(Content message, Route route, int channel, MessageFormat format) {
        ByteBuffer body = copy(message.body(), message.bodyAt(), message.bodyLength());
        publish(publication(message, route, channel, format, body), format);
    }

    /** The same for a body that was stored in parts, of which {@code copy} is another. */
    void publishedLarge(
            Content message, Route route, int channel, MessageFormat format, LargeBody copy) {
        OwnMessage trace = publication(message, route, channel, format, ByteBuffer.allocate(0));
        session.shard().submit(() -> messages.publishLarge(session.vhost(), trace, copy, format));
    }

    private OwnMessage publication(
            Content message, Route route, int channel, MessageFormat format, ByteBuffer body) {
        String exchange = shortString(message.names(), message.namesAt());
        Map<String, @Nullable Object> headers =
                circumstances(
                        exchange,
                        route.tracedKeys(),
                        channel,
                        format.properties(message.head(), message.headAt()));
        List<String> queues = new ArrayList<>(route.size());
        for (int i = 0; i < route.size(); i++) {
            queues.add(route.queue(i).name());
        }
        headers.put("routed_queues", queues);
        return trace("publish." + exchange, headers, body);
    }

    /**
     * A message was written to the client.
     *
     * @param record a copy of its record, from index 0 on
     */
    void delivered(Queue queue, DeliverySink sink, boolean redelivered, ByteBuffer record) {
        int namesAt = StoredMessage.namesAt(record, 0);
        String exchange = shortString(record, namesAt);
        MessageFormat format = formats.of(record, 0);
        if (exchange.equals(EXCHANGE) || format == null) {
            return;
        }
        int imageAt = StoredMessage.imageAt(record, 0);
        int imageLength = StoredMessage.imageLength(record, 0);
        List<String> keys = new ArrayList<>();
        keys.add(shortString(record, namesAt + 1 + (record.get(namesAt) & 0xFF)));
        FurtherKeys further = StoredMessage.furtherKeys(record, 0);
        if (further == null) {
            format.addCopies(record, imageAt, keys);
        } else {
            keys.addAll(further.visible());
            keys.addAll(further.blind());
        }
        Map<String, @Nullable Object> headers =
                circumstances(exchange, keys, sink.channel(), format.properties(record, imageAt));
        headers.put("redelivered", redelivered ? 1 : 0);
        int bodyBytes = (int) format.bodyBytes(record, imageAt, imageLength);
        ByteBuffer body = record.slice(imageAt + imageLength - bodyBytes, bodyBytes);
        publish(trace("deliver." + queue.name(), headers, body), format);
    }

    /** A copy of memory that will be used again. */
    static ByteBuffer copy(ByteBuffer memory, int at, int length) {
        return ByteBuffer.allocate(length).put(0, memory, at, length);
    }

    private Map<String, @Nullable Object> circumstances(
            String exchange,
            List<String> routingKeys,
            int channel,
            Map<String, @Nullable Object> properties) {
        Map<String, @Nullable Object> headers = new TreeMap<>();
        headers.put("exchange_name", exchange);
        headers.put("routing_keys", routingKeys);
        headers.put("properties", properties);
        headers.put("node", node);
        headers.put("vhost", session.vhost().name());
        headers.put("connection", session.client().name());
        headers.put("channel", channel);
        headers.put("user", session.user());
        return headers;
    }

    /** As in RabbitMQ the copy has no property but headers, so it is not persistent. */
    private static OwnMessage trace(
            String key, Map<String, @Nullable Object> headers, ByteBuffer body) {
        return new OwnMessage(
                EXCHANGE, shortened(key), headers, false, OwnMessage.NO_TIMESTAMP, body);
    }

    private void publish(OwnMessage trace, MessageFormat format) {
        session.shard().submit(() -> messages.publish(session.vhost(), trace, format));
    }

    /** The names of some queues and exchanges leave no room for the prefix. */
    private static String shortened(String key) {
        String fitting = key;
        while (fitting.getBytes(UTF_8).length > LONGEST_KEY_BYTES) {
            fitting = fitting.substring(0, fitting.offsetByCodePoints(fitting.length(), -1));
        }
        return fitting;
    }

    private static String shortString(ByteBuffer buffer, int at) {
        byte[] bytes = new byte[buffer.get(at) & 0xFF];
        buffer.get(at + 1, bytes);
        return new String(bytes, UTF_8);
    }
}
