package io.chasqui.server.amqp10.filter;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message with what a test gives it. */
final class FakeMessage implements MessageFields {

    private final Map<Field, Object> fields = new EnumMap<>(Field.class);
    private final Map<String, Object> properties = new HashMap<>();

    FakeMessage with(Field field, Object value) {
        fields.put(field, value);
        return this;
    }

    FakeMessage with(String property, Object value) {
        properties.put(property, value);
        return this;
    }

    @Override
    public @Nullable Object field(Field field) {
        return fields.get(field);
    }

    @Override
    public @Nullable Object applicationProperty(String name) {
        return properties.get(name);
    }

    @Override
    public long nowMs() {
        return 1_000_000;
    }
}
