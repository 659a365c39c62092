package io.chasqui.protocol.amqp10;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads values where they lie (part 1.6 of the specification) as objects of Java; what there is no
 * plain type for in every place is for those who extend it to say.
 *
 * <p>A char and a uuid become text, an unsigned 64-bit number a signed one; of a described value
 * the descriptor is passed over. Values that have been checked ({@link Values#check}) throw nothing.
 */
public abstract class ValueReader {

    protected ValueReader() {}

    /** The value at {@code at}, which has been checked. */
    public final @Nullable Object read(ByteBuffer in, int at) {
        int code = in.get(at) & 0xFF;
        return switch (code) {
            case TypeCode.DESCRIBED -> read(in, Values.end(in, at + 1, in.capacity()));
            case TypeCode.NULL -> null;
            case TypeCode.TRUE -> true;
            case TypeCode.FALSE -> false;
            case TypeCode.BOOLEAN -> in.get(at + 1) != 0;
            case TypeCode.BYTE -> in.get(at + 1);
            case TypeCode.UBYTE -> unsignedByte((short) Values.integer(in, at));
            case TypeCode.SHORT -> in.getShort(at + 1);
            case TypeCode.USHORT -> unsignedShort((int) Values.integer(in, at));
            case TypeCode.INT, TypeCode.SMALL_INT -> (int) Values.integer(in, at);
            case TypeCode.UINT, TypeCode.UINT_0, TypeCode.SMALL_UINT ->
                    unsignedInt(Values.integer(in, at));
            case TypeCode.ULONG,
                    TypeCode.ULONG_0,
                    TypeCode.SMALL_ULONG,
                    TypeCode.LONG,
                    TypeCode.SMALL_LONG ->
                    Values.integer(in, at);
            case TypeCode.FLOAT -> in.getFloat(at + 1);
            case TypeCode.DOUBLE -> in.getDouble(at + 1);
            case TypeCode.CHAR -> Values.character(in, at);
            case TypeCode.TIMESTAMP -> timestamp(in.getLong(at + 1));
            case TypeCode.UUID -> uuid(in, at).toString();
            case TypeCode.DECIMAL_32, TypeCode.DECIMAL_64, TypeCode.DECIMAL_128 ->
                    decimal(fixed(in, at));
            case TypeCode.BINARY_8, TypeCode.BINARY_32 -> binary(Values.octets(in, at));
            case TypeCode.STRING_8, TypeCode.STRING_32, TypeCode.SYMBOL_8, TypeCode.SYMBOL_32 ->
                    Values.text(in, at);
            case TypeCode.LIST_0, TypeCode.LIST_8, TypeCode.LIST_32 -> list(in, at);
            case TypeCode.MAP_8, TypeCode.MAP_32 -> map(entries(in, at));
            case TypeCode.ARRAY_8, TypeCode.ARRAY_32 -> array(in, at);
            default -> throw new IllegalStateException("unchecked value of type " + code);
        };
    }

    /** The uuid at {@code at}, behind its constructor. */
    public static UUID uuid(ByteBuffer in, int at) {
        return new UUID(in.getLong(at + 1), in.getLong(at + 1 + Long.BYTES));
    }

    protected abstract Object unsignedByte(short value);

    protected abstract Object unsignedShort(int value);

    protected abstract Object unsignedInt(long value);

    /**
     * @param ms since 1970
     */
    protected abstract Object timestamp(long ms);

    protected abstract Object binary(byte[] octets);

    /**
     * @param octets 4, 8 or 16 of them, IEEE 754
     */
    protected abstract Object decimal(byte[] octets);

    /**
     * @param entries in their order, the keys as text
     */
    protected abstract Object map(Map<String, @Nullable Object> entries);

    private static byte[] fixed(ByteBuffer in, int at) {
        byte[] octets = new byte[Values.end(in, at, in.capacity()) - at - 1];
        in.get(at + 1, octets);
        return octets;
    }

    private List<@Nullable Object> list(ByteBuffer in, int at) {
        List<@Nullable Object> values = new ArrayList<>();
        int next = Values.elementsAt(in, at);
        for (int i = 0; i < Values.count(in, at); i++) {
            values.add(read(in, next));
            next = Values.end(in, next, in.capacity());
        }
        return values;
    }

    private Map<String, @Nullable Object> entries(ByteBuffer in, int at) {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        int next = Values.elementsAt(in, at);
        for (int i = 0; i < Values.count(in, at); i += 2) {
            int value = Values.end(in, next, in.capacity());
            entries.put(String.valueOf(read(in, next)), read(in, value));
            next = Values.end(in, value, in.capacity());
        }
        return entries;
    }

    private List<@Nullable Object> array(ByteBuffer in, int at) {
        List<@Nullable Object> values = new ArrayList<>();
        for (ByteBuffer element : Values.arrayElements(in, at)) {
            values.add(read(element, 0));
        }
        return values;
    }
}
