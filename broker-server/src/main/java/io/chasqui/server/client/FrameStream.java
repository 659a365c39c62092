package io.chasqui.server.client;

import io.chasqui.protocol.FrameFinder;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/**
 * The frames between a client and its broker: those to be sent gather in {@link #out} until {@link
 * #flush} writes them all at once, and those that came are read in place where one read put them.
 */
final class FrameStream<C extends FrameFinder> implements Closeable {

    /** The largest frame that is read: RabbitMQ's default. */
    static final int FRAME_MAX = 131_072;

    /** Room for the largest frame and many small ones. */
    private static final int IN_BYTES = 2 * FRAME_MAX;

    private static final int OUT_BYTES = 64 * 1024;

    private final Wire wire;
    private final C frames;
    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES);
    private ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES);

    FrameStream(Wire wire, C frames) {
        this.wire = wire;
        this.frames = frames;
        frames.frameMax(FRAME_MAX);
    }

    /** Makes {@link #out} hold this many octets at once; to be called while it is empty. */
    void reserve(int octets) {
        if (out.capacity() < octets) {
            out = ByteBuffer.allocateDirect(octets);
        }
    }

    ByteBuffer out() {
        return out;
    }

    /** Writes all that {@link #out} holds; blocks as long as the broker does not take it. */
    void flush() throws IOException {
        out.flip();
        wire.write(out);
        out.clear();
    }

    /** From any thread: writes octets at once, past what {@link #out} holds. */
    void interject(ByteBuffer octets) throws IOException {
        wire.write(octets);
    }

    /** Whether {@link #read} would return at once. */
    boolean hasInput() throws IOException {
        return wire.hasInput();
    }

    /** Waits for octets of the broker and hands on the frames completed by them. */
    void read(FrameSink<C> sink) throws IOException {
        handOn(wire.read(in), sink);
    }

    /**
     * As {@link #read}, but waits no longer than this; returns whether octets came.
     *
     * @param patienceMs above 0
     */
    boolean readWithin(int patienceMs, FrameSink<C> sink) throws IOException {
        int count;
        try {
            count = wire.readWithin(patienceMs, in);
        } catch (SocketTimeoutException _) {
            return false;
        }
        handOn(count, sink);
        return true;
    }

    private void handOn(int count, FrameSink<C> sink) throws IOException {
        if (count < 0) {
            throw new EOFException("the broker closed the socket");
        }
        int end = in.position();
        frames.wrap(in, 0, end);
        while (frames.next()) {
            sink.frame(frames, in);
        }
        in.limit(end).position(frames.position());
        in.compact();
    }

    /** From any thread: ends the connection, whatever its thread is waiting for. */
    @Override
    public void close() throws IOException {
        wire.close();
    }
}
