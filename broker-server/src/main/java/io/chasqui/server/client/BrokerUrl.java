package io.chasqui.server.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker listens and who asks: {@code amqp://user:password@host:port/virtual-host}, or
 * {@code amqps} for TLS.
 *
 * @param tls empty without TLS
 */
public record BrokerUrl(
        String host,
        int port,
        String username,
        String password,
        String virtualHost,
        Optional<TlsTrust> tls) {

    private static final int DEFAULT_PORT = 5672;
    private static final int DEFAULT_TLS_PORT = 5671;

    /**
     * Reads the form RabbitMQ's clients know: everything but the host may be left out, and names
     * are percent-encoded, so the virtual host {@code /} is {@code %2f}. With {@code amqps}, {@code
     * ?cacertfile=FILE} names a PEM file with the certificates to believe, and {@code
     * ?verify=verify_none} has anybody believed.
     *
     * @throws IllegalArgumentException if it is no such URL
     */
    public static BrokerUrl parse(String text) {
        URI uri = uri(text);
        boolean overTls = "amqps".equals(uri.getScheme());
        if (!(overTls || "amqp".equals(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "not of the form amqp://HOST:PORT or amqps://HOST:PORT: " + text);
        }
        Optional<TlsTrust> tls = trust(uri.getRawQuery(), overTls);
        String user = uri.getRawUserInfo() == null ? "guest:guest" : uri.getRawUserInfo();
        int colon = user.indexOf(':');
        return new BrokerUrl(
                uri.getHost(),
                uri.getPort() < 0 ? (overTls ? DEFAULT_TLS_PORT : DEFAULT_PORT) : uri.getPort(),
                decoded(colon < 0 ? user : user.substring(0, colon)),
                decoded(colon < 0 ? "" : user.substring(colon + 1)),
                virtualHost(uri.getRawPath()),
                tls);
    }

    private static Optional<TlsTrust> trust(@Nullable String query, boolean overTls) {
        Optional<Path> authorities = Optional.empty();
        boolean verified = true;
        for (String field : query == null ? new String[0] : query.split("&", -1)) {
            int equals = field.indexOf('=');
            String value = decoded(field.substring(equals + 1));
            switch (equals < 0 ? "" : field.substring(0, equals)) {
                case "cacertfile" -> authorities = Optional.of(Path.of(value));
                case "verify" ->
                        verified =
                                switch (value) {
                                    case "verify_none" -> false;
                                    case "verify_peer" -> true;
                                    default -> throw unknown(field);
                                };
                default -> throw unknown(field);
            }
            if (!overTls) {
                throw new IllegalArgumentException("only for amqps://: " + field);
            }
        }
        return overTls ? Optional.of(new TlsTrust(authorities, verified)) : Optional.empty();
    }

    private static IllegalArgumentException unknown(String field) {
        return new IllegalArgumentException(
                "neither cacertfile=FILE nor verify=verify_none|verify_peer: " + field);
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
        return (tls.isPresent() ? "amqps://" : "amqp://")
                + username
                + "@"
                + host
                + ":"
                + port
                + " ("
                + virtualHost
                + ")";
    }
}
