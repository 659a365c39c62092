package io.chasqui.server.conversion;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.message.StoredMessage;
import io.chasqui.protocol.amqp091.BasicProperty;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message of 0-9-1 as 1.0 has it.
 *
 * <pre>
 *   delivery-mode 2, priority, expiration           header: durable, priority, ttl
 *   message-id, correlation-id (urn:uuid: as uuid)  properties
 *   user-id, content-type, content-encoding         properties
 *   reply-to                                        properties: reply-to, as /queues/:queue
 *   timestamp (s)                                   properties: creation-time (ms)
 *   app-id                                          properties: group-id
 *   type                                            message annotation x-basic-type
 *   headers x-..., CC                               message annotations, CC as x-cc
 *   other headers that are simple                   application-properties
 *   body                                            one data section
 * </pre>
 *
 * Tables and arrays among the other headers are left out, as in RabbitMQ. A message of type {@code
 * amqp-1.0} has whole sections for a body.
 */
public final class ToAmqp10 {

    /** The type of a message of 0-9-1 whose body is sections of 1.0. */
    static final String SECTIONS = "amqp-1.0";

    static final String DEATHS_10 = "x-opt-deaths";
    static final String DEATHS_091 = "x-death";
    static final String COPIES_10 = "x-cc";
    static final String COPIES_091 = "CC";
    static final String TYPE = "x-basic-type";
    static final String URN_UUID = "urn:uuid:";
    private static final int PERSISTENT = 2;
    private static final int HEADER_FIELDS = 5;
    private static final int PROPERTIES = 11;

    /** What becomes a property. */
    private static final Set<BasicProperty> HAVE_A_PLACE =
            EnumSet.of(
                    BasicProperty.MESSAGE_ID,
                    BasicProperty.USER_ID,
                    BasicProperty.REPLY_TO,
                    BasicProperty.CORRELATION_ID,
                    BasicProperty.CONTENT_TYPE,
                    BasicProperty.CONTENT_ENCODING,
                    BasicProperty.TIMESTAMP,
                    BasicProperty.APP_ID);

    private static final long MS_PER_S = 1000;

    private final ValueWriter out;
    private final ByteBuffer in;
    private final int head;

    private ToAmqp10(ValueWriter out, ByteBuffer in, int head) {
        this.out = out;
        this.in = in;
        this.head = head;
    }

    /**
     * Writes everything but the octets of the body, which follow in the record.
     *
     * @param record memory with the record of a message of 0-9-1 at {@code at}
     * @param counts of a message that was given out before
     * @return where in the record the body begins
     */
    public static int write(
            ValueWriter out,
            ByteBuffer record,
            int at,
            boolean redelivered,
            DeliveryCounts counts) {
        int image = StoredMessage.imageAt(record, at);
        int bodyBytes = (int) ContentHeader.bodySize(record, image);
        ToAmqp10 conversion = new ToAmqp10(out, record, image);
        conversion.header(redelivered, counts.failures());
        FieldTable headers =
                ContentHeader.has(record, image, BasicProperty.HEADERS)
                        ? ContentHeader.headers(record, image)
                        : FieldTable.EMPTY;
        conversion.annotations(headers.asMap(), counts, record, at);
        conversion.properties();
        conversion.applicationProperties(headers.asMap());
        if (!conversion.text(BasicProperty.TYPE).equals(Optional.of(SECTIONS))) {
            out.described(MessageSections.DATA).binaryHeader(bodyBytes);
        }
        return image + StoredMessage.imageLength(record, at) - bodyBytes;
    }

    private Optional<String> text(BasicProperty property) {
        return ContentHeader.text(in, head, property);
    }

    private void header(boolean redelivered, int failures) {
        out.described(MessageSections.HEADER);
        int list = out.beginList();
        out.bool(ContentHeader.deliveryMode(in, head) == PERSISTENT);
        int priority = ContentHeader.priority(in, head);
        if (priority == StoredMessage.NO_PRIORITY) {
            out.putNull();
        } else {
            out.ubyte(priority);
        }
        text(BasicProperty.EXPIRATION)
                .ifPresentOrElse(ms -> out.uint(Long.parseLong(ms)), out::putNull);
        out.bool(!redelivered);
        out.uint(failures);
        out.end(list, HEADER_FIELDS);
    }

