package io.chasqui.core.exchange;

import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.MessageProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an exchange may look at in a message. */
public interface RoutedMessage {

    /**
     * The keys to route by, never none: the message's routing key, then those of its carbon copies,
     * RabbitMQ's CC and BCC.
     */
    List<String> routingKeys();

    /** The application headers, from the first one on. */
    HeaderCursor headers();

    /** The property as text, a timestamp in seconds since 1970; null if the message has none. */
    @Nullable String property(MessageProperty property);
}
