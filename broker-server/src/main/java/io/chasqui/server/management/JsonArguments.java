package io.chasqui.server.management;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.Binary;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tables of arguments as JSON has them: times in seconds, octets as text. */
public final class JsonArguments {

    private JsonArguments() {}

    public static Map<String, @Nullable Object> of(Arguments arguments) {
        return of(arguments.asMap());
    }

    /** The same, of plain values as {@link Arguments} has them. */
    public static Map<String, @Nullable Object> of(Map<?, ?> table) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        table.forEach((name, value) -> object.put(String.valueOf(name), value(value)));
        return object;
    }

    private static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case Instant time -> time.getEpochSecond();
            case Binary octets -> new String(octets.octets(), StandardCharsets.UTF_8);
            case Map<?, ?> table -> of(table);
            case List<?> list -> {
                List<@Nullable Object> elements = new ArrayList<>();
                list.forEach(element -> elements.add(value(element)));
                yield elements;
            }
            case null, default -> value;
        };
    }
}
