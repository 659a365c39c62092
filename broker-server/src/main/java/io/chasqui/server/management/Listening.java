package io.chasqui.server.management;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * An address that is listened on.
 *
 * @param protocol as RabbitMQ names it: {@code amqp}, {@code amqp/ssl}, {@code http}, {@code
 *     http/prometheus}
 */
public record Listening(String protocol, String address, int port, boolean encrypted) {

    /** The addresses of one listener. */
    public static List<Listening> at(
            List<InetSocketAddress> addresses, String protocol, boolean encrypted) {
        return addresses.stream()
                .map(at ->
                        new Listening(
                                protocol,
                                at.getAddress().getHostAddress(),
                                at.getPort(),
                                encrypted))
                .toList();
    }
}
