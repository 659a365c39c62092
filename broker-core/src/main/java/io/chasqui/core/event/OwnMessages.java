package io.chasqui.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.exchange.Placement;
import io.chasqui.core.exchange.Route;
import io.chasqui.core.exchange.RoutedMessage;
import io.chasqui.core.message.Content;
import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageProperty;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.OwnMessage;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the broker itself has to say: to internal exchanges too, with nobody's permissions,
 * counted as nobody's, and without a word if it reaches no queue. Belongs to one shard.
 */
public final class OwnMessages {

    private final MessageStore store;
    private final Placement placement;
    private final Content content = new Content();

    public OwnMessages(MessageStore store, Shard shard) {
        this.store = store;
        this.placement = new Placement(store, shard);
    }

    /** On the shard. */
    public void publish(VirtualHost vhost, OwnMessage message, MessageFormat format) {
        ByteBuffer body = message.body();
        Route route = describe(vhost, message, body.remaining(), format);
        if (route == null) {
            return;
        }
        if (content.namesLength() + content.imageLength() + body.remaining()
                <= store.maxContentBytes()) {
            content.body(body, body.position(), body.remaining());
            placement.place(0, route, content, message.persistent(), false, format, null);
        } else {
            LargeBody large = placement.beginLarge(route, message.persistent());
            large.add(body, body.position(), body.remaining());
            placement.placeLarge(
                    0, route, large, content, message.persistent(), false, format, null);
        }
    }

    /** Publishes a transient message whose body has been stored in parts. On the shard. */
    public void publishLarge(
            VirtualHost vhost, OwnMessage message, LargeBody body, MessageFormat format) {
        Route route = describe(vhost, message, body.bytes(), format);
        if (route == null) {
            body.release();
        } else {
            placement.placeLarge(0, route, body, content, false, false, format, null);
        }
    }

    /** Where the message goes; null if nowhere. The content has no body yet. */
    private @Nullable Route describe(
            VirtualHost vhost, OwnMessage message, long bodyBytes, MessageFormat format) {
        Exchange exchange = vhost.exchange(message.exchange());
        if (exchange == null || !exchange.hasBindings()) {
            return null;
        }
        ByteBuffer head = format.head(message, bodyBytes);
        ByteBuffer names = names(message);
        content.names(names, 0, names.capacity())
                .head(head, 0, head.limit())
                .body(message.body(), 0, 0);
        Route route =
                vhost.routing().routeFrom(exchange, new Routed(message.routingKey(), head, format));
        return route.size() == 0 ? null : route;
    }

    private static ByteBuffer names(OwnMessage message) {
        byte[] exchange = message.exchange().getBytes(UTF_8);
        byte[] key = message.routingKey().getBytes(UTF_8);
        return ByteBuffer.allocate(2 + exchange.length + key.length)
                .put((byte) exchange.length)
                .put(exchange)
                .put((byte) key.length)
                .put(key);
    }

    private record Routed(String routingKey, ByteBuffer head, MessageFormat format)
            implements RoutedMessage {

        @Override
        public List<String> routingKeys() {
            return List.of(routingKey);
        }

        @Override
        public HeaderCursor headers() {
            return format.headers(head, 0);
        }

        @Override
        public @Nullable String property(MessageProperty property) {
            return format.property(head, 0, property);
        }
    }
}
