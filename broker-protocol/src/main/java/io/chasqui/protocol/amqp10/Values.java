package io.chasqui.protocol.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Encoded values where they lie (1.0 §1.2), read with absolute indexes. {@link #check} has looked at
 * a value once; the other methods then trust what they find.
 */
public final class Values {

    /** Values nested deeper are refused, so that no reader of one can run out of stack. */
    public static final int MAX_DEPTH = 32;

    /** Elements without octets cost nothing to send; no more of an array are read. */
    private static final int MOST_ELEMENTS = 65_536;

    private Values() {}

    /**
     * Where the value at {@code at} ends; what is inside of a list, map or array is not looked at.
     *
     * @throws MalformedException if it does not end before {@code limit}
     */
    public static int end(ByteBuffer in, int at, int limit) {
        int next = at;
        for (int descriptors = 0; ; descriptors++) {
            if (next >= limit) {
                throw truncated();
            }
            int code = in.get(next) & 0xFF;
            if (code != TypeCode.DESCRIBED) {
                return afterConstructor(in, next + 1, limit, code);
            }
            if (descriptors == MAX_DEPTH) {
                throw tooDeep();
            }
            next = descriptorEnd(in, next + 1, limit);
        }
    }

    private static int descriptorEnd(ByteBuffer in, int at, int limit) {
        if (at >= limit) {
            throw truncated();
        }
        int code = in.get(at) & 0xFF;
        if (code == TypeCode.DESCRIBED) {
            throw new MalformedException("a descriptor that is itself described");
        }
        return afterConstructor(in, at + 1, limit, code);
    }

    /** Where the data of a constructor ends. */
    private static int afterConstructor(ByteBuffer in, int at, int limit, int code) {
        if (!TypeCode.isKnown(code)) {
            throw new MalformedException("unknown type 0x" + Integer.toHexString(code));
        }
        long end =
                switch (code >>> 4) {
                    case 0xA, 0xC, 0xE -> at + 1L + size8(in, at, limit);
                    case 0xB, 0xD, 0xF -> at + 4L + size32(in, at, limit);
                    default -> at + width(code);
                };
        if (end > limit) {
            throw truncated();
        }
        return (int) end;
    }

    /** Octets of a value of fixed width, without its constructor. */
    static int width(int code) {
        return switch (code >>> 4) {
            case 0x4 -> 0;
            case 0x5 -> 1;
            case 0x6 -> 2;
            case 0x7 -> 4;
            case 0x8 -> 8;
            default -> 16;
        };
    }

    private static int size8(ByteBuffer in, int at, int limit) {
        if (at >= limit) {
            throw truncated();
        }
        return in.get(at) & 0xFF;
    }

    private static long size32(ByteBuffer in, int at, int limit) {
        if (limit - at < Integer.BYTES) {
            throw truncated();
        }
        return in.getInt(at) & 0xFFFF_FFFFL;
    }

    /**
     * Looks at the value at {@code at} with everything inside of it; where it ends.
     *
     * @throws MalformedException if any of it is not well-formed
     */
    public static int check(ByteBuffer in, int at, int limit) {
        return check(in, at, limit, 0);
    }

    private static int check(ByteBuffer in, int at, int limit, int depth) {
        int end = end(in, at, limit);
        int value = skipDescriptors(in, at, limit, depth);
        int code = in.get(value) & 0xFF;
        switch (code) {
            case TypeCode.LIST_8, TypeCode.LIST_32, TypeCode.MAP_8, TypeCode.MAP_32 ->
                    checkElements(in, value, end, depth);
            case TypeCode.ARRAY_8, TypeCode.ARRAY_32 -> checkArray(in, value, end, depth);
            default -> {}
        }
        return end;
    }

    private static int skipDescriptors(ByteBuffer in, int at, int limit, int depth) {
        if (depth >= MAX_DEPTH) {
            throw tooDeep();
        }
        int value = at;
        while (in.get(value) == TypeCode.DESCRIBED) {
            value = descriptorEnd(in, value + 1, limit);
        }
        return value;
    }

    private static void checkElements(ByteBuffer in, int at, int end, int depth) {
        int next = elementsAt(in, at, end);
        long count = countIn(in, at, end);
        if (isMap(in, at) && (count & 1) != 0) {
            throw new MalformedException("a map with a key and no value");
        }
        for (long i = 0; i < count; i++) {
            next = check(in, next, end, depth + 1);
        }
        if (next != end) {
            throw new MalformedException("a list or map larger than its elements");
        }
    }

    private static void checkArray(ByteBuffer in, int at, int end, int depth) {
        long count = countIn(in, at, end);
        int constructor = elementsAt(in, at, end);
        if (constructor >= end) {
            throw truncated();
        }
        int element = skipDescriptors(in, constructor, end, depth + 1);
        if (element >= end) {
            throw truncated();
        }
        int code = in.get(element) & 0xFF;
        if (!TypeCode.isKnown(code)) {
            throw new MalformedException("unknown type 0x" + Integer.toHexString(code));
        }
        int next = element + 1;
        if (code >>> 4 < 0xA) {
            if (count * width(code) != end - next) {
                throw new MalformedException("an array that its elements do not fill");
            }
            return;
        }
        for (long i = 0; i < count; i++) {
            next = afterConstructor(in, next, end, code);
        }
        if (next != end) {
            throw new MalformedException("an array that its elements do not fill");
        }
    }

    /** The elements of an array that was checked, each behind a constructor of its own. */
    public static List<ByteBuffer> arrayElements(ByteBuffer in, int at) {
        List<ByteBuffer> elements = new ArrayList<>();
        int end = end(in, at, in.capacity());
        int constructor = elementsAt(in, at);
        int code = skipDescriptors(in, constructor, end, 0);
        int next = code + 1;
        for (int n = count(in, at); n > 0 && elements.size() < MOST_ELEMENTS; n--) {
            int elementEnd = afterConstructor(in, next, end, in.get(code) & 0xFF);
            ByteBuffer element = ByteBuffer.allocate(1 + elementEnd - next);
            element.put(in.get(code)).put(1, in, next, elementEnd - next);
            elements.add(element.position(0));
            next = elementEnd;
        }
        return elements;
    }

    /** Whether the value at {@code at} is null or not there. */
    public static boolean isNull(ByteBuffer in, int at) {
        return at < 0 || (in.get(at) & 0xFF) == TypeCode.NULL;
    }

    public static boolean isMap(ByteBuffer in, int at) {
        int code = in.get(at) & 0xFF;
        return code == TypeCode.MAP_8 || code == TypeCode.MAP_32;
    }

    public static boolean isList(ByteBuffer in, int at) {
        int code = in.get(at) & 0xFF;
        return code == TypeCode.LIST_0 || code == TypeCode.LIST_8 || code == TypeCode.LIST_32;
    }

    /** How many elements a list, map (keys and values) or array has. */
    public static int count(ByteBuffer in, int at) {
        return (int) countIn(in, at, in.capacity());
    }

    static long countIn(ByteBuffer in, int at, int limit) {
        int code = in.get(at) & 0xFF;
        if (code == TypeCode.LIST_0) {
            return 0;
        }
        return isWide(code) ? size32(in, at + 5, limit) : size8(in, at + 2, limit);
    }

    /** Where the first element of a list or map stands, or the constructor of an array's. */
    public static int elementsAt(ByteBuffer in, int at) {
        return elementsAt(in, at, in.capacity());
    }

    static int elementsAt(ByteBuffer in, int at, int limit) {
        int code = in.get(at) & 0xFF;
        int elements = code == TypeCode.LIST_0 ? at + 1 : isWide(code) ? at + 9 : at + 3;
        if (elements > limit) {
            throw truncated();
        }
        return elements;
    }

    private static boolean isWide(int code) {
        return code >= TypeCode.LIST_32 && code != TypeCode.ARRAY_8;
    }

    /** Where the n-th element of the list stands, from 0; -1 if it has fewer, or that is null. */
    public static int element(ByteBuffer in, int list, int n) {
        if (n >= count(in, list)) {
            return -1;
        }
        int at = elementsAt(in, list);
        for (int i = 0; i < n; i++) {
            at = end(in, at, in.capacity());
        }
        return isNull(in, at) ? -1 : at;
    }

    /** Where the value of a string or symbol key stands in the map; -1 if there is none. */
    public static int entry(ByteBuffer in, int map, String key) {
        byte[] wanted = key.getBytes(UTF_8);
        int at = elementsAt(in, map);
        for (int n = count(in, map); n > 1; n -= 2) {
            int value = end(in, at, in.capacity());
            if (isText(in, at) && isText(in, at, value, wanted)) {
                return isNull(in, value) ? -1 : value;
            }
            at = end(in, value, in.capacity());
        }
        return -1;
    }

    /** Whether it is a string or symbol. */
    public static boolean isText(ByteBuffer in, int at) {
        return switch (in.get(at) & 0xFF) {
            case TypeCode.STRING_8, TypeCode.STRING_32, TypeCode.SYMBOL_8, TypeCode.SYMBOL_32 ->
                    true;
            default -> false;
        };
    }

    /** Whether it is a binary. */
    public static boolean isBinary(ByteBuffer in, int at) {
        int code = in.get(at) & 0xFF;
        return code == TypeCode.BINARY_8 || code == TypeCode.BINARY_32;
    }

    public static boolean isBoolean(ByteBuffer in, int at) {
        int code = in.get(at) & 0xFF;
        return code == TypeCode.TRUE || code == TypeCode.FALSE || code == TypeCode.BOOLEAN;
    }

    public static boolean isUuid(ByteBuffer in, int at) {
        return (in.get(at) & 0xFF) == TypeCode.UUID;
    }

    /** Whether {@link #integer} can read it. */
    public static boolean isInteger(ByteBuffer in, int at) {
        return switch (in.get(at) & 0xFF) {
            case TypeCode.UINT_0,
                    TypeCode.ULONG_0,
                    TypeCode.UBYTE,
                    TypeCode.SMALL_UINT,
                    TypeCode.SMALL_ULONG,
                    TypeCode.BYTE,
                    TypeCode.SMALL_INT,
                    TypeCode.SMALL_LONG,
                    TypeCode.USHORT,
                    TypeCode.SHORT,
                    TypeCode.UINT,
                    TypeCode.CHAR,
                    TypeCode.INT,
                    TypeCode.ULONG,
                    TypeCode.LONG,
                    TypeCode.TIMESTAMP ->
                    true;
            default -> false;
        };
    }

    /** The character of a char; one that does not exist is replaced. */
    public static String character(ByteBuffer in, int at) {
        int character = in.getInt(at + 1);
        return Character.isValidCodePoint(character) ? Character.toString(character) : "\uFFFD";
    }

    /** Whether the text from {@code at} to {@code end} is of these octets; makes no object. */
    private static boolean isText(ByteBuffer in, int at, int end, byte[] wanted) {
        int header = (in.get(at) & 0xFF) >= TypeCode.BINARY_32 ? 5 : 2;
        int from = end - wanted.length;
        if (at + header != from) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (in.get(from + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** The characters of a string or symbol. */
    public static String text(ByteBuffer in, int at) {
        return new String(octets(in, at), UTF_8);
    }

    /** The octets of a string, symbol or binary. */
    public static byte[] octets(ByteBuffer in, int at) {
        boolean wide = (in.get(at) & 0xFF) >= TypeCode.BINARY_32;
        byte[] octets = new byte[wide ? in.getInt(at + 1) : in.get(at + 1) & 0xFF];
        in.get(at + (wide ? 5 : 2), octets);
        return octets;
    }

    /** The value of an integer or timestamp of any width; unsigned ones of 64 bits wrap. */
    public static long integer(ByteBuffer in, int at) {
        int code = in.get(at) & 0xFF;
        return switch (code) {
            case TypeCode.UINT_0, TypeCode.ULONG_0 -> 0;
            case TypeCode.UBYTE, TypeCode.SMALL_UINT, TypeCode.SMALL_ULONG -> in.get(at + 1) & 0xFF;
            case TypeCode.BYTE, TypeCode.SMALL_INT, TypeCode.SMALL_LONG -> in.get(at + 1);
            case TypeCode.USHORT -> in.getShort(at + 1) & 0xFFFF;
            case TypeCode.SHORT -> in.getShort(at + 1);
            case TypeCode.UINT, TypeCode.CHAR -> in.getInt(at + 1) & 0xFFFF_FFFFL;
            case TypeCode.INT -> in.getInt(at + 1);
            case TypeCode.ULONG, TypeCode.LONG, TypeCode.TIMESTAMP -> in.getLong(at + 1);
            default -> throw new MalformedException("a number is expected");
        };
    }

    /** Whether the value is {@code true}; nothing, or null, is not. */
    public static boolean isTrue(ByteBuffer in, int at) {
        if (at < 0) {
            return false;
        }
        int code = in.get(at) & 0xFF;
        return code == TypeCode.TRUE || (code == TypeCode.BOOLEAN && in.get(at + 1) != 0);
    }

    private static MalformedException truncated() {
        return new MalformedException("a value that ends beyond what holds it");
    }

    private static MalformedException tooDeep() {
        return new MalformedException("values nested deeper than " + MAX_DEPTH);
    }
}
