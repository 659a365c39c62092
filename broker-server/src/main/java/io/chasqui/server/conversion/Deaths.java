package io.chasqui.server.conversion;

import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.Timestamp;
import io.chasqui.protocol.amqp10.ValueWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The deaths of a message: {@code x-death} of 0-9-1 and {@code x-opt-deaths} of 1.0 tell the same, but
 * that 0-9-1 keeps the first time only, in seconds.
 */
final class Deaths {

    private static final long MS_PER_S = 1000;

    private Deaths() {}

    /** Writes the value of an {@code x-death} header as an array of maps. */
    static void write(ValueWriter out, @Nullable Object header) {
        List<FieldTable> deaths = new ArrayList<>();
        if (header instanceof List<?> list) {
            for (Object death : list) {
                if (death instanceof FieldTable table) {
                    deaths.add(table);
                }
            }
        }
        int array = out.beginArrayOfMaps();
        deaths.forEach(death -> write(out, death));
        out.end(array, deaths.size());
    }

    private static void write(ValueWriter out, FieldTable death) {
        int map = out.beginMapElement();
        int count = 14;
        if (death.get("original-expiration") instanceof String ttl) {
            out.symbol("ttl").uint(Long.parseLong(ttl));
            count += 2;
        }
        out.symbol("queue").string(text(death.get("queue")));
        out.symbol("reason").symbol(text(death.get("reason")));
        out.symbol("count").ulong(death.get("count") instanceof Long times ? times : 0);
        long timeMs = death.get("time") instanceof Timestamp time ? time.seconds() * MS_PER_S : 0;
        out.symbol("first-time").timestamp(timeMs);
        out.symbol("last-time").timestamp(timeMs);
        out.symbol("exchange").string(text(death.get("exchange")));
        out.symbol("routing-keys");
        int keys = out.beginArrayOfStrings();
        List<?> list = death.get("routing-keys") instanceof List<?> given ? given : List.of();
        list.forEach(key -> out.stringElement(String.valueOf(key)));
        out.end(keys, list.size());
        out.end(map, count);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** The value of an {@code x-death} header, of {@code x-opt-deaths} as values of 0-9-1. */
    static List<FieldTable> read(List<?> deaths) {
        List<FieldTable> tables = new ArrayList<>();
        for (Object death : deaths) {
            if (death instanceof FieldTable told) {
                tables.add(read(told.asMap()));
            }
        }
        return tables;
    }

    private static FieldTable read(Map<String, @Nullable Object> told) {
        FieldTable.Builder death = FieldTable.builder();
        if (told.get("ttl") instanceof Object ttl) {
            death.put("original-expiration", ttl.toString());
        }
        return death.put("count", told.get("count"))
                .put("reason", told.get("reason"))
                .put("queue", told.get("queue"))
                .put("time", told.get("first-time"))
                .put("exchange", told.get("exchange"))
                .put("routing-keys", told.get("routing-keys"))
                .build();
    }
}
