package io.chasqui.core.definition;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The value of an argument in RabbitMQ's words, for texts which clients read and match on: its
 * names of the field types, and values as Erlang prints them.
 */
public final class FieldValue {

    private FieldValue() {}

    public static String typeName(@Nullable Object value) {
        return switch (value) {
            case null -> "void";
            case Boolean _ -> "bool";
            case Byte _ -> "byte";
            case Short _ -> "short";
            case Integer _ -> "signedint";
            case Long _ -> "long";
            case Float _ -> "float";
            case Double _ -> "double";
            case BigDecimal _ -> "decimal";
            case String _ -> "longstr";
            case Instant _ -> "timestamp";
            case Binary _ -> "binary";
            case List<?> _ -> "array";
            case Map<?, ?> _ -> "table";
            default -> throw new IllegalArgumentException(value.getClass().getName());
        };
    }

    /** As {@code ~ts} prints a string and {@code ~tp} anything else. */
    static String text(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Binary octets -> new String(octets.octets(), StandardCharsets.UTF_8);
            case null, default -> term(value);
        };
    }

    /** A value inside another one: strings in {@code <<"...">>}. */
    public static String term(@Nullable Object value) {
        return switch (value) {
            case null -> "undefined";
            case Float number -> number.toString().toLowerCase(Locale.ROOT);
            case Double number -> number.toString().toLowerCase(Locale.ROOT);
            case BigDecimal number -> "{" + number.scale() + "," + number.unscaledValue() + "}";
            case Instant instant -> Long.toString(instant.getEpochSecond());
            case String text -> octets(text);
            case Binary octets -> octets(text(octets));
            case List<?> list ->
                    list.stream()
                            .map(item -> "{" + typeName(item) + "," + term(item) + "}")
                            .collect(Collectors.joining(",", "[", "]"));
            case Map<?, ?> table ->
                    table.entrySet().stream()
                            .map(FieldValue::row)
                            .collect(Collectors.joining(",", "[", "]"));
            default -> value.toString();
        };
    }

    private static String octets(String text) {
        return text.isEmpty() ? "<<>>" : "<<\"" + text + "\">>";
    }

    private static String row(Map.Entry<?, ?> entry) {
        Object value = entry.getValue();
        return "{" + term(entry.getKey()) + "," + typeName(value) + "," + term(value) + "}";
    }
}
