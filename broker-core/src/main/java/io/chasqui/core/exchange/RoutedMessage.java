package io.chasqui.core.exchange;

import io.chasqui.core.message.HeaderCursor;
import java.util.List;

/** What an exchange may look at in a message. */
public interface RoutedMessage {

    /**
     * The keys to route by, never none: the message's routing key, then those of its carbon copies,
     * RabbitMQ's CC and BCC.
     */
    List<String> routingKeys();

    /** The application headers, from the first one on. */
    HeaderCursor headers();
}
