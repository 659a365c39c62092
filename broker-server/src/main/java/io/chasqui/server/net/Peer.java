package io.chasqui.server.net;

import io.chasqui.core.security.LoginAttempt;
import io.chasqui.core.session.ClientReport;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Whoever is at the other end of a connection.
 *
 * @param name for the log, {@code host:port}
 */
public record Peer(String name, Channel socket) {

    /** Both ends, as RabbitMQ names connections. */
    public String connectionName() {
        return name + " -> " + PeerLog.address(socket.localAddress());
    }

    /** Our end. */
    public ClientReport.End host() {
        return end(socket.localAddress());
    }

    /** The client's end. */
    public ClientReport.End peer() {
        return end(socket.remoteAddress());
    }

    private static ClientReport.End end(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? new ClientReport.End(inet.getAddress().getHostAddress(), inet.getPort())
                : new ClientReport.End(String.valueOf(address), 0);
    }

    /** How the connection is encrypted; empty if it is not. */
    public Optional<ClientReport.Encryption> encryption() {
        SslHandler tls = socket.pipeline().get(SslHandler.class);
        if (tls == null) {
            return Optional.empty();
        }
        SSLSession session = tls.engine().getSession();
        return Optional.of(
                new ClientReport.Encryption(session.getProtocol(), session.getCipherSuite()));
    }

    /** The certificate that the client has shown, which was vouched for; empty if it has shown none. */
    Optional<X509Certificate> certificate() {
        SslHandler tls = socket.pipeline().get(SslHandler.class);
        if (tls == null) {
            return Optional.empty();
        }
        try {
            return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate own
                    ? Optional.of(own)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    /** Both ends, by RabbitMQ's names. */
    public Map<String, @Nullable Object> facts() {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        if (socket.remoteAddress() instanceof InetSocketAddress peer) {
            facts.put("peer_host", peer.getHostString());
            facts.put("peer_port", peer.getPort());
        }
        if (socket.localAddress() instanceof InetSocketAddress own) {
            facts.put("host", own.getHostString());
            facts.put("port", own.getPort());
        }
        facts.put("ssl", socket.pipeline().get(SslHandler.class) != null);
        return facts;
    }

    /** The attempt to log in from here. */
    public LoginAttempt attempt(String user, String password) {
        InetAddress address =
                socket.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        return new LoginAttempt(
                user,
                password,
                address == null ? name : address.getHostAddress(),
                address != null && address.isLoopbackAddress(),
                socket::isActive);
    }
}
