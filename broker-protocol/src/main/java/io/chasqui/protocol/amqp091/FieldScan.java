package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/**
 * Walks field tables and arrays in place to find out whether they are well formed, in linear time
 * and without creating an object.
 *
 * <pre>
 *   table  = size:4 { name-size:1 name value }
 *   array  = size:4 { value }
 *   value  = type:1 octets            0-9-1 §4.2.5.5, types as in the errata
 * </pre>
 */
final class FieldScan {

    private FieldScan() {}

    /**
     * Checks the entries of a table, which fill the octets from {@code at} to {@code end}.
     *
     * @param strictNames whether names must be UTF-8. They must in a method's arguments; the headers
     *     of a message are passed on as they came, as RabbitMQ does
     */
    static void checkEntries(ByteBuffer in, int at, int end, boolean strictNames, int depth) {
        checkDepth(depth);
        int next = at;
        while (next < end) {
            int length = in.get(next) & 0xFF;
            if (length >= end - next) {
                throw malformed("field name runs past its table");
            }
            if (strictNames && !Utf8.isValid(in, next + 1, length)) {
                throw malformed("malformed UTF-8 in field name");
            }
            next = checkValue(in, next + 1 + length, end, strictNames, depth);
        }
    }

    private static void checkElements(
            ByteBuffer in, int at, int end, boolean strictNames, int depth) {
        checkDepth(depth);
        int next = at;
        while (next < end) {
            next = checkValue(in, next, end, strictNames, depth);
        }
    }

    /** Checks the value whose type octet is at {@code at} and returns where the next thing begins. */
    private static int checkValue(ByteBuffer in, int at, int end, boolean strictNames, int depth) {
        if (at >= end) {
            throw malformed("field value is missing");
        }
        int valueAt = at + 1;
        byte type = in.get(at);
        int size = fixedSize(type);
        if (size >= 0) {
            if (size > end - valueAt) {
                throw malformed("field value runs past its table");
            }
            return valueAt + size;
        }
        int length = sizeAt(in, valueAt, end);
        int contentAt = valueAt + 4;
        int contentEnd = contentAt + length;
        if (type == 'F') {
            checkEntries(in, contentAt, contentEnd, strictNames, depth + 1);
        } else if (type == 'A') {
            checkElements(in, contentAt, contentEnd, strictNames, depth + 1);
        }
        return contentEnd;
    }

    /** The size field at {@code at}, which must keep within {@code end}. */
    static int sizeAt(ByteBuffer in, int at, int end) {
        if (end - at < 4) {
            throw malformed("size field is cut off");
        }
        long size = in.getInt(at) & 0xFFFF_FFFFL;
        if (size > end - at - 4) {
            throw malformed("size " + size + " exceeds the " + (end - at - 4) + " octets left");
        }
        return (int) size;
    }

    /** Where the value at {@code at}, already checked, ends. */
    static int endOfValue(ByteBuffer in, int at) {
        int size = fixedSize(in.get(at));
        return size >= 0 ? at + 1 + size : at + 5 + in.getInt(at + 1);
    }

    /** Octets after the type octet, or -1 when a size field follows it. */
    private static int fixedSize(byte type) {
        return switch (type) {
            case 'V' -> 0;
            case 't', 'b', 'B' -> 1;
            case 's', 'u' -> 2;
            case 'I', 'i', 'f' -> 4;
            case 'D' -> 5;
            case 'l', 'L', 'd', 'T' -> 8;
            case 'S', 'x', 'F', 'A' -> -1;
            default -> throw malformed("unknown field type " + (type & 0xFF));
        };
    }

    private static void checkDepth(int depth) {
        if (depth > FieldTable.MAX_DEPTH) {
            throw malformed("field table nests deeper than " + FieldTable.MAX_DEPTH);
        }
    }

    private static ProtocolException malformed(String detail) {
        return ProtocolException.syntaxError(detail);
    }
}
