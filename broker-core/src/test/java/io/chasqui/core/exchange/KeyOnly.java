package io.chasqui.core.exchange;

import io.chasqui.core.message.HeaderCursor;
import java.util.List;

/** A message with a routing key and nothing else. */
public record KeyOnly(String routingKey) implements RoutedMessage {

    @Override
    public List<String> routingKeys() {
        return List.of(routingKey);
    }

    @Override
    public HeaderCursor headers() {
        return HeaderCursor.NONE;
    }
}
