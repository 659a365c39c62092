package io.chasqui.server.management;

import io.chasqui.core.definition.Arguments;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Json;
import io.chasqui.server.http.Request;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The JSON object of a request. What is wrong with it is said as RabbitMQ says it, with 400. */
public final class Body {

    /** Beyond this RabbitMQ breaks its lists into lines. */
    private static final int LINE = 79;

    private final Map<String, Object> fields;

    private Body(Map<String, Object> fields) {
        this.fields = fields;
    }

    static Body of(Request request) throws HttpRefusal {
        try {
            return new Body(Json.readObject(request.body()));
        } catch (HttpRefusal _) {
            throw HttpRefusal.badRequest("not_json");
        }
    }

    /** All there is. */
    public Map<String, Object> fields() {
        return fields;
    }

    /** The field as it is, null if there is none. */
    public @Nullable Object get(String name) {
        return fields.get(name);
    }

    /** Checks that these fields are there. */
    public void require(String... names) throws HttpRefusal {
        List<String> missing =
                Arrays.stream(names)
                        .filter(name -> !fields.containsKey(name))
                        .map(name -> "{key_missing," + name + "}")
                        .toList();
        if (!missing.isEmpty()) {
            String line = missing.stream().collect(Collectors.joining(",", "[", "]"));
            throw HttpRefusal.badRequest(
                    line.length() < LINE
                            ? line
                            : missing.stream().collect(Collectors.joining(",\n ", "[", "]")));
        }
    }

    /** A text that must be there. */
    public String text(String name) throws HttpRefusal {
        require(name);
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw HttpRefusal.badRequest(List.of("not_string", name));
    }

    /** A text, if there is one. */
    public Optional<String> optionalText(String name) throws HttpRefusal {
        return fields.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** A flag, also as a text. */
    public boolean flag(String name, boolean otherwise) throws HttpRefusal {
        return switch (fields.get(name)) {
            case null -> otherwise;
            case Boolean flag -> flag;
            case String text when text.equals("true") -> true;
            case String text when text.equals("false") -> false;
            case Object other -> throw HttpRefusal.badRequest(List.of("not_boolean", other));
        };
    }

    /** A whole number that must be there, also as a text. */
    public long number(String name) throws HttpRefusal {
        require(name);
        Object value = fields.get(name);
        try {
            return switch (value) {
                case Integer number -> number;
                case Long number -> number;
                case String text -> Long.parseLong(text);
                case null, default -> throw new NumberFormatException();
            };
        } catch (NumberFormatException _) {
            throw HttpRefusal.badRequest(List.of("not_int", name));
        }
    }

    /** A whole number, also as a text, if there is one. */
    public long number(String name, long otherwise) throws HttpRefusal {
        return fields.containsKey(name) ? number(name) : otherwise;
    }

    /** An object inside, to be read in the same way. */
    public Body inside(String name) throws HttpRefusal {
        return new Body(object(name));
    }

    /** An object inside; none counts as an empty one, and so does an empty list, as PHP has it. */
    public Map<String, Object> object(String name) throws HttpRefusal {
        return switch (fields.get(name)) {
            case null -> Map.of();
            case Map<?, ?> map -> textKeyed(map);
            case List<?> list when list.isEmpty() -> Map.of();
            case Object _ -> throw HttpRefusal.badRequest(List.of("not_object", name));
        };
    }

    private static Map<String, Object> textKeyed(Map<?, ?> map) {
        Map<String, Object> object = new LinkedHashMap<>();
        map.forEach((key, value) -> object.put(String.valueOf(key), value));
        return object;
    }

    /** The arguments of a declaration or binding; whole numbers are 64 bits wide. */
    public Arguments arguments(String name) throws HttpRefusal {
        return argumentsOf(object(name));
    }

    /** The same, of a JSON object. */
    public static Arguments argumentsOf(Map<String, Object> object) throws HttpRefusal {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : object.entrySet()) {
            values.put(entry.getKey(), argument(entry.getValue()));
        }
        return Arguments.of(values);
    }

    private static Object argument(@Nullable Object value) throws HttpRefusal {
        return switch (value) {
            case null -> throw HttpRefusal.badRequest("null_not_allowed");
            case Integer number -> (long) number;
            case BigInteger _ -> throw HttpRefusal.badRequest("integer out of range");
            case Map<?, ?> map -> argumentsOf(textKeyed(map)).asMap();
            case List<?> list -> {
                List<Object> elements = new ArrayList<>();
                for (Object element : list) {
                    elements.add(argument(element));
                }
                yield elements;
            }
            case Object other -> other;
        };
    }
}
