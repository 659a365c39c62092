package io.chasqui.server.net;

import io.chasqui.core.shard.Shard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to one client: gathered in blocks of direct memory during a tick, handed to
 * the socket and flushed once at its end. An idle connection holds no block.
 */
public final class OutputBuffer implements Shard.TickEnd {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int LARGEST_BLOCK = 64 * 1024;
    private static final int SMALLEST_BLOCK = 512;

    /**
     * A block filled less than to this part is copied before it is handed over. Otherwise a client
     * that takes its time could hold a large block for every small frame.
     */
    private static final int LEAST_FILL = 4;

    private final Channel socket;
    private final Shard shard;
    private @Nullable ByteBuf block;
    private ByteBuffer out = NOTHING;
    private int mark;
    private int tickBytes;
    private int expectedBytes = SMALLEST_BLOCK;
    private boolean flushDue;
    private boolean closed;
    private long flushes;
    private long sentBytes;

    public OutputBuffer(Channel socket, Shard shard) {
        this.socket = socket;
        this.shard = shard;
    }

    /**
     * Where to write frames that belong together, at the position; there is room for {@code bytes}.
     */
    public ByteBuffer begin(int bytes) {
        if (out.remaining() < bytes) {
            handOver();
            newBlock(bytes);
        }
        mark = out.position();
        if (!flushDue) {
            flushDue = true;
            shard.atFlush(this);
        }
        return out;
    }

    /** Takes back what was written since the last {@link #begin}. */
    public void takeBack() {
        out.position(mark);
    }

    /** How often something was flushed: whoever sees it grow knows that the peer hears of us. */
    public long flushes() {
        return flushes;
    }

    /** Octets handed to the socket so far. */
    public long sentBytes() {
        return sentBytes;
    }

    /** Octets that the socket has not taken yet. */
    public long unsentBytes() {
        ChannelOutboundBuffer unsent = socket.unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    @Override
    public void tickEnded() {
        flushDue = false;
        handOver();
        expect(tickBytes);
        tickBytes = 0;
        flushes++;
        socket.flush();
    }

    /** Closes the socket once everything written is on its way; what comes later goes nowhere. */
    public void closeSocket() {
        handOver();
        closed = true;
        socket.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** The socket is closed: what is unwritten, or comes later, goes nowhere. */
    public void socketClosed() {
        closed = true;
        handOver();
    }

    private void newBlock(int bytes) {
        int size = tickBytes == 0 ? expectedBytes : LARGEST_BLOCK;
        ByteBuf fresh = socket.alloc().directBuffer(Math.max(bytes, size));
        block = fresh;
        out = fresh.nioBuffer(0, fresh.capacity());
    }

    private void handOver() {
        ByteBuf full = block;
        if (full == null) {
            return;
        }
        block = null;
        int bytes = out.position();
        out = NOTHING;
        tickBytes += bytes;
        sentBytes += bytes;
        if (bytes == 0 || closed) {
            full.release();
        } else if (bytes < full.capacity() / LEAST_FILL) {
            ByteBuf exact = socket.alloc().directBuffer(bytes).writeBytes(full, 0, bytes);
            full.release();
            socket.write(exact, socket.voidPromise());
        } else {
            socket.write(full.writerIndex(bytes), socket.voidPromise());
        }
    }

    /**
     * The next tick will probably write as much as this one, so its first block is of that size.
     */
    private void expect(int bytes) {
        if (bytes > expectedBytes) {
            expectedBytes =
                    Math.min(LARGEST_BLOCK, Integer.highestOneBit(Math.max(1, bytes - 1)) << 1);
        } else if (bytes < expectedBytes / LEAST_FILL) {
            expectedBytes = Math.max(SMALLEST_BLOCK, expectedBytes / 2);
        }
    }
}
