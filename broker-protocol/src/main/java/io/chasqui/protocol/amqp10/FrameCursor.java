package io.chasqui.protocol.amqp10;

import io.chasqui.protocol.FrameFinder;
import java.nio.ByteBuffer;

/**
 * Finds whole frames among received octets, in place, and the protocol header where one is due.
 *
 * <pre>
 *   | size:4 | doff:1 | type:1 | channel:2 | extended header | body |        1.0 §2.3.1
 *            |&lt;------------------ size - 4 octets -----------------&gt;|
 * </pre>
 *
 * A frame's size is checked as soon as it is there, so nobody waits, or makes room, for a body that
 * will be refused.
 */
public final class FrameCursor implements FrameFinder {

    /** What is due next; shared by the cursors of one connection. */
    public static final class Expectation {

        private boolean header;

        /** Eight octets of protocol header come next, not a frame. */
        public void header() {
            header = true;
        }
    }

    /** Instead of a frame's type: it is a protocol header. */
    public static final int HEADER = -1;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int SIZE_BYTES = 4;
    private static final int DOFF_AT = 4;
    private static final int TYPE_AT = 5;
    private static final int CHANNEL_AT = 6;
    private static final int DOFF_UNIT = 4;

    private final Expectation expected;
    private ByteBuffer buffer = NOTHING;
    private int position;
    private int limit;
    private int largest = Integer.MAX_VALUE;

    private int type;
    private int channel;
    private int bodyAt;
    private int bodySize;

    public FrameCursor(Expectation expected) {
        this.expected = expected;
    }

    @Override
    public void wrap(ByteBuffer octets, int from, int to) {
        buffer = octets;
        position = from;
        limit = to;
    }

    @Override
    public void frameMax(int octets) {
        largest = octets == 0 ? Integer.MAX_VALUE : octets;
    }

    /**
     * @throws MalformedException if it is too large or too small, or its body begins outside of it
     */
    @Override
    public boolean next() {
        if (missing() > 0) {
            return false;
        }
        if (expected.header) {
            expected.header = false;
            found(HEADER, 0, position, Amqp10.PROTOCOL_HEADER_BYTES);
            return true;
        }
        int size = checkedSize();
        int offset = (buffer.get(position + DOFF_AT) & 0xFF) * DOFF_UNIT;
        if (offset < Amqp10.FRAME_HEADER_BYTES || offset > size) {
            throw new MalformedException(
                    "data offset of " + offset + " octets in a frame of " + size);
        }
        found(
                buffer.get(position + TYPE_AT) & 0xFF,
                buffer.getShort(position + CHANNEL_AT) & 0xFFFF,
                position + offset,
                size - offset);
        return true;
    }

    private void found(int foundType, int foundChannel, int at, int size) {
        type = foundType;
        channel = foundChannel;
        bodyAt = at;
        bodySize = size;
        position = at + size;
    }

    /** {@link Amqp10#FRAME_AMQP} and so on, or {@link #HEADER}. */
    public int type() {
        return type;
    }

    public int channel() {
        return channel;
    }

    /** Where in the buffer the body begins. */
    public int bodyAt() {
        return bodyAt;
    }

    public int bodySize() {
        return bodySize;
    }

    @Override
    public int position() {
        return position;
    }

    @Override
    public int missing() {
        int available = limit - position;
        if (expected.header) {
            return Math.max(0, Amqp10.PROTOCOL_HEADER_BYTES - available);
        }
        if (available < SIZE_BYTES) {
            return SIZE_BYTES - available;
        }
        return Math.max(0, checkedSize() - available);
    }

    private int checkedSize() {
        long size = buffer.getInt(position) & 0xFFFF_FFFFL;
        if (size < Amqp10.FRAME_HEADER_BYTES) {
            throw new MalformedException("frame of " + size + " octets is too small");
        }
        if (size > largest) {
            throw new MalformedException(
                    "frame of " + size + " octets exceeds the maximum of " + largest);
        }
        return (int) size;
    }
}
