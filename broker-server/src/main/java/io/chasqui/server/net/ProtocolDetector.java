package io.chasqui.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads the first eight octets of a connection, hands it to the protocol they name, and leaves. A
 * client that asks for anything else is told which header to send, and closed (0-9-1 §4.2.2).
 */
final class ProtocolDetector extends ChannelInboundHandlerAdapter implements LiveConnection {

    private final Channel channel;
    private final String name;
    private final ShardConnections neighbours;
    private final List<Protocol> protocols;
    private final long deadlineNs;
    private final ByteBuffer header = ByteBuffer.allocate(Protocol.HEADER_BYTES);

    /**
     * @param protocols of whose headers the last one answers a header that nobody here knows
     * @param timeoutNs how long a client may take to send its header
     */
    ProtocolDetector(
            Channel channel,
            ShardConnections neighbours,
            List<Protocol> protocols,
            long timeoutNs) {
        this.channel = channel;
        this.name = PeerLog.address(channel.remoteAddress());
        this.neighbours = neighbours;
        this.protocols = protocols;
        this.deadlineNs = neighbours.clock().monotonicNs() + timeoutNs;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        neighbours.add(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        neighbours.remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        if (!header.hasRemaining()) {
            received.release();
            return;
        }
        int taken = Math.min(header.remaining(), received.readableBytes());
        received.readBytes(header.limit(header.position() + taken));
        header.limit(Protocol.HEADER_BYTES);
        if (header.hasRemaining()) {
            received.release();
            return;
        }
        for (Protocol protocol : protocols) {
            if (protocol.isHeader(header, 0)) {
                neighbours.remove(this);
                context.pipeline().replace(this, null, protocol.take(channel, neighbours, header));
                context.fireChannelRead(received);
                return;
            }
        }
        received.release();
        refuse();
    }

    private void refuse() {
        channel.config().setAutoRead(false);
        neighbours.log().warn(PeerLog.Peer.STRANGER, name + " closed: " + complaint());
        Protocol nearest =
                protocols.stream()
                        .filter(protocol -> protocol.isMeant(header, 0))
                        .findFirst()
                        .orElse(protocols.getLast());
        channel.writeAndFlush(Unpooled.wrappedBuffer(nearest.header()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** What the peer seems to want, in words that say what to do about it. */
    private String complaint() {
        String start = new String(header.array(), US_ASCII);
        if (header.get(0) == 0x16 && header.get(1) == 3) {
            return "TLS on the plain AMQP port; connect without TLS (amqp://), or to the TLS port"
                    + " (listeners.amqps.port)";
        }
        for (String verb : List.of("GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTIONS ")) {
            if (start.startsWith(verb.substring(0, Math.min(8, verb.length())))) {
                return "HTTP on the AMQP port; HTTP has a port of its own (http.port)";
            }
        }
        return "unsupported protocol header '" + start + "'";
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    public void sweep(long nowNs) {
        if (nowNs - deadlineNs > 0) {
            neighbours
                    .log()
                    .warn(PeerLog.Peer.STRANGER, name + " closed: sent no protocol header in time");
            channel.close();
        }
    }

    @Override
    public void alarmsChanged(boolean publishersBlocked) {}

    @Override
    public void drain() {
        // Nothing is asked for yet.
    }

    @Override
    public boolean owes() {
        return false;
    }

    @Override
    public void shutDown() {
        channel.close();
    }
}
