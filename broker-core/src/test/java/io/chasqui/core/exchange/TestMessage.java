package io.chasqui.core.exchange;

import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.MessageProperty;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message with headers, a name perhaps twice, and perhaps with carbon copies. */
public record TestMessage(
        List<String> routingKeys,
        List<Map.Entry<String, @Nullable Object>> fields,
        Map<MessageProperty, String> properties)
        implements RoutedMessage {

    public static TestMessage withHeaders(Map<String, Object> headers) {
        return new TestMessage(List.of(""), new ArrayList<>(headers.entrySet()), Map.of());
    }

    public static TestMessage withKeys(String... keys) {
        return new TestMessage(List.of(keys), List.of(), Map.of());
    }

    public static TestMessage with(MessageProperty property, String value) {
        return new TestMessage(List.of(""), List.of(), Map.of(property, value));
    }

    @Override
    public @Nullable String property(MessageProperty property) {
        return properties.get(property);
    }

    @Override
    public HeaderCursor headers() {
        Iterator<Map.Entry<String, @Nullable Object>> left = fields.iterator();
        return new HeaderCursor() {
            private Map.@Nullable Entry<String, @Nullable Object> at;

            @Override
            public boolean next() {
                at = left.hasNext() ? left.next() : null;
                return at != null;
            }

            @Override
            public String name() {
                return at.getKey();
            }

            @Override
            public @Nullable Object value() {
                return at.getValue();
            }
        };
    }
}
