package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a message says of itself, under the names that RabbitMQ has for properties of 0-9-1. */
final class MessageTables {

    private static final int DURABLE = 0;
    private static final int PRIORITY = 1;
    private static final int TTL = 2;
    private static final int PERSISTENT = 2;
    private static final int CREATION_TIME = 9;
    private static final long MS_PER_S = 1000;

    /** By their place in the section. */
    private static final Map<Integer, String> NAMES =
            Map.of(
                    0, "message_id",
                    1, "user_id",
                    4, "reply_to",
                    5, "correlation_id",
                    6, "content_type",
                    7, "content_encoding",
                    10, "app_id");

    private MessageTables() {}

    /** Of the sections from {@code at} to {@code end}. */
    static Map<String, @Nullable Object> properties(ByteBuffer in, int at, int end) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        MessageSections sections = new MessageSections();
        sections.scanHead(in, at, end);
        int headers = sections.value(MessageSections.APPLICATION_PROPERTIES);
        if (headers >= 0) {
            table.put("headers", PlainValues.INSTANCE.read(in, headers));
        }
        int header = sections.value(MessageSections.HEADER);
        if (header >= 0) {
            ofHeader(table, in, header);
        }
        int properties = sections.value(MessageSections.PROPERTIES);
        if (properties >= 0) {
            ofProperties(table, in, properties);
        }
        return table;
    }

    private static void ofHeader(Map<String, @Nullable Object> table, ByteBuffer in, int list) {
        if (Values.isTrue(in, Values.element(in, list, DURABLE))) {
            table.put("delivery_mode", PERSISTENT);
        }
        int priority = Values.element(in, list, PRIORITY);
        if (priority >= 0) {
            table.put("priority", (int) Values.integer(in, priority));
        }
        int ttl = Values.element(in, list, TTL);
        if (ttl >= 0) {
            table.put("expiration", Long.toString(Values.integer(in, ttl)));
        }
    }

    private static void ofProperties(Map<String, @Nullable Object> table, ByteBuffer in, int list) {
        NAMES.forEach((field, name) -> {
            int found = Values.element(in, list, field);
            if (found >= 0) {
                table.put(name, String.valueOf(PlainValues.INSTANCE.read(in, found)));
            }
        });
        int created = Values.element(in, list, CREATION_TIME);
        if (created >= 0) {
            table.put("timestamp", Values.integer(in, created) / MS_PER_S);
        }
    }
}
