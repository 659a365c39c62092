package io.chasqui.server.definitions;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.Binary;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of tables as JSON has them, and back. Times become seconds, octets text, as in RabbitMQ;
 * whole numbers come back 64 bits wide.
 */
public final class JsonValues {

    private JsonValues() {}

    /** The table as JSON. */
    public static Map<String, @Nullable Object> json(Arguments arguments) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        arguments.asMap().forEach((name, value) -> object.put(name, json(value)));
        return object;
    }

    /** A value of a table as JSON. */
    public static @Nullable Object json(@Nullable Object value) {
        return switch (value) {
            case Instant time -> time.getEpochSecond();
            case Binary octets -> new String(octets.octets(), StandardCharsets.UTF_8);
            case BigDecimal number -> number.doubleValue();
            case Float number -> (double) number;
            case Byte number -> (int) number;
            case Short number -> (int) number;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                map.forEach((name, each) -> object.put(String.valueOf(name), json(each)));
                yield object;
            }
            case List<?> list -> {
                List<@Nullable Object> elements = new ArrayList<>();
                list.forEach(each -> elements.add(json(each)));
                yield elements;
            }
            case null, default -> value;
        };
    }

    /** A JSON object as a table. */
    public static Arguments table(Map<?, ?> object) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        object.forEach((name, value) -> table.put(String.valueOf(name), plain(value)));
        return Arguments.of(table);
    }

    /** A value of JSON as one of a table. */
    public static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Integer number -> (long) number;
            case BigInteger number -> new BigDecimal(number);
            case Map<?, ?> map -> table(map).asMap();
            case List<?> list -> {
                List<@Nullable Object> elements = new ArrayList<>();
                list.forEach(each -> elements.add(plain(each)));
                yield elements;
            }
            case null, default -> value;
        };
    }
}
