package io.chasqui.protocol.amqp091;

import io.chasqui.protocol.FrameFinder;
import java.nio.ByteBuffer;

/**
 * Finds whole frames among received octets, in place: the buffer's position and limit play no part,
 * nothing is copied, and one cursor serves a connection for ever.
 *
 * <pre>
 *   | type:1 | channel:2 | size:4 | payload:size | 0xCE |        0-9-1 §4.2.3
 * </pre>
 *
 * A frame's size is checked against the frame-max, and its type against the known ones, as soon as
 * its header is there; so nobody waits, or makes room, for a payload that will be refused.
 *
 * <p>Not thread-safe. Between {@link #next} and the following call, the accessors describe the frame
 * that was found.
 */
public final class FrameCursor implements FrameFinder {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Class and method id, without which a payload is no method. */
    private static final int METHOD_MIN = 4;

    /** Class, weight and body size, without which a payload is no content header. */
    private static final int HEADER_MIN = 12;

    private ByteBuffer buffer = NOTHING;
    private int position;
    private int limit;
    private int frameMax;
    private int largestPayload = Integer.MAX_VALUE - Amqp091.FRAME_OVERHEAD;

    private int type;
    private int channel;
    private int payloadAt;
    private int payloadSize;

    /** Looks from now on at the octets of {@code buffer} from {@code from} to {@code to}. */
    @Override
    public void wrap(ByteBuffer buffer, int from, int to) {
        this.buffer = buffer;
        this.position = from;
        this.limit = to;
    }

    /**
     * Sets the largest frame to accept, in octets, 0 for no limit.
     *
     * <p>Like RabbitMQ it lets a payload be as large as the frame may be, since clients get the eight
     * octets of overhead wrong.
     */
    @Override
    public void frameMax(int octets) {
        frameMax = octets;
        int largest = Integer.MAX_VALUE - Amqp091.FRAME_OVERHEAD;
        largestPayload = octets == 0 ? largest : Math.min(octets, largest);
    }

    /**
     * Steps to the next frame if all of it is there.
     *
     * @throws ProtocolException 501 if it is too large, of an unknown type, too small for its type, or
     *     does not end in 0xCE
     */
    @Override
    public boolean next() {
        int available = limit - position;
        if (available < Amqp091.FRAME_HEADER_SIZE) {
            return false;
        }
        int size = checkedSize();
        if (available - Amqp091.FRAME_OVERHEAD < size) {
            return false;
        }
        int at = position;
        int end = at + Amqp091.FRAME_HEADER_SIZE + size;
        if ((buffer.get(end) & 0xFF) != Amqp091.FRAME_END) {
            throw frameError("{invalid_frame_end_marker," + (buffer.get(end) & 0xFF) + "}", size);
        }
        type = buffer.get(at);
        channel = buffer.getShort(at + 1) & 0xFFFF;
        payloadAt = at + Amqp091.FRAME_HEADER_SIZE;
        payloadSize = size;
        position = end + 1;
        return true;
    }

    /** {@link Amqp091#FRAME_METHOD} and so on. */
    public int type() {
        return type;
    }

    public int channel() {
        return channel;
    }

    /** Where in the buffer the payload begins. */
    public int payloadAt() {
        return payloadAt;
    }

    public int payloadSize() {
        return payloadSize;
    }

    /** The first octet that belongs to no frame found so far. */
    @Override
    public int position() {
        return position;
    }

    /**
     * How many octets the frame at {@link #position} still needs at least: those of its header until
     * the header is whole, from then on all of them. 0 if the frame is whole.
     */
    @Override
    public int missing() {
        int available = limit - position;
        if (available < Amqp091.FRAME_HEADER_SIZE) {
            return Amqp091.FRAME_HEADER_SIZE - available;
        }
        return Math.max(0, checkedSize() - (available - Amqp091.FRAME_OVERHEAD));
    }

    private int checkedSize() {
        long size = buffer.getInt(position + 3) & 0xFFFF_FFFFL;
        if (size > largestPayload) {
            int stated = frameMax == 0 ? largestPayload : frameMax - Amqp091.FRAME_OVERHEAD;
            throw frameError("{frame_too_large," + size + "," + stated + "}", 0);
        }
        boolean known =
                switch (buffer.get(position)) {
                    case Amqp091.FRAME_METHOD -> size >= METHOD_MIN;
                    case Amqp091.FRAME_HEADER -> size >= HEADER_MIN;
                    case Amqp091.FRAME_BODY -> true;
                    case Amqp091.FRAME_HEARTBEAT -> size == 0;
                    default -> false;
                };
        if (!known) {
            throw frameError("unknown_frame", (int) size);
        }
        return (int) size;
    }

    /** The reply of RabbitMQ, which quotes the beginning of the payload. */
    private ProtocolException frameError(String reason, int size) {
        int at = position + Amqp091.FRAME_HEADER_SIZE;
        int shown = Math.min(Math.min(size, limit - at), ErlangText.OCTETS_SHOWN);
        return new ProtocolException(
                ReplyCode.FRAME_ERROR,
                "type "
                        + (buffer.get(position) & 0xFF)
                        + (shown == size ? ", all octets = " : ", first " + shown + " octets = ")
                        + ErlangText.octets(buffer, at, shown)
                        + ": "
                        + reason);
    }
}
