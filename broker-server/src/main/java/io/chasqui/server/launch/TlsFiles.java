package io.chasqui.server.launch;

import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.net.Tls;
import java.io.IOException;
import java.util.Locale;

/** TLS as the configuration wants it. */
final class TlsFiles {

    private TlsFiles() {}

    /**
     * Reads the certificates.
     *
     * @throws IOException if they cannot be used, saying why
     */
    static Tls open(BrokerConfig.TlsListener config) throws IOException {
        Tls.ClientCertificates clients =
                Tls.ClientCertificates.valueOf(
                        config.clientCertificates().toUpperCase(Locale.ROOT));
        return new Tls(
                new Tls.Credentials(
                        config.certificate(),
                        config.key(),
                        config.keyPassword(),
                        config.authorities(),
                        clients),
                config.handshakeTimeoutMs());
    }
}
