package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes field tables; each Java type has one type octet (see {@link FieldTable}). */
public final class FieldTableWriter {

    private FieldTableWriter() {}

    /** Writes size field and entries at the position of {@code out}. */
    public static void write(FieldTable table, ByteBuffer out) {
        out.putInt(table.entriesSize());
        table.writeEntries(out);
    }

    /** Octets {@link #write} puts. */
    public static int sizeOf(FieldTable table) {
        return 4 + table.entriesSize();
    }

    static FieldTable encode(Map<String, @Nullable Object> fields) {
        Growing out = new Growing();
        fields.forEach((name, value) -> {
            byte[] octets = name.getBytes(UTF_8);
            if (octets.length > Amqp091.SHORT_STRING_MAX) {
                throw new IllegalArgumentException("field name over 255 octets: " + name);
            }
            out.room(1 + octets.length).put((byte) octets.length).put(octets);
            writeValue(value, out, 1);
        });
        return new FieldTable(out.buffer, 0, out.buffer.position());
    }

    /** One question after the other instead of a switch: see decision 9, on what takes time at a start. */
    private static void writeValue(@Nullable Object value, Growing out, int depth) {
        if (value == null) {
            out.type('V', 0);
        } else if (value instanceof Boolean v) {
            out.type('t', 1).put((byte) (v ? 1 : 0));
        } else if (value instanceof Byte v) {
            out.type('b', 1).put(v);
        } else if (value instanceof UnsignedByte v) {
            out.type('B', 1).put((byte) v.value());
        } else if (value instanceof Short v) {
            out.type('s', 2).putShort(v);
        } else if (value instanceof UnsignedShort v) {
            out.type('u', 2).putShort((short) v.value());
        } else if (value instanceof Integer v) {
            out.type('I', 4).putInt(v);
        } else if (value instanceof UnsignedInt v) {
            out.type('i', 4).putInt((int) v.value());
        } else if (value instanceof Long v) {
            out.type('l', 8).putLong(v);
        } else if (value instanceof Float v) {
            out.type('f', 4).putFloat(v);
        } else if (value instanceof Double v) {
            out.type('d', 8).putDouble(v);
        } else if (value instanceof BigDecimal v) {
            writeDecimal(v, out);
        } else if (value instanceof Timestamp v) {
            out.type('T', 8).putLong(v.seconds());
        } else if (value instanceof String v) {
            out.sized('S', v.getBytes(UTF_8));
        } else if (value instanceof LongString v) {
            v.writeTo(out.type('S', 4 + v.size()).putInt(v.size()));
        } else if (value instanceof Binary v) {
            v.writeTo(out.type('x', 4 + v.size()).putInt(v.size()));
        } else if (value instanceof FieldTable v) {
            write(v, out.type('F', sizeOf(v)));
        } else if (value instanceof List<?> v) {
            writeList(v, out, depth + 1);
        } else {
            throw new IllegalArgumentException("no field type for a " + value.getClass().getName());
        }
    }

    private static void writeDecimal(BigDecimal value, Growing out) {
        if (value.scale() < 0 || value.scale() > 0xFF || value.unscaledValue().bitLength() > 31) {
            throw new IllegalArgumentException("decimal out of the wire's range: " + value);
        }
        out.type('D', 5).put((byte) value.scale()).putInt(value.unscaledValue().intValue());
    }

    private static void writeList(List<?> elements, Growing out, int depth) {
        if (depth > FieldTable.MAX_DEPTH) {
            throw new IllegalArgumentException("list nests deeper than " + FieldTable.MAX_DEPTH);
        }
        out.type('A', 4).putInt(0);
        int start = out.buffer.position();
        for (Object element : elements) {
            writeValue(element, out, depth);
        }
        out.buffer.putInt(start - 4, out.buffer.position() - start);
    }

    /** A buffer that doubles as its writer goes on. */
    private static final class Growing {

        private ByteBuffer buffer = ByteBuffer.allocate(128);

        ByteBuffer room(int octets) {
            if (buffer.remaining() < octets) {
                int capacity = Math.max(buffer.capacity() * 2, buffer.position() + octets);
                buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
            }
            return buffer;
        }

        ByteBuffer type(char type, int octets) {
            return room(1 + octets).put((byte) type);
        }

        void sized(char type, byte[] octets) {
            type(type, 4 + octets.length).putInt(octets.length).put(octets);
        }
    }
}
