package io.chasqui.server.management;

import io.chasqui.core.definition.Binary;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Timestamp;
import io.chasqui.protocol.amqp091.UnsignedByte;
import io.chasqui.protocol.amqp091.UnsignedInt;
import io.chasqui.protocol.amqp091.UnsignedShort;
import io.chasqui.server.http.HttpRefusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The properties of a message (0-9-1 §1.8) as JSON, under their names in the specification. */
final class JsonProperties {

    private static final int LARGEST_OCTET = 255;

    private JsonProperties() {}

    static Map<String, @Nullable Object> of(BasicProperties properties) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        put(fields, "content_type", properties.contentType());
        put(fields, "content_encoding", properties.contentEncoding());
        put(fields, "headers", plain(properties.headers()));
        put(fields, "delivery_mode", properties.deliveryMode());
        put(fields, "priority", properties.priority());
        put(fields, "correlation_id", properties.correlationId());
        put(fields, "reply_to", properties.replyTo());
        put(fields, "expiration", properties.expiration());
        put(fields, "message_id", properties.messageId());
        put(fields, "timestamp", plain(properties.timestamp()));
        put(fields, "type", properties.type());
        put(fields, "user_id", properties.userId());
        put(fields, "app_id", properties.appId());
        put(fields, "cluster_id", properties.clusterId());
        return fields;
    }

    private static void put(
            Map<String, @Nullable Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case FieldTable table -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                table.asMap().forEach((name, each) -> fields.put(name, plain(each)));
                yield fields;
            }
            case List<?> list -> {
                List<@Nullable Object> elements = new ArrayList<>();
                list.forEach(each -> elements.add(plain(each)));
                yield elements;
            }
            case Timestamp time -> time.seconds();
            case UnsignedByte number -> number.value();
            case UnsignedShort number -> number.value();
            case UnsignedInt number -> number.value();
            case LongString text -> new String(text.octets(), StandardCharsets.UTF_8);
            case io.chasqui.protocol.amqp091.Binary octets ->
                    new String(octets.octets(), StandardCharsets.UTF_8);
            case null, default -> value;
        };
    }

    /** Reads them; what is no property is passed over, as in RabbitMQ. */
    static BasicProperties read(Body body) throws HttpRefusal {
        BasicProperties.Builder properties = BasicProperties.builder();
        for (String name : body.fields().keySet()) {
            switch (name) {
                case "content_type" -> properties.contentType(body.text(name));
                case "content_encoding" -> properties.contentEncoding(body.text(name));
                case "headers" -> properties.headers(table(body.arguments(name).asMap()));
                case "delivery_mode" -> properties.deliveryMode(octet(body, name));
                case "priority" -> properties.priority(octet(body, name));
                case "correlation_id" -> properties.correlationId(body.text(name));
                case "reply_to" -> properties.replyTo(body.text(name));
                case "expiration" -> properties.expiration(body.text(name));
                case "message_id" -> properties.messageId(body.text(name));
                case "timestamp" -> properties.timestamp(new Timestamp(body.number(name)));
                case "type" -> properties.type(body.text(name));
                case "user_id" -> properties.userId(body.text(name));
                case "app_id" -> properties.appId(body.text(name));
                case "cluster_id" -> properties.clusterId(body.text(name));
                default -> {}
            }
        }
        return properties.build();
    }

    private static int octet(Body body, String name) throws HttpRefusal {
        long value = body.number(name);
        if (value < 0 || value > LARGEST_OCTET) {
            throw HttpRefusal.badRequest(List.of("not_int", name));
        }
        return (int) value;
    }

    /** Plain values, as {@link Body#arguments} has them, are those of a field table but for a few. */
    private static FieldTable table(Map<?, ?> plain) {
        FieldTable.Builder table = FieldTable.builder();
        plain.forEach((name, value) -> table.put(String.valueOf(name), field(value)));
        return table.build();
    }

    private static @Nullable Object field(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> table(map);
            case Binary octets -> new String(octets.octets(), StandardCharsets.UTF_8);
            case List<?> list -> {
                List<@Nullable Object> elements = new ArrayList<>();
                list.forEach(each -> elements.add(field(each)));
                yield elements;
            }
            case null, default -> value;
        };
    }
}
