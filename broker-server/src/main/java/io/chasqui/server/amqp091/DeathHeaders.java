package io.chasqui.server.amqp091;

import io.chasqui.core.message.Death;
import io.chasqui.protocol.amqp091.BasicProperty;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.HeaderFields;
import io.chasqui.protocol.amqp091.Timestamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The headers in which RabbitMQ tells of a message's deaths. {@code x-death} has one table for each
 * queue and reason, the newest first:
 *
 * <pre>
 *   original-expiration: S (if it had one)   count: l   reason: S   queue: S   time: T
 *   exchange: S   routing-keys: A of S
 * </pre>
 *
 * The count rises when the same happens again; the rest stays as it was the first time. {@code
 * x-first-death-*} and {@code x-last-death-*} tell queue, reason and exchange of the first and last.
 */
final class DeathHeaders {

    private static final String DEATHS = "x-death";
    private static final String FIRST = "x-first-death-";
    private static final String LAST = "x-last-death-";
    private static final String QUEUE = "queue";
    private static final String REASON = "reason";
    private static final String EXCHANGE = "exchange";
    private static final String COUNT = "count";
    private static final String EXPIRATION = "original-expiration";
    private static final String ROUTING_KEYS = "routing-keys";
    private static final String TIME = "time";
    private static final long MS_PER_S = 1000;

    private DeathHeaders() {}

    /** See {@link io.chasqui.core.message.MessageFormat#withDeath}. */
    static ByteBuffer add(ByteBuffer head, int at, int size, Death death, boolean known) {
        HeaderFields fields = HeaderFields.of(head, at);
        List<FieldTable> before = known ? tables(fields) : List.of();
        fields.put(DEATHS, with(before, death, ContentHeader.expiration(head, at)));
        if (before.isEmpty()) {
            put(fields, FIRST, death);
        }
        put(fields, LAST, death);
        return fields.copy(head, at, size, BasicProperty.EXPIRATION);
    }

    private static void put(HeaderFields fields, String which, Death death) {
        fields.put(which + QUEUE, death.queue())
                .put(which + REASON, death.reason().wireName())
                .put(which + EXCHANGE, death.exchange());
    }

    private static List<FieldTable> with(
            List<FieldTable> before, Death death, Optional<String> expiration) {
        List<FieldTable> deaths = new ArrayList<>(before);
        for (int i = 0; i < deaths.size(); i++) {
            FieldTable one = deaths.get(i);
            if (death.queue().equals(one.get(QUEUE))
                    && death.reason().wireName().equals(one.get(REASON))) {
                deaths.remove(i);
                deaths.addFirst(countedOnceMore(one));
                return deaths;
            }
        }
        deaths.addFirst(first(death, expiration));
        return deaths;
    }

    private static FieldTable first(Death death, Optional<String> expiration) {
        FieldTable.Builder table = FieldTable.builder();
        expiration.ifPresent(text -> table.put(EXPIRATION, text));
        return table.put(COUNT, 1L)
                .put(REASON, death.reason().wireName())
                .put(QUEUE, death.queue())
                .put(TIME, new Timestamp(death.timeMs() / MS_PER_S))
                .put(EXCHANGE, death.exchange())
                .put(ROUTING_KEYS, death.routingKeys())
                .build();
    }

    private static FieldTable countedOnceMore(FieldTable one) {
        FieldTable.Builder table = FieldTable.builder();
        one.forEach((name, value) ->
                table.put(
                        name,
                        name.equals(COUNT) && value instanceof Long count ? count + 1 : value));
        return table.build();
    }

    /** See {@link io.chasqui.core.message.MessageFormat#deaths}. */
    static List<Death.Past> read(ByteBuffer head, int at) {
        return tables(HeaderFields.of(head, at)).stream()
                .map(table ->
                        new Death.Past(
                                Objects.toString(table.get(QUEUE), ""),
                                Objects.toString(table.get(REASON), "")))
                .toList();
    }

    private static List<FieldTable> tables(HeaderFields fields) {
        List<FieldTable> tables = new ArrayList<>();
        if (fields.get(DEATHS) instanceof List<?> deaths) {
            for (Object death : deaths) {
                if (death instanceof FieldTable table) {
                    tables.add(table);
                }
            }
        }
        return tables;
    }
}
