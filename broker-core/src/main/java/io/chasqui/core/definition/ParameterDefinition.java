package io.chasqui.core.definition;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A runtime parameter of RabbitMQ's: any value under a component and a name.
 *
 * @param component empty for a global parameter
 * @param boxed a table with the value as its only field, so that it can be anything a table can hold
 */
public record ParameterDefinition(String component, String name, Arguments boxed) {

    private static final String VALUE = "value";

    public static ParameterDefinition of(String component, String name, @Nullable Object value) {
        // Not Map.of, which takes no null.
        return new ParameterDefinition(component, name, Arguments.EMPTY.with(VALUE, value));
    }

    public static ParameterDefinition global(String name, @Nullable Object value) {
        return of("", name, value);
    }

    /** Deeply immutable. */
    public @Nullable Object value() {
        return boxed.get(VALUE);
    }

    /** The value as a table; empty if it is none. */
    public Arguments table() {
        return boxed.get(VALUE) instanceof Map<?, ?> map
                ? Arguments.of(texts(map))
                : Arguments.EMPTY;
    }

    private static Map<String, @Nullable Object> texts(Map<?, ?> map) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        map.forEach((name, value) -> table.put(String.valueOf(name), value));
        return table;
    }
}
