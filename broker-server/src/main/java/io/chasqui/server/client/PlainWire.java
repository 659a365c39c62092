package io.chasqui.server.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A socket without TLS. */
final class PlainWire implements Wire {

    /** The channel alone cannot read with a time limit; its stream can, through an array. */
    private static final int TIMED_READ_BYTES = 16 * 1024;

    private final SocketChannel socket;

    private PlainWire(SocketChannel socket) {
        this.socket = socket;
    }

    static PlainWire connect(InetSocketAddress address) throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            socket.socket().connect(address, CONNECT_PATIENCE_MS);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            return new PlainWire(socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void write(ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            socket.write(octets);
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return socket.read(into);
    }

    @Override
    public int readWithin(int patienceMs, ByteBuffer into) throws IOException {
        byte[] octets = new byte[Math.min(TIMED_READ_BYTES, into.remaining())];
        socket.socket().setSoTimeout(patienceMs);
        int count = socket.socket().getInputStream().read(octets);
        into.put(octets, 0, Math.max(0, count));
        return count;
    }

    @Override
    public boolean hasInput() throws IOException {
        return socket.socket().getInputStream().available() > 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
