package io.chasqui.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The settings of AMQP over TLS. */
final class TlsSettings {

    static final Setting<List<String>> HOSTS =
            new Setting<>(
                    "listeners.amqps.hosts",
                    Kind.list(),
                    "127.0.0.1, ::1",
                    "Addresses to listen on for AMQP over TLS, if there is a certificate.");

    static final Setting<Integer> PORT =
            new Setting<>(
                    "listeners.amqps.port",
                    Kind.number(0, 65_535),
                    "5671",
                    "TCP port for AMQP over TLS; 0 lets the system choose one.");

    static final Setting<Optional<Path>> CERTIFICATE =
            new Setting<>(
                    "listeners.amqps.certificate",
                    Kind.path().orNone(),
                    "none",
                    "PEM file with the broker's certificate, followed by those that vouch for it."
                            + " Without one there is no TLS. Read again when it changes.");

    static final Setting<Optional<Path>> KEY =
            new Setting<>(
                    "listeners.amqps.key",
                    Kind.path().orNone(),
                    "none",
                    "PEM file with the certificate's private key: PKCS#8, PKCS#1 or SEC 1.");

    static final Setting<String> KEY_PASSWORD =
            new Setting<>(
                    "listeners.amqps.key-password",
                    Kind.hiddenText(),
                    "",
                    "Password of a private key that is encrypted (PKCS#8).");

    static final Setting<String> CLIENT_CERTIFICATES =
            new Setting<>(
                    "listeners.amqps.client-certificates",
                    Kind.oneOf("none", "optional", "required"),
                    "none",
                    "Whether clients are asked for a certificate, and turned away without one. It"
                            + " does not replace logging in, but for login-from.");

    static final Setting<Optional<Path>> AUTHORITIES =
            new Setting<>(
                    "listeners.amqps.ca",
                    Kind.path().orNone(),
                    "none",
                    "PEM file with the certificates of those who vouch for clients.");

    static final Setting<String> LOGIN_FROM =
            new Setting<>(
                    "listeners.amqps.login-from",
                    Kind.oneOf("none", "common-name", "distinguished-name"),
                    "none",
                    "Which part of a client's certificate names the user as whom it may log in"
                            + " without a password (SASL EXTERNAL): the common name of its subject,"
                            + " or the whole name as RFC 2253 writes it. RabbitMQ calls it"
                            + " ssl_cert_login_from.");

    static final Setting<Long> HANDSHAKE_TIMEOUT =
            new Setting<>(
                    "listeners.amqps.handshake-timeout",
                    Kind.duration(100, 3_600_000),
                    "5s",
                    "How long a client may take for the TLS handshake.");

    static final Setting<Long> RELOAD_INTERVAL =
            new Setting<>(
                    "listeners.amqps.reload-interval",
                    Kind.duration(100, 24 * 3_600_000),
                    "10s",
                    "How often the PEM files are looked at for changes.");

    static final List<Setting<?>> ALL =
            List.of(
                    HOSTS,
                    PORT,
                    CERTIFICATE,
                    KEY,
                    KEY_PASSWORD,
                    CLIENT_CERTIFICATES,
                    AUTHORITIES,
                    LOGIN_FROM,
                    HANDSHAKE_TIMEOUT,
                    RELOAD_INTERVAL);

    private TlsSettings() {}

    /** Tells what is missing beside what was given. */
    static void check(ConfigSources sources) {
        requireBeside(sources, CERTIFICATE, KEY);
        requireBeside(sources, KEY, CERTIFICATE);
        if (!sources.value(CLIENT_CERTIFICATES).equals("none")
                && sources.value(AUTHORITIES).isEmpty()) {
            sources.incomplete(CLIENT_CERTIFICATES, AUTHORITIES);
        }
        if (!sources.value(LOGIN_FROM).equals("none")
                && sources.value(CLIENT_CERTIFICATES).equals("none")) {
            sources.incomplete(LOGIN_FROM, CLIENT_CERTIFICATES);
        }
    }

    private static void requireBeside(
            ConfigSources sources, Setting<Optional<Path>> given, Setting<Optional<Path>> other) {
        if (sources.value(given).isPresent() && sources.value(other).isEmpty()) {
            sources.incomplete(given, other);
        }
    }
}
