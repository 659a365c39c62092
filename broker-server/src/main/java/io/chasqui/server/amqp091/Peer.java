package io.chasqui.server.amqp091;

import io.chasqui.core.security.LoginAttempt;
import io.chasqui.protocol.amqp091.Credentials;
import io.chasqui.server.net.PeerLog;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Whoever is at the other end of a connection.
 *
 * @param name for the log, {@code host:port}
 */
record Peer(String name, Channel socket) {

    /** Both ends, as RabbitMQ names connections. */
    String connectionName() {
        return name + " -> " + PeerLog.address(socket.localAddress());
    }

    /** The attempt to log in from here. */
    LoginAttempt attempt(Credentials credentials) {
        InetAddress address =
                socket.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        return new LoginAttempt(
                credentials.username(),
                credentials.password(),
                address == null ? name : address.getHostAddress(),
                address != null && address.isLoopbackAddress(),
                socket::isActive);
    }
}