    private void annotations(
            Map<String, @Nullable Object> headers,
            DeliveryCounts counts,
            ByteBuffer record,
            int at) {
        out.described(MessageSections.MESSAGE_ANNOTATIONS);
        int map = out.beginMap();
        int count = 4 + counts.annotate(out);
        Optional<String> type = text(BasicProperty.TYPE);
        if (type.isPresent()) {
            out.symbol(TYPE).string(type.get());
            count += 2;
        }
        boolean died = StoredMessage.isDeadLetter(record, at);
        for (Map.Entry<String, @Nullable Object> header : annotated(headers).entrySet()) {
            if (died && header.getKey().equals(DEATHS_091)) {
                out.symbol(DEATHS_10);
                Deaths.write(out, header.getValue());
            } else {
                out.symbol(header.getKey());
                FieldsToAmqp10.write(out, header.getValue());
            }
            count += 2;
        }
        int exchange = StoredMessage.namesAt(record, at);
        out.symbol("x-exchange").shortString(record, exchange);
        out.symbol("x-routing-key")
                .shortString(record, exchange + 1 + (record.get(exchange) & 0xFF));
        out.end(map, count);
    }

    private static Map<String, @Nullable Object> annotated(Map<String, @Nullable Object> headers) {
        Map<String, @Nullable Object> annotated = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (name.startsWith("x-")) {
                annotated.put(name, value);
            } else if (name.equals(COPIES_091) && value instanceof List) {
                annotated.put(COPIES_10, value);
            }
        });
        return annotated;
    }

    private void properties() {
        if (HAVE_A_PLACE.stream().noneMatch(has -> ContentHeader.has(in, head, has))) {
            return;
        }
        out.described(MessageSections.PROPERTIES);
        int list = out.beginList();
        id(text(BasicProperty.MESSAGE_ID));
        text(BasicProperty.USER_ID)
                .ifPresentOrElse(user -> out.binary(user.getBytes(UTF_8)), out::putNull);
        out.putNull().putNull();
        text(BasicProperty.REPLY_TO)
                .map(ReplyAddress::toAmqp10)
                .ifPresentOrElse(out::string, out::putNull);
        id(text(BasicProperty.CORRELATION_ID));
        text(BasicProperty.CONTENT_TYPE).ifPresentOrElse(out::symbol, out::putNull);
        text(BasicProperty.CONTENT_ENCODING).ifPresentOrElse(out::symbol, out::putNull);
        out.putNull();
        int timestamp = ContentHeader.propertyAt(in, head, BasicProperty.TIMESTAMP);
        if (timestamp < 0) {
            out.putNull();
        } else {
            out.timestamp(in.getLong(timestamp) * MS_PER_S);
        }
        text(BasicProperty.APP_ID).ifPresentOrElse(out::string, out::putNull);
        out.end(list, PROPERTIES);
    }

    private void id(Optional<String> text) {
        if (text.isEmpty()) {
            out.putNull();
        } else if (isUuid(text.get())) {
            out.uuid(UUID.fromString(text.get().substring(URN_UUID.length())));
        } else {
            out.string(text.get());
        }
    }

    private static boolean isUuid(String text) {
        return text.matches(URN_UUID + "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    }

    private void applicationProperties(Map<String, @Nullable Object> headers) {
        int count = 0;
        for (Map.Entry<String, @Nullable Object> header : headers.entrySet()) {
            count += isApplications(header) ? 2 : 0;
        }
        if (count == 0) {
            return;
        }
        out.described(MessageSections.APPLICATION_PROPERTIES);
        int map = out.beginMap();
        for (Map.Entry<String, @Nullable Object> header : headers.entrySet()) {
            if (isApplications(header)) {
                out.string(header.getKey());
                FieldsToAmqp10.write(out, header.getValue());
            }
        }
        out.end(map, count);
    }

    private static boolean isApplications(Map.Entry<String, @Nullable Object> header) {
        return !header.getKey().startsWith("x-") && FieldsToAmqp10.isSimple(header.getValue());
    }
}
