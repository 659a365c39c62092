package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads field tables out of buffers, whole or one field in place. */
public final class FieldTableReader {

    private FieldTableReader() {}

    /**
     * Copies and checks the entries of a table, which fill {@code size} octets from {@code at}; the
     * size field before them is not among them.
     *
     * @throws ProtocolException 502 if they are malformed, nest too deep, or name a field in octets
     *     that are not UTF-8
     */
    public static FieldTable read(ByteBuffer in, int at, int size) {
        return copy(in, at, size, true);
    }

    static FieldTable copy(ByteBuffer in, int at, int size, boolean strictNames) {
        FieldScan.checkEntries(in, at, at + size, strictNames, 1);
        if (size == 0) {
            return FieldTable.EMPTY;
        }
        byte[] octets = new byte[size];
        in.get(at, octets);
        return new FieldTable(ByteBuffer.wrap(octets), 0, size);
    }

    /**
     * Where the first value of this name lies among checked entries from {@code from} to {@code to}:
     * the position of its type octet, or -1. Creates no object but the name's octets.
     */
    public static int find(ByteBuffer in, int from, int to, String name) {
        return find(in, from, to, name.getBytes(UTF_8));
    }

    /** As {@link #find(ByteBuffer, int, int, String)}, for a name encoded beforehand. */
    public static int find(ByteBuffer in, int from, int to, byte[] name) {
        int at = from;
        while (at < to) {
            int valueAt = at + 1 + (in.get(at) & 0xFF);
            if (isNameAt(in, at, name)) {
                return valueAt;
            }
            at = FieldScan.endOfValue(in, valueAt);
        }
        return -1;
    }

    /** Whether a field of either name is among checked entries. Creates no object. */
    public static boolean containsEither(
            ByteBuffer in, int from, int to, byte[] one, byte[] other) {
        int at = from;
        while (at < to) {
            if (isNameAt(in, at, one) || isNameAt(in, at, other)) {
                return true;
            }
            at = FieldScan.endOfValue(in, at + 1 + (in.get(at) & 0xFF));
        }
        return false;
    }

    /** Whether the field whose name's size octet is at {@code at} is called so. */
    static boolean isNameAt(ByteBuffer in, int at, byte[] name) {
        if ((in.get(at) & 0xFF) != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (in.get(at + 1 + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The checked value whose type octet is at {@code at}, in its Java type (see {@link FieldTable}).
     * It shares no octet with the buffer.
     */
    public static @Nullable Object valueAt(ByteBuffer in, int at) {
        int end = FieldScan.endOfValue(in, at);
        byte[] octets = new byte[end - at];
        in.get(at, octets);
        return valueWithin(ByteBuffer.wrap(octets), 0);
    }

    /** RabbitMQ's name of a type octet, as texts of refusals contain it. */
    public static String typeName(byte type) {
        return switch (type) {
            case 't' -> "bool";
            case 'b' -> "byte";
            case 'B' -> "unsignedbyte";
            case 's' -> "short";
            case 'u' -> "unsignedshort";
            case 'I' -> "signedint";
            case 'i' -> "unsignedint";
            case 'l', 'L' -> "long";
            case 'f' -> "float";
            case 'd' -> "double";
            case 'D' -> "decimal";
            case 'T' -> "timestamp";
            case 'S' -> "longstr";
            case 'x' -> "binary";
            case 'A' -> "array";
            case 'F' -> "table";
            case 'V' -> "void";
            default -> throw new IllegalArgumentException("unknown field type " + (type & 0xFF));
        };
    }

    /** The value in octets that never change, so that nested tables are views of them. */
    static @Nullable Object valueWithin(ByteBuffer in, int at) {
        int content = at + 1;
        return switch (in.get(at)) {
            case 't' -> in.get(content) != 0;
            case 'b' -> in.get(content);
            case 'B' -> new UnsignedByte(in.get(content) & 0xFF);
            case 's' -> in.getShort(content);
            case 'u' -> new UnsignedShort(in.getShort(content) & 0xFFFF);
            case 'I' -> in.getInt(content);
            case 'i' -> new UnsignedInt(in.getInt(content) & 0xFFFF_FFFFL);
            case 'l', 'L' -> in.getLong(content);
            case 'f' -> in.getFloat(content);
            case 'd' -> in.getDouble(content);
            case 'D' -> decimal(in, content);
            case 'T' -> new Timestamp(in.getLong(content));
            case 'S' -> longString(in, content + 4, in.getInt(content));
            case 'x' -> Binary.copyOf(in, content + 4, in.getInt(content));
            case 'A' -> list(in, content + 4, in.getInt(content));
            case 'F' -> new FieldTable(in, content + 4, content + 4 + in.getInt(content));
            case 'V' -> null;
            default -> throw new IllegalArgumentException("unchecked field value at " + at);
        };
    }

    /** Scale and unscaled value, the latter signed (0-9-1 §4.2.5.5). */
    private static BigDecimal decimal(ByteBuffer in, int at) {
        return new BigDecimal(BigInteger.valueOf(in.getInt(at + 1)), in.get(at) & 0xFF);
    }

    private static Object longString(ByteBuffer in, int at, int size) {
        return Utf8.isValid(in, at, size)
                ? Utf8.decodeLossy(in, at, size)
                : LongString.copyOf(in, at, size);
    }

    private static List<@Nullable Object> list(ByteBuffer in, int from, int size) {
        List<@Nullable Object> elements = new ArrayList<>();
        int to = from + size;
        for (int at = from; at < to; at = FieldScan.endOfValue(in, at)) {
            elements.add(valueWithin(in, at));
        }
        return Collections.unmodifiableList(elements);
    }
}
