package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/**
 * Reads a method's arguments one after the other (0-9-1 §4.2.5). Every read is checked against the
 * end of the frame; bits that follow one another share an octet, lowest bit first.
 */
final class ArgumentReader {

    private static final int NO_BITS = 8;

    private final ByteBuffer in;
    private final int end;
    private int at;
    private int bits;
    private int nextBit = NO_BITS;

    ArgumentReader(ByteBuffer in, int at, int end) {
        this.in = in;
        this.at = at;
        this.end = end;
    }

    int octet() {
        return in.get(take(1)) & 0xFF;
    }

    int shortUint() {
        return in.getShort(take(2)) & 0xFFFF;
    }

    long longUint() {
        return in.getInt(take(4)) & 0xFFFF_FFFFL;
    }

    long longLong() {
        return in.getLong(take(8));
    }

    boolean bit() {
        if (nextBit == NO_BITS) {
            bits = octet();
            nextBit = 0;
        }
        return (bits >> nextBit++ & 1) != 0;
    }

    String shortString() {
        int length = octet();
        return Utf8.decode(in, take(length), length);
    }

    LongString longString() {
        int size = sizeField();
        return LongString.copyOf(in, take(size), size);
    }

    FieldTable table() {
        int size = sizeField();
        return FieldTableReader.read(in, take(size), size);
    }

    /** Steps over a short integer that means nothing any more, as the access ticket. */
    ArgumentReader skipShortUint() {
        take(2);
        return this;
    }

    ArgumentReader skipShortString() {
        take(octet());
        return this;
    }

    ArgumentReader skipLongString() {
        take(sizeField());
        return this;
    }

    ArgumentReader skipBit() {
        bit();
        return this;
    }

    void expectEnd() {
        if (at != end) {
            throw ProtocolException.syntaxError((end - at) + " octets after the last argument");
        }
    }

    private int sizeField() {
        int size = FieldScan.sizeAt(in, at, end);
        take(4);
        return size;
    }

    private int take(int octets) {
        if (octets > end - at) {
            throw ProtocolException.syntaxError("arguments run past the end of the frame");
        }
        int taken = at;
        at += octets;
        nextBit = NO_BITS;
        return taken;
    }
}
