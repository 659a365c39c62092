package io.chasqui.protocol.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

/** Encodes values one behind the other into memory that grows with them (1.0 §1.6). */
public final class ValueWriter {

    private static final int SHORT = 255;

    private byte[] memory = new byte[256];
    private ByteBuffer out = ByteBuffer.wrap(memory);

    /** Forgets what was written. */
    public ValueWriter clear() {
        out.clear();
        return this;
    }

    /** Octets written. */
    public int size() {
        return out.position();
    }

    /** What was written, from 0 to {@link #size}; good until more is. */
    public ByteBuffer memory() {
        return out;
    }

    /** A copy of what was written. */
    public byte[] toArray() {
        return Arrays.copyOf(memory, size());
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int position = out.position();
            memory = Arrays.copyOf(memory, Math.max(memory.length * 2, position + bytes));
            out = ByteBuffer.wrap(memory).position(position);
        }
        return out;
    }

    private ByteBuffer code(int code, int more) {
        return room(1 + more).put((byte) code);
    }

    /** The descriptor of the value that follows. */
    public ValueWriter described(int descriptor) {
        room(3).put((byte) TypeCode.DESCRIBED)
                .put((byte) TypeCode.SMALL_ULONG)
                .put((byte) descriptor);
        return this;
    }

    public ValueWriter putNull() {
        code(TypeCode.NULL, 0);
        return this;
    }

    public ValueWriter bool(boolean value) {
        code(value ? TypeCode.TRUE : TypeCode.FALSE, 0);
        return this;
    }

    public ValueWriter ubyte(int value) {
        code(TypeCode.UBYTE, 1).put((byte) value);
        return this;
    }

    public ValueWriter sbyte(int value) {
        code(TypeCode.BYTE, 1).put((byte) value);
        return this;
    }

    public ValueWriter ushort(int value) {
        code(TypeCode.USHORT, 2).putShort((short) value);
        return this;
    }

    public ValueWriter sshort(int value) {
        code(TypeCode.SHORT, 2).putShort((short) value);
        return this;
    }

    public ValueWriter uint(long value) {
        if (value == 0) {
            code(TypeCode.UINT_0, 0);
        } else if (value <= SHORT) {
            code(TypeCode.SMALL_UINT, 1).put((byte) value);
        } else {
            code(TypeCode.UINT, 4).putInt((int) value);
        }
        return this;
    }

    public ValueWriter sint(int value) {
        code(TypeCode.INT, 4).putInt(value);
        return this;
    }

    public ValueWriter ulong(long value) {
        if (value == 0) {
            code(TypeCode.ULONG_0, 0);
        } else if (value > 0 && value <= SHORT) {
            code(TypeCode.SMALL_ULONG, 1).put((byte) value);
        } else {
            code(TypeCode.ULONG, 8).putLong(value);
        }
        return this;
    }

    public ValueWriter slong(long value) {
        code(TypeCode.LONG, 8).putLong(value);
        return this;
    }

    public ValueWriter sfloat(float value) {
        code(TypeCode.FLOAT, 4).putFloat(value);
        return this;
    }

    public ValueWriter sdouble(double value) {
        code(TypeCode.DOUBLE, 8).putDouble(value);
        return this;
    }

    /** Milliseconds since the epoch. */
    public ValueWriter timestamp(long ms) {
        code(TypeCode.TIMESTAMP, 8).putLong(ms);
        return this;
    }

    public ValueWriter uuid(UUID value) {
        code(TypeCode.UUID, 16)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits());
        return this;
    }

    public ValueWriter string(String value) {
        return sized(TypeCode.STRING_8, value.getBytes(UTF_8));
    }

    public ValueWriter symbol(String value) {
        return sized(TypeCode.SYMBOL_8, value.getBytes(UTF_8));
    }

    public ValueWriter binary(byte[] value) {
        return sized(TypeCode.BINARY_8, value);
    }

    /** The constructor of a binary of so many octets, which the caller adds elsewhere. */
    public ValueWriter binaryHeader(int octets) {
        if (octets <= SHORT) {
            code(TypeCode.BINARY_8, 1).put((byte) octets);
        } else {
            code(TypeCode.BINARY_32, 4).putInt(octets);
        }
        return this;
    }

    private ValueWriter sized(int shortCode, byte[] octets) {
        if (octets.length <= SHORT) {
            code(shortCode, 1 + octets.length).put((byte) octets.length).put(octets);
        } else {
            int wide = shortCode + (TypeCode.BINARY_32 - TypeCode.BINARY_8);
            code(wide, 4 + octets.length).putInt(octets.length).put(octets);
        }
        return this;
    }

    /** Begins a list; returns what {@link #end} wants. */
    public int beginList() {
        return begin(TypeCode.LIST_32);
    }

    /** Begins a map; returns what {@link #end} wants. */
    public int beginMap() {
        return begin(TypeCode.MAP_32);
    }

    /** Begins an array of maps, see {@link #beginMapElement}; returns what {@link #end} wants. */
    public int beginArrayOfMaps() {
        return beginArray(TypeCode.MAP_32);
    }

    /** Begins an array of strings, see {@link #stringElement}; returns what {@link #end} wants. */
    public int beginArrayOfStrings() {
        return beginArray(TypeCode.STRING_32);
    }

    private int beginArray(int elementCode) {
        int begun = begin(TypeCode.ARRAY_32);
        room(1).put((byte) elementCode);
        return begun;
    }

    /** Begins a map that is an element of an array; returns what {@link #end} wants. */
    public int beginMapElement() {
        return beginWithoutCode();
    }

    /** A string that is an element of an array. */
    public ValueWriter stringElement(String value) {
        byte[] octets = value.getBytes(UTF_8);
        room(4 + octets.length).putInt(octets.length).put(octets);
        return this;
    }

    private int begin(int code) {
        code(code, 0);
        return beginWithoutCode();
    }

    private int beginWithoutCode() {
        ByteBuffer to = room(8);
        int begun = to.position();
        to.putInt(0).putInt(0);
        return begun;
    }

    /**
     * Ends a list, map or array.
     *
     * @param count how many elements were written; keys and values count each
     */
    public ValueWriter end(int begun, int count) {
        out.putInt(begun, out.position() - begun - 4).putInt(begun + 4, count);
        return this;
    }

    /** A string of at most 255 octets that lies behind an octet with its length. */
    public ValueWriter shortString(ByteBuffer from, int at) {
        code(TypeCode.STRING_8, 0);
        return copy(from, at, 1 + (from.get(at) & 0xFF));
    }

    /** Copies encoded octets. */
    public ValueWriter copy(ByteBuffer from, int at, int length) {
        ByteBuffer to = room(length);
        to.put(to.position(), from, at, length);
        to.position(to.position() + length);
        return this;
    }
}
