package io.chasqui.server.conversion;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.protocol.amqp091.Binary;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Timestamp;
import io.chasqui.protocol.amqp091.UnsignedByte;
import io.chasqui.protocol.amqp091.UnsignedInt;
import io.chasqui.protocol.amqp091.UnsignedShort;
import io.chasqui.protocol.amqp10.ValueWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Field values of 0-9-1 as values of 1.0. */
final class FieldsToAmqp10 {

    private static final long MS_PER_S = 1000;

    private FieldsToAmqp10() {}

    /** Whether application-properties may have such a value: they are simple (1.0 §3.2.5). */
    static boolean isSimple(@Nullable Object value) {
        return !(value instanceof List || value instanceof FieldTable);
    }

    /**
     * Writes the value. Text with a NUL in it is a binary, as in RabbitMQ.
     */
    static void write(ValueWriter out, @Nullable Object value) {
        switch (value) {
            case null -> out.putNull();
            case Boolean is -> out.bool(is);
            case Byte number -> out.sbyte(number);
            case UnsignedByte number -> out.ubyte(number.value());
            case Short number -> out.sshort(number);
            case UnsignedShort number -> out.ushort(number.value());
            case Integer number -> out.sint(number);
            case UnsignedInt number -> out.uint(number.value());
            case Long number -> out.slong(number);
            case Float number -> out.sfloat(number);
            case Double number -> out.sdouble(number);
            case Timestamp time -> out.timestamp(time.seconds() * MS_PER_S);
            case String text -> string(out, text);
            case LongString octets -> out.binary(octets.octets());
            case Binary octets -> out.binary(octets.octets());
            case BigDecimal number -> out.string(number.toString());
            case List<?> list -> {
                int begun = out.beginList();
                list.forEach(each -> write(out, each));
                out.end(begun, list.size());
            }
            case FieldTable table -> table(out, table);
            default -> throw new IllegalArgumentException("a field of " + value.getClass());
        }
    }

    private static void string(ValueWriter out, String text) {
        if (text.indexOf('\0') >= 0) {
            out.binary(text.getBytes(UTF_8));
        } else {
            out.string(text);
        }
    }

    private static void table(ValueWriter out, FieldTable table) {
        Map<String, @Nullable Object> fields = table.asMap();
        int begun = out.beginMap();
        fields.forEach((name, value) -> {
            out.symbol(name);
            write(out, value);
        });
        out.end(begun, 2 * fields.size());
    }
}
