package io.chasqui.protocol.amqp10;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where the sections of a message lie (1.0 §3.2). Reused from message to message.
 *
 * <pre>
 *   | header | delivery-annotations | message-annotations | properties | application-properties |
 *   |&lt;------------------------------------- head ----------------------------------------------&gt;|
 *   | data ... or amqp-sequence ... or amqp-value | footer |
 *   |&lt;------------------ body -------------------&gt;
 * </pre>
 *
 * Each section may be missing, the body too: some clients send none for an empty message.
 */
public final class MessageSections {

    public static final int HEADER = 0x70;
    public static final int DELIVERY_ANNOTATIONS = 0x71;
    public static final int MESSAGE_ANNOTATIONS = 0x72;
    public static final int PROPERTIES = 0x73;
    public static final int APPLICATION_PROPERTIES = 0x74;
    public static final int DATA = 0x75;
    public static final int SEQUENCE = 0x76;
    public static final int VALUE = 0x77;
    public static final int FOOTER = 0x78;

    private static final int NAMES_FROM = HEADER;

    private static final String[] NAMES = {
        "amqp:header:list",
        "amqp:delivery-annotations:map",
        "amqp:message-annotations:map",
        "amqp:properties:list",
        "amqp:application-properties:map",
        "amqp:data:binary",
        "amqp:amqp-sequence:list",
        "amqp:amqp-value:*",
        "amqp:footer:map"
    };

    private final int[] values = new int[FOOTER - HEADER + 1];
    private int bareAt;
    private int bodyAt;
    private int bodyKind;
    private int valueAt;

    /**
     * Looks at a message from {@code at} to {@code end}: the sections before its body in full, of
     * the others only the extent.
     *
     * @throws MalformedException if it is none
     */
    public void scan(ByteBuffer in, int at, int end) {
        scanHead(in, at, end);
        int next = bodyAt;
        int last = 0;
        while (next < end) {
            int kind = kind(in, next, end);
            int sectionEnd = Values.end(in, valueAt, end);
            if (kind < DATA || (last != 0 && !mayFollow(last, kind))) {
                throw outOfOrder(kind);
            }
            checkBody(in, kind, sectionEnd);
            if (last == 0) {
                bodyKind = kind == FOOTER ? 0 : kind;
            }
            values[kind - HEADER] = valueAt;
            last = kind;
            next = sectionEnd;
        }
    }

    private static boolean mayFollow(int before, int kind) {
        return before != FOOTER && (kind == FOOTER || (kind == before && kind != VALUE));
    }

    private void checkBody(ByteBuffer in, int kind, int sectionEnd) {
        switch (kind) {
            case DATA -> require(Values.isBinary(in, valueAt), kind);
            case SEQUENCE -> require(Values.isList(in, valueAt), kind);
            case FOOTER -> require(Values.isMap(in, valueAt), kind);
            default -> {
                int checked = Values.check(in, valueAt, sectionEnd);
                require(checked == sectionEnd, kind);
            }
        }
    }

    /** As {@link #scan}, of what comes before the body; where that begins is {@link #bodyAt}. */
    public void scanHead(ByteBuffer in, int at, int end) {
        Arrays.fill(values, -1);
        bodyKind = 0;
        bareAt = -1;
        int next = at;
        int last = 0;
        while (next < end) {
            int kind = kind(in, next, end);
            if (kind >= DATA) {
                break;
            }
            if (kind <= last) {
                throw outOfOrder(kind);
            }
            if (kind >= PROPERTIES && bareAt < 0) {
                bareAt = next;
            }
            next = Values.check(in, valueAt, end);
            boolean list = kind == HEADER || kind == PROPERTIES;
            require(list ? Values.isList(in, valueAt) : Values.isMap(in, valueAt), kind);
            values[kind - HEADER] = valueAt;
            last = kind;
        }
        bodyAt = next;
        if (bareAt < 0) {
            bareAt = next;
        }
    }

    /** The kind of the section at {@code at}; {@link #valueAt} is where its value stands then. */
    private int kind(ByteBuffer in, int at, int end) {
        if (in.get(at) != TypeCode.DESCRIBED) {
            throw new MalformedException("a message is made of sections");
        }
        valueAt = Values.end(in, at + 1, end);
        int code = in.get(at + 1) & 0xFF;
        long kind =
                switch (code) {
                    case TypeCode.SMALL_ULONG, TypeCode.ULONG -> Values.integer(in, at + 1);
                    case TypeCode.SYMBOL_8, TypeCode.SYMBOL_32 -> named(Values.text(in, at + 1));
                    default -> 0;
                };
        if (kind < HEADER || kind > FOOTER || valueAt >= end) {
            throw new MalformedException("no section of a message");
        }
        return (int) kind;
    }

    private static int named(String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return NAMES_FROM + i;
            }
        }
        return 0;
    }

    private static void require(boolean condition, int kind) {
        if (!condition) {
            throw new MalformedException(
                    "a section " + NAMES[kind - NAMES_FROM] + " of another type");
        }
    }

    private static MalformedException outOfOrder(int kind) {
        return new MalformedException(
                "the section " + NAMES[kind - NAMES_FROM] + " is out of order");
    }

    /**
     * Where the value of a section before the body stands, in a message that was looked at before; -1
     * if there is none. Makes no object.
     *
     * @param end where the body begins
     */
    public static int find(ByteBuffer in, int at, int end, int kind) {
        int next = at;
        while (next < end) {
            int value = Values.end(in, next + 1, end);
            int code = in.get(next + 1) & 0xFF;
            long found =
                    code == TypeCode.SYMBOL_8 || code == TypeCode.SYMBOL_32
                            ? named(Values.text(in, next + 1))
                            : Values.integer(in, next + 1);
            if (found == kind) {
                return value;
            }
            next = Values.end(in, value, end);
        }
        return -1;
    }

    /** Where the value of a section stands, of the last of its kind; -1 if there is none. */
    public int value(int kind) {
        return values[kind - HEADER];
    }

    /** Where the part begins that nobody changes on the way (1.0 §3.2, the bare message). */
    public int bareAt() {
        return bareAt;
    }

    /** Where the body begins; the message's end if it has none. */
    public int bodyAt() {
        return bodyAt;
    }

    /** {@link #DATA}, {@link #SEQUENCE}, {@link #VALUE}, or 0 if there is no body. */
    public int bodyKind() {
        return bodyKind;
    }
}
