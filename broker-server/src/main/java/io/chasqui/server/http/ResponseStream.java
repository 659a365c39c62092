package io.chasqui.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/**
 * A streamed body on its way to a client: one piece at a time is under way, and the writer waits
 * until the socket has taken it, so that a slow client costs one piece of memory.
 */
final class ResponseStream extends OutputStream {

    private static final int PIECE_BYTES = 64 * 1024;

    private final Channel channel;
    private final long timeoutMs;
    private final byte[] piece = new byte[PIECE_BYTES];
    private int size;

    ResponseStream(Channel channel, long timeoutMs) {
        this.channel = channel;
        this.timeoutMs = timeoutMs;
    }

    @Override
    public void write(int octet) throws IOException {
        if (size == PIECE_BYTES) {
            send();
        }
        piece[size++] = (byte) octet;
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        int at = from;
        int left = length;
        while (left > 0) {
            if (size == PIECE_BYTES) {
                send();
            }
            int taken = Math.min(left, PIECE_BYTES - size);
            System.arraycopy(octets, at, piece, size, taken);
            size += taken;
            at += taken;
            left -= taken;
        }
    }

    /** Sends what is left. A flush of the caller's is not passed on: it would make small pieces. */
    void finish() throws IOException {
        if (size > 0) {
            send();
        }
    }

    private void send() throws IOException {
        ByteBuf octets = channel.alloc().buffer(size).writeBytes(piece, 0, size);
        size = 0;
        await(channel.writeAndFlush(new DefaultHttpContent(octets)));
    }

    private void await(ChannelFuture sent) throws IOException {
        try {
            if (!sent.await(timeoutMs)) {
                channel.close();
                throw new IOException("the client does not take its answer");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while sending an answer");
        }
        if (!sent.isSuccess()) {
            throw new IOException("the client has gone", sent.cause());
        }
    }
}
