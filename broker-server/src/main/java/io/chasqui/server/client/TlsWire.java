package io.chasqui.server.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A socket with TLS: 1.2 or 1.3, whichever the broker prefers. */
final class TlsWire implements Wire {

    private static final int ARRAY_BYTES = 16 * 1024;

    private final Socket carrier;
    private final SSLSocket socket;
    private final byte[] incoming = new byte[ARRAY_BYTES];

    private TlsWire(Socket carrier, SSLSocket socket) {
        this.carrier = carrier;
        this.socket = socket;
    }

    static TlsWire connect(InetSocketAddress address, String host, TlsTrust trust)
            throws IOException {
        Socket carrier = new Socket();
        try {
            carrier.connect(address, CONNECT_PATIENCE_MS);
            carrier.setTcpNoDelay(true);
            carrier.setKeepAlive(true);
            SSLSocket socket =
                    (SSLSocket)
                            trust.sockets().createSocket(carrier, host, address.getPort(), true);
            if (trust.verified()) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm(
                        "HTTPS"); // the host's name is looked at
                socket.setSSLParameters(parameters);
            }
            shakeHands(socket);
            return new TlsWire(carrier, socket);
        } catch (IOException | RuntimeException e) {
            carrier.close();
            throw e;
        }
    }

    private static void shakeHands(SSLSocket socket) throws IOException {
        socket.setSoTimeout(CONNECT_PATIENCE_MS);
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            throw new IOException(
                    "no TLS: "
                            + e.getMessage()
                            + " (?cacertfile=FILE in the URL tells whom to believe)",
                    e);
        }
    }

    @Override
    public void write(ByteBuffer octets) throws IOException {
        byte[] outgoing = new byte[octets.remaining()];
        octets.get(outgoing);
        socket.getOutputStream().write(outgoing);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return readWithin(0, into);
    }

    @Override
    public int readWithin(int patienceMs, ByteBuffer into) throws IOException {
        socket.setSoTimeout(patienceMs);
        int count =
                socket.getInputStream()
                        .read(incoming, 0, Math.min(incoming.length, into.remaining()));
        into.put(incoming, 0, Math.max(0, count));
        return count;
    }

    /** Of a record that is under way the rest may have to be waited for. */
    @Override
    public boolean hasInput() throws IOException {
        return socket.getInputStream().available() > 0 || carrier.getInputStream().available() > 0;
    }

    /** Closes the socket under it, which waits for nobody: AMQP has said good-bye itself. */
    @Override
    public void close() throws IOException {
        carrier.close();
    }
}
