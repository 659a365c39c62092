package io.chasqui.core.event;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionListener;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.OwnMessage;
import io.chasqui.core.security.Actor;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.time.Clock;
import io.chasqui.core.vhost.VirtualHost;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ's event exchange: a persistent message without a body for each event, whose routing key
 * says what happened, such as {@code queue.created}, and whose headers say the rest. It is in the
 * default virtual host. Safe for use by any thread; all events go out through one shard, in order.
 */
public final class EventExchange implements DefinitionListener {

    /** The name of the exchange. */
    public static final String NAME = "amq.rabbitmq.event";

    private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0);
    private static final long MS_PER_SECOND = 1000;

    private final Supplier<@Nullable VirtualHost> home;
    private final Shard shard;
    private final OwnMessages messages;
    private final Clock clock;
    private final String node;

    /** Null until there is a protocol to say it in. */
    private volatile @Nullable MessageFormat format;

    /**
     * @param home the virtual host with the exchange; null if it is gone, or not there yet
     * @param shard through which events go out
     * @param node what the broker is called
     */
    public EventExchange(
            Supplier<@Nullable VirtualHost> home,
            Shard shard,
            MessageStore store,
            Clock clock,
            String node) {
        this.home = home;
        this.shard = shard;
        this.messages = new OwnMessages(store, shard);
        this.clock = clock;
        this.node = node;
    }

    /** The exchange itself, which is in no log. */
    public static ExchangeDefinition definition() {
        return new ExchangeDefinition(NAME, ExchangeType.TOPIC, true, false, true, Arguments.EMPTY);
    }

    /** Says in which format to speak, from now on. */
    public void speak(MessageFormat spoken) {
        format = spoken;
    }

    /** What the broker is called. */
    public String node() {
        return node;
    }

    @Override
    public boolean isListening() {
        VirtualHost vhost = home.get();
        Exchange exchange = vhost == null ? null : vhost.exchange(NAME);
        return exchange != null && exchange.hasBindings() && format != null;
    }

    @Override
    public void changed(DefinitionChange change, boolean replaces) {
        DefinitionEvents.tell(change, replaces, this::emit);
    }

    /** Tells an event in the name of whoever acts; asked for only while somebody listens. */
    public void emit(String key, Map<String, @Nullable Object> about) {
        VirtualHost vhost = home.get();
        MessageFormat spoken = format;
        if (vhost == null || spoken == null) {
            return;
        }
        long nowMs = clock.wallMs();
        Map<String, @Nullable Object> headers = new LinkedHashMap<>(about);
        headers.putIfAbsent("user_who_performed_action", Actor.current());
        headers.put("timestamp_in_ms", nowMs);
        OwnMessage message =
                new OwnMessage(NAME, key, headers, true, nowMs / MS_PER_SECOND, NO_BODY);
        shard.submit(() -> messages.publish(vhost, message, spoken));
    }
}
