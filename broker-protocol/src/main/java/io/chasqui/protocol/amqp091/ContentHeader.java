package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads a content header of class basic in place, {@code at} being the payload of its frame.
 *
 * <pre>
 *   | class-id:2 | weight:2 | body-size:8 | property-flags:2 | properties |      0-9-1 §4.2.6.1
 * </pre>
 *
 * The properties follow one another in the order of their flags, highest bit first. All readers but
 * {@link #validate} trust a header that passed it.
 */
public final class ContentHeader {

    /** Octets before the property flags. */
    public static final int PREFIX_SIZE = 12;

    private static final int PROPERTIES_OFFSET = PREFIX_SIZE + 2;

    /** Bit 0 announces more flags, which no class has; bit 1 is a property nobody defined. */
    private static final int UNDEFINED_FLAGS = 3;

    private static final BasicProperty[] PROPERTIES = BasicProperty.values();

    private ContentHeader() {}

    /**
     * Checks the whole header, in linear time and without creating an object.
     *
     * <p>Text is not asked to be UTF-8: properties travel on as they came, as with RabbitMQ, and
     * clients do put binary ids there.
     *
     * @throws ProtocolException 505 if the header is of another class or has a weight; 501 if the body
     *     is larger than {@link Amqp091#MAX_BODY_SIZE}; 502 if the properties are malformed
     */
    public static void validate(ByteBuffer in, int at, int size) {
        try {
            check(in, at, at + size);
        } catch (ProtocolException e) {
            throw e.during(MethodId.BASIC_PUBLISH);
        }
    }

    private static void check(ByteBuffer in, int at, int end) {
        if (end - at < PROPERTIES_OFFSET) {
            throw ProtocolException.syntaxError("content header is cut off");
        }
        checkPrefix(in, at);
        int flags = propertyFlags(in, at);
        if ((flags & UNDEFINED_FLAGS) != 0) {
            throw ProtocolException.syntaxError("undefined content property flags");
        }
        int next = at + PROPERTIES_OFFSET;
        for (BasicProperty property : PROPERTIES) {
            if ((flags & property.flag()) != 0) {
                next = checkProperty(in, next, end, property);
            }
        }
        if (next != end) {
            throw ProtocolException.syntaxError(
                    (end - next) + " octets after the last content property");
        }
    }

    private static void checkPrefix(ByteBuffer in, int at) {
        int classId = in.getShort(at) & 0xFFFF;
        if (classId != Amqp091.CLASS_BASIC) {
            throw new ProtocolException(
                    ReplyCode.UNEXPECTED_FRAME,
                    "expected content header for class 60, got one for class "
                            + classId
                            + " instead");
        }
        if (in.getShort(at + 2) != 0) {
            throw new ProtocolException(
                    ReplyCode.UNEXPECTED_FRAME,
                    "expected content header for class 60, got non content header frame instead");
        }
        long bodySize = bodySize(in, at);
        if (Long.compareUnsigned(bodySize, Amqp091.MAX_BODY_SIZE) > 0) {
            throw new ProtocolException(
                    ReplyCode.FRAME_ERROR,
                    "content body size "
                            + Long.toUnsignedString(bodySize)
                            + " exceeds maximum allowed size "
                            + Amqp091.MAX_BODY_SIZE);
        }
    }

    /** Returns where the property ends. */
    private static int checkProperty(ByteBuffer in, int at, int end, BasicProperty property) {
        int fixed =
                switch (property.type()) {
                    case SHORT_STRING, OCTET -> 1;
                    case TABLE -> 4;
                    case TIMESTAMP -> 8;
                };
        if (fixed > end - at) {
            throw ProtocolException.syntaxError("content property is cut off");
        }
        if (property.type() == BasicProperty.Type.TABLE) {
            int tableEnd = at + 4 + FieldScan.sizeAt(in, at, end);
            FieldScan.checkEntries(in, at + 4, tableEnd, false, 1);
            return tableEnd;
        }
        int propertyEnd = endOf(in, at, property);
        if (propertyEnd > end) {
            throw ProtocolException.syntaxError("content property is cut off");
        }
        return propertyEnd;
    }

    /** Where the property at {@code at} ends. */
    static int endOf(ByteBuffer in, int at, BasicProperty property) {
        return switch (property.type()) {
            case SHORT_STRING -> at + 1 + (in.get(at) & 0xFF);
            case TABLE -> at + 4 + in.getInt(at);
            case OCTET -> at + 1;
            case TIMESTAMP -> at + 8;
        };
    }

    /** Octets of the body that follows, at most {@link Amqp091#MAX_BODY_SIZE}. */
    public static long bodySize(ByteBuffer in, int at) {
        return in.getLong(at + 4);
    }

    public static int propertyFlags(ByteBuffer in, int at) {
        return in.getShort(at + PREFIX_SIZE) & 0xFFFF;
    }

    public static boolean has(ByteBuffer in, int at, BasicProperty property) {
        return (propertyFlags(in, at) & property.flag()) != 0;
    }

    /** Where the value of the property begins, with its size field if it has one; -1 if absent. */
    public static int propertyAt(ByteBuffer in, int at, BasicProperty property) {
        int flags = propertyFlags(in, at);
        if ((flags & property.flag()) == 0) {
            return -1;
        }
        int next = at + PROPERTIES_OFFSET;
        for (int i = 0; i < property.ordinal(); i++) {
            if ((flags & PROPERTIES[i].flag()) != 0) {
                next = endOf(in, next, PROPERTIES[i]);
            }
        }
        return next;
    }

    /** 1 for transient, 2 for persistent, 0 if the publisher did not say; peers send others too. */
    public static int deliveryMode(ByteBuffer in, int at) {
        int found = propertyAt(in, at, BasicProperty.DELIVERY_MODE);
        return found < 0 ? 0 : in.get(found) & 0xFF;
    }

    /** The priority, or -1 if the publisher gave none. */
    public static int priority(ByteBuffer in, int at) {
        int found = propertyAt(in, at, BasicProperty.PRIORITY);
        return found < 0 ? -1 : in.get(found) & 0xFF;
    }

    /** The expiration as the publisher wrote it: milliseconds in decimal digits, if all is well. */
    public static Optional<String> expiration(ByteBuffer in, int at) {
        return text(in, at, BasicProperty.EXPIRATION);
    }

    /** The text of a short-string property; octets that are not UTF-8 become U+FFFD. */
    public static Optional<String> text(ByteBuffer in, int at, BasicProperty property) {
        if (property.type() != BasicProperty.Type.SHORT_STRING) {
            throw new IllegalArgumentException(property + " is no short string");
        }
        int found = propertyAt(in, at, property);
        return found < 0
                ? Optional.empty()
                : Optional.of(Utf8.decodeLossy(in, found + 1, in.get(found) & 0xFF));
    }

    /** Where the entries of the header table begin, behind its size field; -1 if there is none. */
    public static int headersAt(ByteBuffer in, int at) {
        int found = propertyAt(in, at, BasicProperty.HEADERS);
        return found < 0 ? -1 : found + 4;
    }

    /** Octets of the entries at {@link #headersAt}; 0 if there is no header table. */
    public static int headersSize(ByteBuffer in, int at) {
        int found = propertyAt(in, at, BasicProperty.HEADERS);
        return found < 0 ? 0 : in.getInt(found);
    }

    /** The application headers, copied; empty if there are none. */
    public static FieldTable headers(ByteBuffer in, int at) {
        int found = headersAt(in, at);
        return found < 0
                ? FieldTable.EMPTY
                : FieldTableReader.copy(in, found, headersSize(in, at), false);
    }

    /** A content header of its own, from index 0 to the limit. */
    public static ByteBuffer of(long bodySize, BasicProperties properties) {
        ByteBuffer header = ByteBuffer.allocate(PREFIX_SIZE + properties.size());
        writePrefix(header, bodySize);
        properties.write(header);
        return header.flip();
    }

    public static void writePrefix(ByteBuffer out, long bodySize) {
        out.putShort((short) Amqp091.CLASS_BASIC).putShort((short) 0).putLong(bodySize);
    }
}
