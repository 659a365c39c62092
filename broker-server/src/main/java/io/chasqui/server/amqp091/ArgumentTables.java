package io.chasqui.server.amqp091;

import io.chasqui.core.definition.Arguments;
import io.chasqui.protocol.amqp091.Binary;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Timestamp;
import io.chasqui.protocol.amqp091.UnsignedByte;
import io.chasqui.protocol.amqp091.UnsignedInt;
import io.chasqui.protocol.amqp091.UnsignedShort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Field tables as the core knows them: without what only matters on the wire. */
final class ArgumentTables {

    private ArgumentTables() {}

    static Arguments arguments(FieldTable table) {
        return table.isEmpty() ? Arguments.EMPTY : Arguments.of(plainMap(table));
    }

    /**
     * A field value in a type the core knows: unsigned numbers in the next wider signed type,
     * octets that are not text as {@link io.chasqui.core.definition.Binary}.
     */
    static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case UnsignedByte number -> (short) number.value();
            case UnsignedShort number -> number.value();
            case UnsignedInt number -> number.value();
            case Timestamp time -> instant(time.seconds());
            case LongString octets -> io.chasqui.core.definition.Binary.of(octets.octets());
            case Binary octets -> io.chasqui.core.definition.Binary.of(octets.octets());
            case FieldTable table -> plainMap(table);
            case List<?> list -> plainList(list);
            default -> value;
        };
    }

    static Map<String, @Nullable Object> plainMap(FieldTable table) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        table.asMap().forEach((name, value) -> plain.put(name, plain(value)));
        return plain;
    }

    private static List<@Nullable Object> plainList(List<?> list) {
        List<@Nullable Object> plain = new ArrayList<>(list.size());
        for (Object value : list) {
            plain.add(plain(value));
        }
        return plain;
    }

    /** A table of the core's as it is written to the wire. */
    static FieldTable wire(Map<?, ?> plain) {
        FieldTable.Builder table = FieldTable.builder();
        plain.forEach((name, value) -> table.put((String) name, wireValue(value)));
        return table.build();
    }

    private static @Nullable Object wireValue(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Instant time -> new Timestamp(time.getEpochSecond());
            case io.chasqui.core.definition.Binary octets -> Binary.of(octets.octets());
            case Map<?, ?> table -> wire(table);
            case List<?> list -> {
                List<@Nullable Object> values = new ArrayList<>(list.size());
                list.forEach(item -> values.add(wireValue(item)));
                yield values;
            }
            default -> value;
        };
    }

    /** Peers send nonsense as well, which is brought to the nearest time there is. */
    private static Instant instant(long seconds) {
        long possible =
                Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond());
        return Instant.ofEpochSecond(possible);
    }
}
