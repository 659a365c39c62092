package io.chasqui.server.amqp10;

import io.chasqui.core.definition.Binary;
import io.chasqui.protocol.amqp10.TypeCode;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values of 1.0 as the plain ones that {@link io.chasqui.core.definition.Arguments} lists; unsigned
 * ones become the next larger type, descriptors are passed over.
 */
final class PlainValues {

    private PlainValues() {}

    /** The value at {@code at}, which has been checked. */
    static @Nullable Object read(ByteBuffer in, int at) {
        int code = in.get(at) & 0xFF;
        return switch (code) {
            case TypeCode.DESCRIBED -> read(in, Values.end(in, at + 1, in.capacity()));
            case TypeCode.NULL -> null;
            case TypeCode.TRUE -> true;
            case TypeCode.FALSE -> false;
            case TypeCode.BOOLEAN -> in.get(at + 1) != 0;
            case TypeCode.BYTE -> in.get(at + 1);
            case TypeCode.UBYTE, TypeCode.SHORT -> (short) Values.integer(in, at);
            case TypeCode.USHORT, TypeCode.INT, TypeCode.SMALL_INT -> (int) Values.integer(in, at);
            case TypeCode.UINT,
                    TypeCode.UINT_0,
                    TypeCode.SMALL_UINT,
                    TypeCode.ULONG,
                    TypeCode.ULONG_0,
                    TypeCode.SMALL_ULONG,
                    TypeCode.LONG,
                    TypeCode.SMALL_LONG ->
                    Values.integer(in, at);
            case TypeCode.FLOAT -> in.getFloat(at + 1);
            case TypeCode.DOUBLE -> in.getDouble(at + 1);
            case TypeCode.CHAR -> Values.character(in, at);
            case TypeCode.TIMESTAMP -> Instant.ofEpochMilli(in.getLong(at + 1));
            case TypeCode.UUID -> new UUID(in.getLong(at + 1), in.getLong(at + 9)).toString();
            case TypeCode.DECIMAL_32, TypeCode.DECIMAL_64, TypeCode.DECIMAL_128 ->
                    Binary.of(fixed(in, at));
            case TypeCode.BINARY_8, TypeCode.BINARY_32 -> Binary.of(Values.octets(in, at));
            case TypeCode.STRING_8, TypeCode.STRING_32, TypeCode.SYMBOL_8, TypeCode.SYMBOL_32 ->
                    Values.text(in, at);
            case TypeCode.LIST_0, TypeCode.LIST_8, TypeCode.LIST_32 -> list(in, at);
            case TypeCode.MAP_8, TypeCode.MAP_32 -> map(in, at);
            case TypeCode.ARRAY_8, TypeCode.ARRAY_32 -> array(in, at);
            default -> throw new IllegalStateException("unchecked value of type " + code);
        };
    }

    private static byte[] fixed(ByteBuffer in, int at) {
        byte[] octets = new byte[Values.end(in, at, in.capacity()) - at - 1];
        in.get(at + 1, octets);
        return octets;
    }

    private static List<@Nullable Object> list(ByteBuffer in, int at) {
        List<@Nullable Object> values = new ArrayList<>();
        int next = Values.elementsAt(in, at);
        for (int i = 0; i < Values.count(in, at); i++) {
            values.add(read(in, next));
            next = Values.end(in, next, in.capacity());
        }
        return values;
    }

    private static Map<String, @Nullable Object> map(ByteBuffer in, int at) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        int next = Values.elementsAt(in, at);
        for (int i = 0; i < Values.count(in, at); i += 2) {
            int value = Values.end(in, next, in.capacity());
            values.put(String.valueOf(read(in, next)), read(in, value));
            next = Values.end(in, value, in.capacity());
        }
        return values;
    }

    /** The elements of an array share one constructor: each is put behind a copy of it. */
    private static List<@Nullable Object> array(ByteBuffer in, int at) {
        List<@Nullable Object> values = new ArrayList<>();
        for (ByteBuffer element : Values.arrayElements(in, at)) {
            values.add(read(element, 0));
        }
        return values;
    }
}
