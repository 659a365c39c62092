package io.chasqui.protocol.amqp10;

import java.nio.ByteBuffer;

/**
 * Steps through the fields of a performative, read where they lie (1.0 §1.4). A field that is null, or
 * behind the last that was sent, is not there. Reused from frame to frame.
 */
final class FieldReader {

    /** A field that is not there. */
    static final int MISSING = -1;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer in = NOTHING;
    private int next;
    private int left;
    private int end;

    /**
     * Begins with the performative at {@code at}; returns where it ends.
     *
     * @param most fields that it may have
     * @throws MalformedException if it is no list, does not end before {@code limit}, or has more fields
     */
    int begin(ByteBuffer octets, int at, int limit, int most) {
        in = octets;
        int list = Values.end(in, at + 1, limit);
        end = Values.end(in, list, limit);
        if (!Values.isList(in, list)) {
            throw new MalformedException("a performative that is no list");
        }
        next = Values.elementsAt(in, list, end);
        long count = Values.countIn(in, list, end);
        if (count > most) {
            throw new MalformedException("a performative with " + count + " fields");
        }
        left = (int) count;
        return end;
    }

    /** Where the next field stands, or {@link #MISSING}. */
    private int step() {
        if (left == 0) {
            return MISSING;
        }
        left--;
        int field = next;
        next = Values.end(in, field, end);
        return Values.isNull(in, field) ? MISSING : field;
    }

    /** An unsigned integer, or {@link #MISSING}. */
    long uint(String name) {
        int at = step();
        if (at == MISSING) {
            return MISSING;
        }
        return switch (in.get(at) & 0xFF) {
            case TypeCode.UINT -> in.getInt(at + 1) & 0xFFFF_FFFFL;
            case TypeCode.SMALL_UINT -> in.get(at + 1) & 0xFF;
            case TypeCode.UINT_0 -> 0;
            default -> throw wrong(name);
        };
    }

    /** An unsigned integer that must be there. */
    int mandatoryUint(String name) {
        long value = uint(name);
        if (value == MISSING) {
            throw missing(name);
        }
        return (int) value;
    }

    /** An unsigned octet, or {@link #MISSING}. */
    int ubyte(String name) {
        int at = step();
        if (at == MISSING) {
            return MISSING;
        }
        if ((in.get(at) & 0xFF) != TypeCode.UBYTE) {
            throw wrong(name);
        }
        return in.get(at + 1) & 0xFF;
    }

    /** A boolean; false if it is not there. */
    boolean bool(String name) {
        int at = step();
        return at != MISSING && bool(name, at);
    }

    /** A boolean that must be there. */
    boolean mandatoryBool(String name) {
        int at = step();
        if (at == MISSING) {
            throw missing(name);
        }
        return bool(name, at);
    }

    private boolean bool(String name, int at) {
        if (!Values.isBoolean(in, at)) {
            throw wrong(name);
        }
        return Values.isTrue(in, at);
    }

    /** How many octets a binary has, or {@link #MISSING}. */
    int binaryLength(String name) {
        int at = step();
        if (at == MISSING) {
            return MISSING;
        }
        return switch (in.get(at) & 0xFF) {
            case TypeCode.BINARY_8 -> in.get(at + 1) & 0xFF;
            case TypeCode.BINARY_32 -> in.getInt(at + 1);
            default -> throw wrong(name);
        };
    }

    /** Where a value of whatever type stands, well-formed throughout, or {@link #MISSING}. */
    int value() {
        int at = step();
        if (at != MISSING) {
            int unused = Values.check(in, at, end);
        }
        return at;
    }

    /** Where the field begins that would be read next: the end of the last one. */
    int position() {
        return next;
    }

    private static MalformedException missing(String name) {
        return new MalformedException("the field " + name + " is mandatory");
    }

    private static MalformedException wrong(String name) {
        return new MalformedException("the field " + name + " is of another type");
    }
}
