package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.FrameCursor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Received octets on their way to whole frames. A frame that lies in one receive buffer is read
 * there, in place; only one that is split between two is copied together. An idle connection, with
 * no frame begun, holds no memory here.
 */
final class FrameIntake {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int SMALLEST_SPLIT = 256;

    private final ByteBufAllocator allocator;
    private final Runnable leaving;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();

    /** The receive buffer being read, and a view of what is in it. */
    private @Nullable ByteBuf current;

    private ByteBuffer octets = NOTHING;
    private final FrameCursor inPlace = new FrameCursor();

    /** The beginning, and at last all, of a frame that is split between receive buffers. */
    private @Nullable ByteBuf split;

    private ByteBuffer joinedOctets = NOTHING;
    private final FrameCursor joined = new FrameCursor();

    private FrameCursor found = inPlace;
    private boolean again;
    private long receivedBytes;
    private long reads;

    /**
     * @param leaving called before memory that frames were found in goes away
     */
    FrameIntake(ByteBufAllocator allocator, Runnable leaving) {
        this.allocator = allocator;
        this.leaving = leaving;
    }

    /** Sets the largest frame to accept from now on, in octets; 0 for no limit. */
    void frameMax(int octets) {
        inPlace.frameMax(octets);
        joined.frameMax(octets);
    }

    /** Octets taken so far. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** How often something was taken. */
    long reads() {
        return reads;
    }

    /** Takes what was received, and its ownership. */
    void add(ByteBuf received) {
        receivedBytes += received.readableBytes();
        reads++;
        if (current == null) {
            open(received);
        } else {
            waiting.add(received);
        }
    }

    /**
     * Steps to the next whole frame; the one before is gone then.
     *
     * @return false if more must be received first
     * @throws io.chasqui.protocol.amqp091.ProtocolException 501 if what was received is no frame
     */
    boolean next() {
        if (again) {
            again = false;
            return true;
        }
        if (found == joined) {
            leaveSplit();
        }
        for (ByteBuf buffer = current; buffer != null; buffer = current) {
            ByteBuf begun = split;
            if (begun == null ? inPlace.next() : join(begun, buffer)) {
                return true;
            }
            if (begun == null) {
                beginSplit(buffer);
            }
            leave(buffer);
        }
        return false;
    }

    /** Lets the next {@link #next()} find the same frame again. */
    void again() {
        again = true;
    }

    /** Appends to the split frame what it still needs; whether it is whole now. */
    private boolean join(ByteBuf begun, ByteBuf more) {
        while (true) {
            joinedOctets = begun.nioBuffer();
            joined.wrap(joinedOctets, 0, joinedOctets.limit());
            if (joined.next()) {
                found = joined;
                return true;
            }
            int from = inPlace.position();
            int taken = Math.min(joined.missing(), octets.limit() - from);
            if (taken == 0) {
                return false;
            }
            begun.writeBytes(more, more.readerIndex() + from, taken);
            inPlace.wrap(octets, from + taken, octets.limit());
        }
    }

    private void beginSplit(ByteBuf buffer) {
        int from = inPlace.position();
        int rest = octets.limit() - from;
        if (rest > 0) {
            ByteBuf begun = allocator.directBuffer(Math.max(SMALLEST_SPLIT, rest));
            split = begun.writeBytes(buffer, buffer.readerIndex() + from, rest);
        }
    }

    private void open(ByteBuf received) {
        current = received;
        octets = received.nioBuffer();
        inPlace.wrap(octets, 0, octets.limit());
    }

    private void leave(ByteBuf buffer) {
        leaving.run();
        buffer.release();
        current = null;
        octets = NOTHING;
        ByteBuf following = waiting.poll();
        if (following != null) {
            open(following);
        }
    }

    private void leaveSplit() {
        leaving.run();
        found = inPlace;
        joinedOctets = NOTHING;
        if (split != null) {
            split.release();
            split = null;
        }
    }

    /** Forgets everything received. */
    void clear() {
        again = false;
        leaveSplit();
        for (ByteBuf buffer = current; buffer != null; buffer = current) {
            leave(buffer);
        }
    }

    /** Whether nothing received is left to read, but perhaps the beginning of a frame. */
    boolean isEmpty() {
        return current == null;
    }

    int type() {
        return found.type();
    }

    int channel() {
        return found.channel();
    }

    /** The memory that the frame lies in. */
    ByteBuffer octets() {
        return found == joined ? joinedOctets : octets;
    }

    int payloadAt() {
        return found.payloadAt();
    }

    int payloadSize() {
        return found.payloadSize();
    }
}
