package io.chasqui.server.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;

/**
 * Waits for a TLS handshake to end. If it ends well, this leaves; if not, the log is told in one
 * line what to do, and the connection is closed.
 */
final class TlsGate extends ChannelInboundHandlerAdapter {

    private final ShardConnections neighbours;

    TlsGate(ShardConnections neighbours) {
        this.neighbours = neighbours;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                context.pipeline().remove(this);
            } else {
                refuse(context, handshake.cause());
            }
        }
        context.fireUserEventTriggered(event);
    }

    private void refuse(ChannelHandlerContext context, Throwable cause) {
        // Whoever leaves without a word is a health check, more often than not.
        if (!(cause instanceof ClosedChannelException)) {
            String peer = PeerLog.address(context.channel().remoteAddress());
            neighbours.log().warn(PeerLog.Peer.STRANGER, peer + " closed: " + complaint(cause));
        }
        context.close();
    }

    private static String complaint(Throwable cause) {
        return switch (cause) {
            case NotSslRecordException _ ->
                    "no TLS on the TLS port; connect with TLS (amqps://), or to the plain AMQP port";
            case SslHandshakeTimeoutException _ -> "TLS handshake timed out";
            default -> "TLS handshake failed: " + cause.getMessage() + advice(cause);
        };
    }

    /** What an alert from a client means, for those that everybody meets. */
    private static String advice(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        if (text.contains("certificate_unknown")
                || text.contains("unknown_ca")
                || text.contains("bad_certificate")) {
            return "; the client does not trust the broker's certificate";
        }
        return text.contains("Empty client certificate chain")
                ? "; the client showed no certificate"
                : "";
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
