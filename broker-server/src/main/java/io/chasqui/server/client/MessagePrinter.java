package io.chasqui.server.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Timestamp;
import io.chasqui.protocol.amqp091.UnsignedByte;
import io.chasqui.protocol.amqp091.UnsignedInt;
import io.chasqui.protocol.amqp091.UnsignedShort;
import io.chasqui.server.http.Json;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How {@code chasqui consume} shows a message: a line each. */
enum MessagePrinter {

    /** The body as UTF-8 text. */
    RAW {
        @Override
        void print(ClientMessage message, PrintWriter out) {
            out.println(new String(message.body(), UTF_8));
        }
    },

    /** An object with all there is; a body that is not UTF-8 is {@code bodyBase64}. */
    JSON {
        @Override
        void print(ClientMessage message, PrintWriter out) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            if (message.method() instanceof BasicMethod.Deliver deliver) {
                fields.put("exchange", deliver.exchange());
                fields.put("routingKey", deliver.routingKey());
                fields.put("redelivered", deliver.redelivered());
            }
            fields.put("properties", properties(message.properties()));
            try {
                ByteBuffer body = ByteBuffer.wrap(message.body());
                fields.put("body", UTF_8.newDecoder().decode(body).toString());
            } catch (CharacterCodingException _) {
                fields.put("bodyBase64", Base64.getEncoder().encodeToString(message.body()));
            }
            out.println(Json.text(fields));
        }
    };

    abstract void print(ClientMessage message, PrintWriter out);

    private static Map<String, @Nullable Object> properties(BasicProperties properties) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        putIfSet(fields, "contentType", properties.contentType());
        putIfSet(fields, "contentEncoding", properties.contentEncoding());
        putIfSet(fields, "headers", properties.headers());
        putIfSet(fields, "deliveryMode", properties.deliveryMode());
        putIfSet(fields, "priority", properties.priority());
        putIfSet(fields, "correlationId", properties.correlationId());
        putIfSet(fields, "replyTo", properties.replyTo());
        putIfSet(fields, "expiration", properties.expiration());
        putIfSet(fields, "messageId", properties.messageId());
        putIfSet(fields, "timestamp", properties.timestamp());
        putIfSet(fields, "type", properties.type());
        putIfSet(fields, "userId", properties.userId());
        putIfSet(fields, "appId", properties.appId());
        return fields;
    }

    private static void putIfSet(
            Map<String, @Nullable Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, plain(value));
        }
    }

    /** The value of a field table as JSON knows values; time is in seconds since 1970. */
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case FieldTable table -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                table.asMap().forEach((name, each) -> fields.put(name, plain(each)));
                yield fields;
            }
            case List<?> list ->
                    list.stream().<@Nullable Object>map(MessagePrinter::plain).toList();
            case Timestamp time -> time.seconds();
            case UnsignedByte number -> number.value();
            case UnsignedShort number -> number.value();
            case UnsignedInt number -> number.value();
            case LongString text -> Base64.getEncoder().encodeToString(text.octets());
            case null -> null;
            default -> value;
        };
    }
}
