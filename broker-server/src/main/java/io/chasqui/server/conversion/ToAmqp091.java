package io.chasqui.server.conversion;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.message.StoredMessage;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.Binary;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.Timestamp;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.TypeCode;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A message of 1.0 as 0-9-1 has it; the other way round than {@link ToAmqp10}.
 *
 * <pre>
 *   header: durable, priority, ttl        delivery-mode 2, priority, expiration
 *   message-id, correlation-id            the same as text, a uuid as urn:uuid:; binary ones and long
 *                                         ones as headers x-message-id, x-correlation-id
 *   group-id                              app-id
 *   creation-time (ms)                    timestamp (s)
 *   application-properties                headers
 *   message annotations x-...             headers; x-basic-type as type, x-cc as CC,
 *                                         x-opt-deaths as x-death
 *   data sections                         body
 *   other bodies, with the footer         body as encoded, type amqp-1.0
 * </pre>
 *
 * {@code to}, {@code subject}, {@code group-sequence} and {@code reply-to-group-id} have no place in
 * 0-9-1 and are left out, as in RabbitMQ.
 */
public final class ToAmqp091 {

    private static final int DURABLE = 0;
    private static final int PRIORITY = 1;
    private static final int TTL = 2;

    private static final int MESSAGE_ID = 0;
    private static final int USER_ID = 1;
    private static final int REPLY_TO = 4;
    private static final int CORRELATION_ID = 5;
    private static final int CONTENT_TYPE = 6;
    private static final int CONTENT_ENCODING = 7;
    private static final int CREATION_TIME = 9;
    private static final int GROUP_ID = 10;

    private static final int PERSISTENT = 2;
    private static final int LONGEST_SHORT_STRING = 255;
    private static final int PREFIX_BYTES = Integer.BYTES;
    private static final long MS_PER_S = 1000;

    private final ByteBuffer in;
    private final MessageSections sections = new MessageSections();
    private final Map<String, @Nullable Object> headers = new LinkedHashMap<>();
    private final BasicProperties properties;
    private ByteBuffer body;
    private int bodyAt;
    private int bodyLength;
    private @Nullable String type;

    private ToAmqp091(ByteBuffer in, int at, int end) {
        this.in = in;
        this.body = in;
        sections.scan(in, at, end);
        annotations();
        body(end);
        this.properties = readProperties();
    }

    /**
     * Converts the message in the record at {@code at}.
     *
     * @param record memory with the record of a message of 1.0
     */
    public static ToAmqp091 of(ByteBuffer record, int at) {
        int image = StoredMessage.imageAt(record, at);
        return new ToAmqp091(
                record, image + PREFIX_BYTES, image + StoredMessage.imageLength(record, at));
    }

    public BasicProperties properties() {
        return properties;
    }

    /** The content header, from 0 to the limit. */
    public ByteBuffer head() {
        return ContentHeader.of(bodyLength, properties);
    }

    /** Memory that holds the body at {@link #bodyAt}. */
    public ByteBuffer body() {
        return body;
    }

    public int bodyAt() {
        return bodyAt;
    }

    public int bodyLength() {
        return bodyLength;
    }

    private void annotations() {
        int map = sections.value(MessageSections.MESSAGE_ANNOTATIONS);
        if (map < 0) {
            return;
        }
        int next = Values.elementsAt(in, map);
        for (int n = Values.count(in, map); n > 1; n -= 2) {
            int value = Values.end(in, next, in.capacity());
            if (Values.isText(in, next)) {
                annotation(Values.text(in, next), value);
            }
            next = Values.end(in, value, in.capacity());
        }
    }

    private void annotation(String name, int at) {
        if (name.equals(ToAmqp10.TYPE)) {
            type = Values.isText(in, at) ? shortText(at) : null;
        } else if (name.equals(ToAmqp10.COPIES_10)) {
            headers.put(ToAmqp10.COPIES_091, ValuesToAmqp091.INSTANCE.read(in, at));
        } else if (name.equals(ToAmqp10.DEATHS_10)) {
            if (ValuesToAmqp091.INSTANCE.read(in, at) instanceof List<?> deaths) {
                headers.put(ToAmqp10.DEATHS_091, Deaths.read(deaths));
            }
        } else if (name.startsWith("x-")
                && !name.startsWith("x-basic-")
                && ValuesToAmqp091.isName(name)) {
            headers.put(name, ValuesToAmqp091.INSTANCE.read(in, at));
        }
    }

