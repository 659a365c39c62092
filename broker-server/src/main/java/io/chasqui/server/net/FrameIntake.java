package io.chasqui.server.net;

import io.chasqui.protocol.FrameFinder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Received octets on their way to whole frames. A frame that lies in one receive buffer is read
 * there, in place; only one that is split between two is copied together. An idle connection, with
 * no frame begun, holds no memory here.
 *
 * @param <F> finds the frames of one protocol
 */
public final class FrameIntake<F extends FrameFinder> {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int SMALLEST_SPLIT = 256;

    private final ByteBufAllocator allocator;
    private final Runnable leaving;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();

    /** The receive buffer being read, and a view of what is in it. */
    private @Nullable ByteBuf current;

    private ByteBuffer octets = NOTHING;
    private final F inPlace;

    /** The beginning, and at last all, of a frame that is split between receive buffers. */
    private @Nullable ByteBuf split;

    private ByteBuffer joinedOctets = NOTHING;
    private final F joined;

    private boolean foundInSplit;
    private boolean again;
    private long receivedBytes;
    private long reads;

    /**
     * @param finders a new one at each call
     * @param leaving called before memory that frames were found in goes away
     */
    public FrameIntake(ByteBufAllocator allocator, Supplier<F> finders, Runnable leaving) {
        this.allocator = allocator;
        this.leaving = leaving;
        this.inPlace = finders.get();
        this.joined = finders.get();
    }

    /** Sets the largest frame to accept from now on, in octets; 0 for no limit. */
    public void frameMax(int octets) {
        inPlace.frameMax(octets);
        joined.frameMax(octets);
    }

    /** Octets taken so far. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** How often something was taken. */
    public long reads() {
        return reads;
    }

    /** Takes what was received, and its ownership. */
    public void add(ByteBuf received) {
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
     * @throws RuntimeException of the protocol, if what was received is no frame
     */
    public boolean next() {
        if (again) {
            again = false;
            return true;
        }
        if (foundInSplit) {
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
    public void again() {
        again = true;
    }

    /** Appends to the split frame what it still needs; whether it is whole now. */
    private boolean join(ByteBuf begun, ByteBuf more) {
        while (true) {
            joinedOctets = begun.nioBuffer();
            joined.wrap(joinedOctets, 0, joinedOctets.limit());
            if (joined.next()) {
                foundInSplit = true;
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
        foundInSplit = false;
        joinedOctets = NOTHING;
        if (split != null) {
            split.release();
            split = null;
        }
    }

    /** Forgets everything received. */
    public void clear() {
        again = false;
        leaveSplit();
        for (ByteBuf buffer = current; buffer != null; buffer = current) {
            leave(buffer);
        }
    }

    /** Whether nothing received is left to read, but perhaps the beginning of a frame. */
    public boolean isEmpty() {
        return current == null;
    }

    /** What has found the frame, and tells of it. */
    public F found() {
        return foundInSplit ? joined : inPlace;
    }

    /** The memory that the frame lies in. */
    public ByteBuffer octets() {
        return foundInSplit ? joinedOctets : octets;
    }
}
