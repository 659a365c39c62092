package io.chasqui.server.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Where a broker listens and who asks: {@code amqp://user:password@host:port/virtual-host}. */
public record BrokerUrl(
        String host, int port, String username, String password, String virtualHost) {

    private static final int DEFAULT_PORT = 5672;

    /**
     * Reads the form RabbitMQ's clients know: everything but the host may be left out, and names
     * are percent-encoded, so the virtual host {@code /} is {@code %2f}.
     *
     * @throws IllegalArgumentException if it is no such URL
     */
    public static BrokerUrl parse(String text) {
        URI uri = uri(text);
        if (!"amqp".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("not of the form amqp://HOST:PORT: " + text);
        }
        String user = uri.getRawUserInfo() == null ? "guest:guest" : uri.getRawUserInfo();
        int colon = user.indexOf(':');
        return new BrokerUrl(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                decoded(colon < 0 ? user : user.substring(0, colon)),
                decoded(colon < 0 ? "" : user.substring(colon + 1)),
                virtualHost(uri.getRawPath()));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String virtualHost(String path) {
        return path.length() < 2 ? "/" : decoded(path.substring(1));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "amqp://" + username + "@" + host + ":" + port + " (" + virtualHost + ")";
    }
}
