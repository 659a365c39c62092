package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a method's arguments one after the other (0-9-1 §4.2.5), or without a buffer only counts
 * their octets. Bits that follow one another share an octet, lowest bit first.
 */
final class ArgumentWriter {

    private static final int NO_BITS = -1;

    private final @Nullable ByteBuffer out;
    private int size;
    private int bits;
    private int nextBit = NO_BITS;

    private ArgumentWriter(@Nullable ByteBuffer out) {
        this.out = out;
    }

    static ArgumentWriter to(ByteBuffer out) {
        return new ArgumentWriter(out);
    }

    static ArgumentWriter counting() {
        return new ArgumentWriter(null);
    }

    ArgumentWriter octet(int value) {
        count(1);
        if (out != null) {
            out.put((byte) value);
        }
        return this;
    }

    ArgumentWriter shortUint(int value) {
        count(2);
        if (out != null) {
            out.putShort((short) value);
        }
        return this;
    }

    ArgumentWriter longUint(long value) {
        count(4);
        if (out != null) {
            out.putInt((int) value);
        }
        return this;
    }

    ArgumentWriter longLong(long value) {
        count(8);
        if (out != null) {
            out.putLong(value);
        }
        return this;
    }

    ArgumentWriter bit(boolean value) {
        if (nextBit == NO_BITS) {
            octet(0);
            bits = 0;
            nextBit = 0;
        }
        if (value) {
            bits |= 1 << nextBit;
        }
        nextBit++;
        if (out != null) {
            out.put(out.position() - 1, (byte) bits);
        }
        return this;
    }

    ArgumentWriter shortString(String value) {
        byte[] octets = value.getBytes(UTF_8);
        if (octets.length > Amqp091.SHORT_STRING_MAX) {
            throw new IllegalArgumentException("no short string of " + octets.length + " octets");
        }
        return octet(octets.length).octets(octets);
    }

    ArgumentWriter longString(String value) {
        byte[] octets = value.getBytes(UTF_8);
        return longUint(octets.length).octets(octets);
    }

    ArgumentWriter longString(LongString value) {
        longUint(value.size());
        count(value.size());
        if (out != null) {
            value.writeTo(out);
        }
        return this;
    }

    ArgumentWriter table(FieldTable value) {
        count(FieldTableWriter.sizeOf(value));
        if (out != null) {
            FieldTableWriter.write(value, out);
        }
        return this;
    }

    int size() {
        return size;
    }

    private ArgumentWriter octets(byte[] octets) {
        count(octets.length);
        if (out != null) {
            out.put(octets);
        }
        return this;
    }

    private void count(int octets) {
        size += octets;
        nextBit = NO_BITS;
    }
}
