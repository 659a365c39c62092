package io.chasqui.core.exchange;

import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.MessageProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    @Override
    public @Nullable String property(MessageProperty property) {
        return null;
    }
}
