package io.chasqui.server.amqp10;

import io.chasqui.core.message.StoredMessage;
import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What the broker must know of a message that came in, read where it lies. Reused for every one. */
final class IncomingMessage {

    private static final int DURABLE = 0;
    private static final int PRIORITY = 1;
    private static final int TTL = 2;
    private static final int USER_ID = 1;
    private static final int TO = 2;
    private static final int ABSOLUTE_EXPIRY_TIME = 8;

    private static final String JMS_DESTINATION = "x-opt-jms-dest";
    private static final FieldType[] HEADER_TYPES = {
        FieldType.BOOLEAN, FieldType.NUMBER, FieldType.NUMBER, FieldType.BOOLEAN, FieldType.NUMBER
    };

    private static final FieldType[] PROPERTY_TYPES = {
        FieldType.ID,
        FieldType.BINARY,
        FieldType.TEXT,
        FieldType.TEXT,
        FieldType.TEXT,
        FieldType.ID,
        FieldType.TEXT,
        FieldType.TEXT,
        FieldType.NUMBER,
        FieldType.NUMBER,
        FieldType.TEXT,
        FieldType.NUMBER,
        FieldType.TEXT
    };

    private final MessageSections sections = new MessageSections();
    private ByteBuffer in = ByteBuffer.allocate(0);

    /**
     * Looks at the message from {@code at} to {@code end}.
     *
     * @throws MalformedException if it is none
     */
    void read(ByteBuffer octets, int at, int end) {
        in = octets;
        sections.scan(octets, at, end);
        checkFields(MessageSections.HEADER, HEADER_TYPES);
        checkFields(MessageSections.PROPERTIES, PROPERTY_TYPES);
    }

    /** What reads the message later, perhaps as one of 0-9-1, relies on it. */
    private void checkFields(int section, FieldType[] types) {
        int list = sections.value(section);
        if (list < 0) {
            return;
        }
        int next = Values.elementsAt(in, list);
        int count = Values.count(in, list);
        for (int i = 0; i < count; i++) {
            if (i >= types.length || !(Values.isNull(in, next) || types[i].fits(in, next))) {
                throw new MalformedException(
                        "field %s of the header or properties is of another type".formatted(i));
            }
            next = Values.end(in, next, in.capacity());
        }
    }

    private enum FieldType {
        BOOLEAN,
        NUMBER,
        TEXT,
        BINARY,
        ID;

        boolean fits(ByteBuffer in, int at) {
            return switch (this) {
                case BOOLEAN -> Values.isBoolean(in, at);
                case NUMBER -> Values.isInteger(in, at);
                case TEXT -> Values.isText(in, at);
                case BINARY -> Values.isBinary(in, at);
                case ID ->
                        Values.isText(in, at)
                                || Values.isBinary(in, at)
                                || Values.isUuid(in, at)
                                || Values.isInteger(in, at);
            };
        }
    }

    /** Where its body begins. */
    int bodyAt() {
        return sections.bodyAt();
    }

    boolean isDurable() {
        return Values.isTrue(in, header(DURABLE));
    }

    /** How urgent it is, or {@link StoredMessage#NO_PRIORITY}. */
    int priority() {
        int at = header(PRIORITY);
        return at < 0 ? StoredMessage.NO_PRIORITY : (int) Values.integer(in, at) & 0xFF;
    }

    /** How long it may live in a queue, in milliseconds, or {@link StoredMessage#FOR_EVER}. */
    long timeToLiveMs(long nowMs) {
        int ttl = header(TTL);
        int expiry = property(ABSOLUTE_EXPIRY_TIME);
        long lives = ttl < 0 ? Long.MAX_VALUE : Values.integer(in, ttl);
        if (expiry >= 0) {
            lives = Math.min(lives, Math.max(0, Values.integer(in, expiry) - nowMs));
        }
        return lives == Long.MAX_VALUE ? StoredMessage.FOR_EVER : lives;
    }

    /** Who it says it is from. */
    Optional<String> userId() {
        return text(property(USER_ID));
    }

    /** Where it says it is to go. */
    Optional<String> to() {
        return text(property(TO));
    }

    /** Whether that is a topic of JMS: Qpid JMS says 1 for one, 3 for a temporary one. */
    boolean isToTopic() {
        int map = sections.value(MessageSections.MESSAGE_ANNOTATIONS);
        int kind = map < 0 ? -1 : Values.entry(in, map, JMS_DESTINATION);
        return kind >= 0 && Values.isInteger(in, kind) && (Values.integer(in, kind) & 1) == 1;
    }

    private Optional<String> text(int at) {
        return at >= 0 && (Values.isText(in, at) || Values.isBinary(in, at))
                ? Optional.of(Values.text(in, at))
                : Optional.empty();
    }

    private int header(int field) {
        return field(MessageSections.HEADER, field);
    }

    private int property(int field) {
        return field(MessageSections.PROPERTIES, field);
    }

    private int field(int section, int field) {
        int list = sections.value(section);
        return list < 0 ? -1 : Values.element(in, list, field);
    }
}
