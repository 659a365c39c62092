package io.chasqui.core.exchange;

import io.chasqui.core.definition.Binary;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Header values in a form in which {@code equals} says what RabbitMQ 4.3 says when a headers
 * exchange compares them:
 *
 * <ul>
 *   <li>integers are equal by value, whatever their width, and so are floats; an integer never
 *       equals a float, nor does a number equal text
 *   <li>text and binary are equal by their octets
 *   <li>a timestamp is an integer: of seconds in a binding, of milliseconds in a message
 *   <li>what lies inside arrays and tables is equal only if its type is too, the rows of tables in
 *       the same order; an empty array equals an empty table
 * </ul>
 */
final class HeaderValue {

    private static final long MS_PER_SECOND = 1000;

    /** A value that is there and equals nothing that a binding asks for. */
    private static final Object INCOMPARABLE = new Object();

    /** A row of a nested table. */
    private record Row(String name, @Nullable Object value) {}

    private HeaderValue() {}

    /** The value of an argument of a binding, which is not void. */
    static Object ofBinding(Object value) {
        return value instanceof Instant time ? number(time.getEpochSecond(), 1) : comparable(value);
    }

    /** The value of a message's header. */
    static Object ofMessage(@Nullable Object value) {
        return switch (value) {
            case null -> INCOMPARABLE;
            case Instant time -> number(time.getEpochSecond(), MS_PER_SECOND);
            default -> comparable(value);
        };
    }

    /** Times that a peer sends are unsigned; those beyond what a number here can be are no match. */
    private static Object number(long seconds, long unit) {
        return seconds < 0 || seconds > Long.MAX_VALUE / unit
                ? INCOMPARABLE
                : (Object) (seconds * unit);
    }

    private static Object comparable(Object value) {
        return switch (value) {
            case Byte number -> (long) number;
            case Short number -> (long) number;
            case Integer number -> (long) number;
            case Float number -> (double) number;
            case Binary octets -> textIfPossible(octets);
            case List<?> list -> nested(list);
            case Map<?, ?> table -> nested(table);
            default -> value;
        };
    }

    private static Object textIfPossible(Binary octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.octets()))
                    .toString();
        } catch (CharacterCodingException e) {
            return octets;
        }
    }

    private static List<@Nullable Object> nested(List<?> list) {
        List<@Nullable Object> items = new ArrayList<>(list.size());
        for (Object item : list) {
            items.add(nestedValue(item));
        }
        return items;
    }

    private static List<@Nullable Object> nested(Map<?, ?> table) {
        List<@Nullable Object> rows = new ArrayList<>(table.size());
        table.forEach((name, value) -> rows.add(new Row((String) name, nestedValue(value))));
        return rows;
    }

    private static @Nullable Object nestedValue(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> nested(list);
            case Map<?, ?> table -> nested(table);
            case null, default -> value;
        };
    }
}
