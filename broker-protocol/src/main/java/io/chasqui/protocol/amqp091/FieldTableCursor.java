package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Goes through the fields of a checked table, or the values of a checked array, in place. */
public final class FieldTableCursor {

    private final ByteBuffer in;
    private final int to;
    private final boolean named;
    private int nextAt;
    private int nameAt;
    private int valueAt;

    /** Before the first of the entries from {@code from} to {@code to} of a table. */
    public FieldTableCursor(ByteBuffer in, int from, int to) {
        this(in, from, to, true);
    }

    private FieldTableCursor(ByteBuffer in, int from, int to, boolean named) {
        this.in = in;
        this.nextAt = from;
        this.to = to;
        this.named = named;
    }

    /** Before the first value of the array whose type octet is at {@code at}. */
    public static FieldTableCursor ofArray(ByteBuffer in, int at) {
        int from = at + 5;
        return new FieldTableCursor(in, from, from + in.getInt(at + 1), false);
    }

    /** Goes on to the next field or value; false if there is none. */
    public boolean next() {
        if (nextAt >= to) {
            return false;
        }
        nameAt = nextAt;
        valueAt = named ? nameAt + 1 + (in.get(nameAt) & 0xFF) : nextAt;
        nextAt = FieldScan.endOfValue(in, valueAt);
        return true;
    }

    /** The name of a field; octets that are not UTF-8 become U+FFFD. */
    public String name() {
        return Utf8.decodeLossy(in, nameAt + 1, valueAt - nameAt - 1);
    }

    /** Where the whole field begins, its name included. */
    public int fieldAt() {
        return nameAt;
    }

    /** Where the field or value ends. */
    public int end() {
        return nextAt;
    }

    /** Whether the field has this name. */
    public boolean isNamed(byte[] name) {
        return FieldTableReader.isNameAt(in, nameAt, name);
    }

    /** The octet that tells the value's type. */
    public byte type() {
        return in.get(valueAt);
    }

    /** The value in its Java type, see {@link FieldTable}; it shares no octet with the buffer. */
    public @Nullable Object value() {
        return FieldTableReader.valueAt(in, valueAt);
    }
}
