package io.chasqui.server.conversion;

import io.chasqui.protocol.amqp091.Binary;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Timestamp;
import io.chasqui.protocol.amqp091.UnsignedByte;
import io.chasqui.protocol.amqp091.UnsignedInt;
import io.chasqui.protocol.amqp091.UnsignedShort;
import io.chasqui.protocol.amqp10.TypeCode;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values of 1.0, read where they lie, as field values of 0-9-1. What 0-9-1 has no type for becomes the
 * nearest: an unsigned 64-bit number a signed one, a char and a uuid text, a decimal its octets.
 */
final class ValuesToAmqp091 {

    private static final int LONGEST_NAME = 255;
    private static final long MS_PER_S = 1000;

    private ValuesToAmqp091() {}

    /** The value at {@code at}, which has been checked. */
    static @Nullable Object read(ByteBuffer in, int at) {
        int code = in.get(at) & 0xFF;
        return switch (code) {
            case TypeCode.DESCRIBED -> read(in, Values.end(in, at + 1, in.capacity()));
            case TypeCode.NULL -> null;
            case TypeCode.TRUE -> true;
            case TypeCode.FALSE -> false;
            case TypeCode.BOOLEAN -> in.get(at + 1) != 0;
            case TypeCode.UBYTE -> new UnsignedByte((int) Values.integer(in, at));
            case TypeCode.BYTE -> in.get(at + 1);
            case TypeCode.USHORT -> new UnsignedShort((int) Values.integer(in, at));
            case TypeCode.SHORT -> in.getShort(at + 1);
            case TypeCode.UINT, TypeCode.UINT_0, TypeCode.SMALL_UINT ->
                    new UnsignedInt(Values.integer(in, at));
            case TypeCode.INT, TypeCode.SMALL_INT -> (int) Values.integer(in, at);
            case TypeCode.ULONG,
                    TypeCode.ULONG_0,
                    TypeCode.SMALL_ULONG,
                    TypeCode.LONG,
                    TypeCode.SMALL_LONG ->
                    Values.integer(in, at);
            case TypeCode.FLOAT -> in.getFloat(at + 1);
            case TypeCode.DOUBLE -> in.getDouble(at + 1);
            case TypeCode.CHAR -> Values.character(in, at);
            case TypeCode.TIMESTAMP -> new Timestamp(in.getLong(at + 1) / MS_PER_S);
            case TypeCode.UUID -> uuid(in, at).toString();
            case TypeCode.DECIMAL_32, TypeCode.DECIMAL_64, TypeCode.DECIMAL_128 ->
                    Binary.of(fixed(in, at));
            case TypeCode.BINARY_8, TypeCode.BINARY_32 -> LongString.of(Values.octets(in, at));
            case TypeCode.STRING_8, TypeCode.STRING_32, TypeCode.SYMBOL_8, TypeCode.SYMBOL_32 ->
                    Values.text(in, at);
            case TypeCode.LIST_0, TypeCode.LIST_8, TypeCode.LIST_32 -> list(in, at);
            case TypeCode.MAP_8, TypeCode.MAP_32 -> map(in, at);
            case TypeCode.ARRAY_8, TypeCode.ARRAY_32 -> array(in, at);
            default -> throw new IllegalStateException("unchecked value of type " + code);
        };
    }

    static UUID uuid(ByteBuffer in, int at) {
        return new UUID(in.getLong(at + 1), in.getLong(at + 1 + Long.BYTES));
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

    /** Entries whose keys are too long for a name are left out. */
    private static FieldTable map(ByteBuffer in, int at) {
        FieldTable.Builder table = FieldTable.builder();
        int next = Values.elementsAt(in, at);
        for (int i = 0; i < Values.count(in, at); i += 2) {
            int value = Values.end(in, next, in.capacity());
            String name = String.valueOf(read(in, next));
            if (isName(name)) {
                table.put(name, read(in, value));
            }
            next = Values.end(in, value, in.capacity());
        }
        return table.build();
    }

    /** Whether it fits the name of a field. */
    static boolean isName(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
    }

    private static List<@Nullable Object> array(ByteBuffer in, int at) {
        List<@Nullable Object> values = new ArrayList<>();
        for (ByteBuffer element : Values.arrayElements(in, at)) {
            values.add(read(element, 0));
        }
        return values;
    }
}