    private void body(int end) {
        int from = sections.bodyAt();
        int first = sections.bodyKind() == 0 ? -1 : Values.end(in, from + 1, end);
        if (sections.bodyKind() == MessageSections.DATA) {
            boolean single = first == sections.value(MessageSections.DATA);
            if (single) {
                int start = first + constructorBytes(first);
                bodyAt = start;
                bodyLength = Values.end(in, first, end) - start;
            } else {
                join(from, end);
            }
        } else if (sections.bodyKind() != 0) {
            bodyAt = from;
            bodyLength = end - from;
            type = ToAmqp10.SECTIONS;
        }
    }

    private int constructorBytes(int at) {
        return (in.get(at) & 0xFF) == TypeCode.BINARY_8 ? 2 : 5;
    }

    /** Several data sections are one body. */
    private void join(int from, int end) {
        ByteBuffer joined = ByteBuffer.allocate(end - from);
        int last = sections.value(MessageSections.DATA);
        int next = from;
        int value = -1;
        while (value != last) {
            value = Values.end(in, next + 1, end);
            next = Values.end(in, value, end);
            joined.put(Values.octets(in, value));
        }
        body = joined;
        bodyAt = 0;
        bodyLength = joined.position();
    }

    private BasicProperties readProperties() {
        BasicProperties.Builder to = BasicProperties.builder();
        header(to);
        id(MESSAGE_ID, "x-message-id", to::messageId);
        id(CORRELATION_ID, "x-correlation-id", to::correlationId);
        applicationProperties();
        text(REPLY_TO, address -> to.replyTo(ReplyAddress.toAmqp091(address)));
        text(CONTENT_TYPE, to::contentType);
        text(CONTENT_ENCODING, to::contentEncoding);
        text(GROUP_ID, to::appId);
        text(USER_ID, to::userId);
        int created = property(CREATION_TIME);
        if (created >= 0) {
            to.timestamp(new Timestamp(Values.integer(in, created) / MS_PER_S));
        }
        if (type != null) {
            to.type(type);
        }
        if (!headers.isEmpty()) {
            to.headers(FieldTable.of(headers));
        }
        return to.build();
    }

    private void header(BasicProperties.Builder to) {
        if (Values.isTrue(in, field(MessageSections.HEADER, DURABLE))) {
            to.deliveryMode(PERSISTENT);
        }
        int priority = field(MessageSections.HEADER, PRIORITY);
        if (priority >= 0) {
            to.priority((int) Values.integer(in, priority) & 0xFF);
        }
        int ttl = field(MessageSections.HEADER, TTL);
        if (ttl >= 0) {
            to.expiration(Long.toString(Values.integer(in, ttl)));
        }
    }

    private void applicationProperties() {
        int map = sections.value(MessageSections.APPLICATION_PROPERTIES);
        if (map >= 0 && ValuesToAmqp091.INSTANCE.read(in, map) instanceof FieldTable table) {
            headers.putAll(table.asMap());
        }
    }

    private int field(int section, int field) {
        int list = sections.value(section);
        return list < 0 ? -1 : Values.element(in, list, field);
    }

    private int property(int field) {
        return field(MessageSections.PROPERTIES, field);
    }

    /** Text that is too long for its place is left out. */
    private void text(int field, Consumer<String> to) {
        int at = property(field);
        if (at >= 0 && (Values.isText(in, at) || Values.isBinary(in, at))) {
            String text = shortText(at);
            if (text != null) {
                to.accept(text);
            }
        }
    }

    private @Nullable String shortText(int at) {
        String text = Values.text(in, at);
        return text.getBytes(UTF_8).length <= LONGEST_SHORT_STRING ? text : null;
    }

    private void id(int field, String header, Consumer<String> to) {
        int at = property(field);
        if (at < 0) {
            return;
        }
        if ((in.get(at) & 0xFF) == TypeCode.UUID) {
            to.accept(ToAmqp10.URN_UUID + ValuesToAmqp091.uuid(in, at));
        } else if (Values.isBinary(in, at)) {
            headers.put(header, Binary.of(Values.octets(in, at)));
        } else if (!Values.isText(in, at)) {
            to.accept(Long.toUnsignedString(Values.integer(in, at)));
        } else if (shortText(at) instanceof String text) {
            to.accept(text);
        } else {
            headers.put(header, Values.text(in, at));
        }
    }
}
