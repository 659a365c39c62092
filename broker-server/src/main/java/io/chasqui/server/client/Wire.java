package io.chasqui.server.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * The octets between a client and its broker, plain or over TLS. One thread reads; any may write,
 * and end it.
 */
sealed interface Wire extends Closeable permits PlainWire, TlsWire {

    int CONNECT_PATIENCE_MS = 10_000;

    /**
     * Connects, as the URL says.
     *
     * @throws IOException if nobody listens there, or not with TLS, or nobody that is believed
     */
    static Wire connect(BrokerUrl url) throws IOException {
        InetSocketAddress address = new InetSocketAddress(url.host(), url.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException("no such host");
        }
        return url.tls().isPresent()
                ? TlsWire.connect(address, url.host(), url.tls().get())
                : PlainWire.connect(address);
    }

    /** Writes everything; blocks as long as the broker does not take it. */
    void write(ByteBuffer octets) throws IOException;

    /** Waits for octets and puts them into the buffer; returns how many, -1 at the end. */
    int read(ByteBuffer into) throws IOException;

    /**
     * As {@link #read}, but waits no longer than this.
     *
     * @param patienceMs above 0
     * @throws java.net.SocketTimeoutException if nothing came
     */
    int readWithin(int patienceMs, ByteBuffer into) throws IOException;

    /** Whether {@link #read} would return at once. */
    boolean hasInput() throws IOException;
}
