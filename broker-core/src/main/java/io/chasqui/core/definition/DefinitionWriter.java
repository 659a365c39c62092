package io.chasqui.core.definition;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the parts of a definition in the format of {@link DefinitionCodec}; grows as needed. */
final class DefinitionWriter {

    private ByteBuffer buffer = ByteBuffer.allocate(256);

    /** What was written, from position 0 to the limit. */
    ByteBuffer octets() {
        return buffer.flip();
    }

    void octet(int value) {
        room(1).put((byte) value);
    }

    void int16(short value) {
        room(Short.BYTES).putShort(value);
    }

    void int32(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void int64(long value) {
        room(Long.BYTES).putLong(value);
    }

    void text(String value) {
        binary(value.getBytes(StandardCharsets.UTF_8));
    }

    void binary(byte[] value) {
        int32(value.length);
        room(value.length).put(value);
    }

    void table(Map<?, ? extends @Nullable Object> table) {
        int32(table.size());
        table.forEach((name, value) -> {
            text((String) name);
            value(value);
        });
    }

    private void list(List<?> list) {
        int32(list.size());
        for (Object value : list) {
            value(value);
        }
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> octet('V');
            case Boolean flag -> {
                octet('t');
                octet(flag ? 1 : 0);
            }
            case Byte number -> {
                octet('b');
                octet(number);
            }
            case Short number -> {
                octet('s');
                int16(number);
            }
            case Integer number -> {
                octet('I');
                int32(number);
            }
            case Long number -> {
                octet('l');
                int64(number);
            }
            case Float number -> {
                octet('f');
                int32(Float.floatToRawIntBits(number));
            }
            case Double number -> {
                octet('d');
                int64(Double.doubleToRawLongBits(number));
            }
            case BigDecimal number -> {
                octet('D');
                int32(number.scale());
                binary(number.unscaledValue().toByteArray());
            }
            case String text -> {
                octet('S');
                text(text);
            }
            case Instant instant -> {
                octet('T');
                int64(instant.getEpochSecond());
                int32(instant.getNano());
            }
            case Binary octets -> {
                octet('x');
                binary(octets.octets());
            }
            case List<?> list -> {
                octet('A');
                list(list);
            }
            case Map<?, ?> table -> {
                octet('F');
                table(table);
            }
            default ->
                    throw new IllegalArgumentException(
                            "no argument can be a " + value.getClass().getName());
        }
    }

    private ByteBuffer room(int octets) {
        if (buffer.remaining() < octets) {
            int needed = Math.addExact(buffer.position(), octets);
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8, buffer.capacity() * 2L);
            buffer = ByteBuffer.allocate(Math.max(needed, doubled)).put(buffer.flip());
        }
        return buffer;
    }
}
