package io.chasqui.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.nio.ByteBuffer;

/**
 * A wire protocol, which a client chooses with the first eight octets it sends. One port speaks
 * all of them.
 */
public interface Protocol {

    /** Octets of every protocol header (0-9-1 §4.2.2, 1.0 §2.2). */
    int HEADER_BYTES = 8;

    /** Whether the octets at {@code at} are this protocol's header. */
    boolean isHeader(ByteBuffer octets, int at);

    /**
     * Whether a client that begins with the octets at {@code at}, which are no header of ours, seems to
     * want this protocol, and should be told {@link #header}.
     */
    boolean isMeant(ByteBuffer octets, int at);

    /** The header that clients should send. */
    byte[] header();

    /**
     * The handler that takes a connection over, behind the header. It adds itself to {@code
     * neighbours} and must be gone from there when the socket is closed.
     */
    ChannelHandler take(Channel socket, ShardConnections neighbours, ByteBuffer header);
}
