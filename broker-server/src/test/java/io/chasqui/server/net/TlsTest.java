package io.chasqui.server.net;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.server.logging.Logging;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.LogLines;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.qpid.proton.amqp.security.SaslCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AMQP over TLS. */
class TlsTest {

    @TempDir private Path directory;

    private TestCertificate authority;
    private Path certificate;
    private Path key;
    private Path ca;

    @BeforeEach
    void make_certificates() throws Exception {
        authority = TestCertificate.selfSigned("authority");
        certificate = authority.writeCertificate(directory.resolve("broker.crt"));
        key = authority.writeKey(directory.resolve("broker.key"));
        ca = authority.writeCertificate(directory.resolve("ca.crt"));
    }

    private RunningBroker broker(String... more) throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("listeners.amqps.hosts", "127.0.0.1");
        settings.put("listeners.amqps.port", "0");
        settings.put("listeners.amqps.certificate", certificate.toString());
        settings.put("listeners.amqps.key", key.toString());
        settings.put("listeners.amqps.reload-interval", "100ms");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return RunningBroker.with(settings);
    }

    private static ConnectionFactory factory(RunningBroker broker, SSLContext client) {
        ConnectionFactory factory = broker.factory();
        factory.setPort(broker.tlsPort());
        factory.useSslProtocol(client);
        return factory;
    }

    private static SSLSocket shakeHands(RunningBroker broker, SSLContext client, String... versions)
            throws IOException {
        SSLSocket socket =
                (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", broker.tlsPort());
        if (versions.length > 0) {
            socket.setEnabledProtocols(versions);
        }
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    @Test
    void messages_of_any_size_go_there_and_back() throws Exception {
        try (RunningBroker broker = broker()) {
            Channel channel =
                    broker.connect(factory(broker, authority.trustingClient())).createChannel();
            channel.confirmSelect();
            channel.queueDeclare("q", true, false, false, null);
            byte[] large = new byte[5_000_000];
            new Random(7).nextBytes(large);
            for (byte[] body : new byte[][] {{}, "hello".getBytes(US_ASCII), large}) {
                channel.basicPublish("", "q", new AMQP.BasicProperties(), body);
                channel.waitForConfirmsOrDie(10_000);
                assertThat(channel.basicGet("q", true).getBody()).isEqualTo(body);
            }
        }
    }

    @Test
    void versions_from_1_2_on_are_spoken() throws Exception {
        try (RunningBroker broker = broker()) {
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                try (SSLSocket socket = shakeHands(broker, authority.trustingClient(), version)) {
                    assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                }
            }
        }
    }

    @Test
    void a_client_certificate_may_be_required() throws Exception {
        try (RunningBroker broker =
                        broker(
                                "listeners.amqps.client-certificates",
                                "required",
                                "listeners.amqps.ca",
                                ca.toString());
                LogLines log = LogLines.of(Logging.CONNECTIONS)) {
            TestCertificate known = authority.issue("client");
            broker.connect(factory(broker, authority.client(known))).createChannel().close();

            assertThatThrownBy(() -> broker.connect(factory(broker, authority.trustingClient())))
                    .isInstanceOf(IOException.class);
            TestCertificate stranger = TestCertificate.selfSigned("stranger");
            assertThatThrownBy(() -> broker.connect(factory(broker, authority.client(stranger))))
                    .isInstanceOf(IOException.class);
            eventually(() ->
                    assertThat(log.lines())
                            .anyMatch(line ->
                                    line.matches(
                                            "WARN 127.0.0.1:\\d+ closed: TLS handshake failed: .*Empty"
                                                    + " client certificate chain; the client showed no"
                                                    + " certificate")));
            eventually(() -> assertThat(broker.connections()).isEqualTo(1));
        }
    }

    private RunningBroker withLoginFrom(String part) throws Exception {
        return broker(
                "listeners.amqps.client-certificates",
                "optional",
                "listeners.amqps.ca",
                ca.toString(),
                "listeners.amqps.login-from",
                part);
    }

    private ConnectionFactory external(RunningBroker broker, String subject) throws Exception {
        ConnectionFactory factory = factory(broker, authority.client(authority.issue(subject)));
        factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
        return factory;
    }

    @Test
    void a_certificate_may_stand_for_its_user() throws Exception {
        try (RunningBroker broker = withLoginFrom("common-name")) {
            broker.connect(external(broker, "guest")).createChannel().close();
            assertThatThrownBy(() -> broker.connect(external(broker, "nobody")))
                    .hasMessageContaining("refused using authentication mechanism EXTERNAL");
            ConnectionFactory uncertain = factory(broker, authority.trustingClient());
            uncertain.setSaslConfig(DefaultSaslConfig.EXTERNAL);
            assertThatThrownBy(() -> broker.connect(uncertain)).isInstanceOf(IOException.class);
            broker.connect(factory(broker, authority.trustingClient())).createChannel().close();
        }
        try (RunningBroker broker = withLoginFrom("distinguished-name")) {
            broker.addUser("CN=guest", "unused");
            assertThatThrownBy(() -> broker.connect(external(broker, "guest")))
                    .hasStackTraceContaining("user 'CN=guest'");
        }
    }

    @Test
    void a_certificate_stands_for_nobody_unless_that_is_configured() throws Exception {
        try (RunningBroker broker = withLoginFrom("none")) {
            assertThatThrownBy(() -> broker.connect(external(broker, "guest")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_client_of_amqp_1_0_may_log_in_by_its_certificate() throws Exception {
        try (RunningBroker broker = withLoginFrom("common-name")) {
            SSLContext known = authority.client(authority.issue("guest"));
            try (Amqp10Peer peer = Amqp10Peer.over(shakeHands(broker, known))) {
                assertThat(peer.logsInWith("EXTERNAL")).isEqualTo(SaslCode.OK);
            }
            SSLContext stranger = authority.client(authority.issue("nobody"));
            try (Amqp10Peer peer = Amqp10Peer.over(shakeHands(broker, stranger))) {
                assertThat(peer.logsInWith("EXTERNAL")).isEqualTo(SaslCode.AUTH);
            }
        }
    }

    @Test
    void an_optional_client_certificate_may_be_left_out() throws Exception {
        try (RunningBroker broker =
                broker(
                        "listeners.amqps.client-certificates",
                        "optional",
                        "listeners.amqps.ca",
                        ca.toString())) {
            broker.connect(factory(broker, authority.trustingClient())).createChannel().close();
            TestCertificate known = authority.issue("client");
            broker.connect(factory(broker, authority.client(known))).createChannel().close();
        }
    }

    @Test
    void a_changed_certificate_is_used_from_then_on_and_a_bad_one_is_not() throws Exception {
        try (RunningBroker broker = broker();
                LogLines log = LogLines.of(Tls.class.getName())) {
            broker.connect(factory(broker, authority.trustingClient())).createChannel();

            Files.writeString(certificate, "no certificate");
            eventually(() ->
                    assertThat(log.lines())
                            .containsExactly(
                                    "ERROR the changed TLS certificate is not used, the one before"
                                            + " goes on: "
                                            + certificate
                                            + ": there is no certificate in PEM in it"));
            shakeHands(broker, authority.trustingClient()).close();

            TestCertificate next = TestCertificate.selfSigned("next");
            next.writeCertificate(certificate);
            eventually(() ->
                    assertThat(log.lines())
                            .last()
                            .asString()
                            .endsWith(
                                    key + " is not the key of the certificate in " + certificate));
            shakeHands(broker, authority.trustingClient()).close();

            next.writeKey(key);
            eventually(() -> shakesHands(broker, next));
            assertThat(log.lines()).last().asString().startsWith("INFO TLS certificate read again");
            assertThatThrownBy(() -> shakeHands(broker, authority.trustingClient()))
                    .isInstanceOf(IOException.class);
        }
    }

    private static void shakesHands(RunningBroker broker, TestCertificate trusted)
            throws Exception {
        try {
            shakeHands(broker, trusted.trustingClient()).close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void plain_amqp_on_the_tls_port_is_closed_with_a_hint() throws Exception {
        try (RunningBroker broker = broker();
                LogLines log = LogLines.of(Logging.CONNECTIONS);
                ScriptedPeer peer = broker.plainPeerOnTlsPort()) {
            peer.sendsOctets(Amqp091.protocolHeader()).expectsEnd();
            eventually(() ->
                    assertThat(log.lines())
                            .singleElement()
                            .asString()
                            .endsWith(
                                    " closed: no TLS on the TLS port; connect with TLS (amqps://),"
                                            + " or to the plain AMQP port"));
        }
    }

    @Test
    void tls_or_http_on_the_plain_port_is_closed_with_a_hint() throws Exception {
        try (RunningBroker broker = broker();
                LogLines log = LogLines.of(Logging.CONNECTIONS)) {
            ConnectionFactory wrong = factory(broker, authority.trustingClient());
            wrong.setPort(broker.port());
            assertThatThrownBy(() -> broker.connect(wrong)).isInstanceOf(IOException.class);
            try (ScriptedPeer browser = broker.peer()) {
                browser.sendsOctets("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII))
                        .expectsEnd();
            }
            eventually(() -> assertThat(log.lines()).hasSize(2));
            assertThat(log.lines().getFirst())
                    .endsWith(
                            " closed: TLS on the plain AMQP port; connect without TLS (amqp://), or"
                                    + " to the TLS port (listeners.amqps.port)");
            assertThat(log.lines().get(1))
                    .endsWith(
                            " closed: HTTP on the AMQP port; HTTP has a port of its own"
                                    + " (http.port)");
        }
    }

    @Test
    void a_handshake_that_does_not_go_on_is_given_up() throws Exception {
        try (RunningBroker broker = broker("listeners.amqps.handshake-timeout", "200ms");
                LogLines log = LogLines.of(Logging.CONNECTIONS);
                ScriptedPeer peer = broker.plainPeerOnTlsPort()) {
            peer.sendsOctets((byte) 0x16, (byte) 3, (byte) 1).expectsEnd();
            eventually(() ->
                    assertThat(log.lines())
                            .singleElement()
                            .asString()
                            .endsWith(" closed: TLS handshake timed out"));
        }
    }

    @Test
    void keys_of_every_kind_are_read() throws Exception {
        byte[] elliptic = TestCertificate.ellipticKeys().getPrivate().getEncoded();
        assertThat(keyIn(TestCertificate.pem("PRIVATE KEY", elliptic)).getEncoded())
                .isEqualTo(elliptic);
        // SEC 1 holds the curve itself; PKCS#8 holds it beside the key.
        byte[] inner = Der.first(Der.OCTET_STRING, Der.first(Der.SEQUENCE, elliptic));
        byte[] fields = Der.first(Der.SEQUENCE, inner);
        byte[] algorithm = Der.first(Der.SEQUENCE, Der.first(Der.SEQUENCE, elliptic));
        byte[] curve = Arrays.copyOfRange(algorithm, 9, algorithm.length);
        byte[] sec1 = Der.element(Der.SEQUENCE, fields, Der.element(0xa0, curve));
        assertThat(((ECPrivateKey) keyIn(TestCertificate.pem("EC PRIVATE KEY", sec1))).getS())
                .isEqualTo(new BigInteger(1, Der.first(Der.OCTET_STRING, fields)));

        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] rsa = generator.generateKeyPair().getPrivate().getEncoded();
        byte[] pkcs1 = Der.first(Der.OCTET_STRING, Der.first(Der.SEQUENCE, rsa));
        assertThat(keyIn(TestCertificate.pem("RSA PRIVATE KEY", pkcs1)).getEncoded())
                .isEqualTo(rsa);
    }

    @Test
    void an_encrypted_key_needs_its_password() throws Exception {
        // openssl ecparam -name prime256v1 -genkey -noout |
        //     openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:swordfish
        Path file =
                Files.writeString(
                        directory.resolve("encrypted.key"),
                        """
                        -----BEGIN ENCRYPTED PRIVATE KEY-----
                        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi8wL4B7u+gbwICCAAw
                        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEGmCp3M96GmtLOXf7XoIGRAEgZCC
                        ivAfZF3PxhQE2IJxeNWTPau7WLQGWAOq3qqp+CT6u/ysoo6k0k7+WleNZrja38+d
                        RCpjyAe7pgSXaC4R/+umNbR0YWGPDbXy0uKuea91UcyszPyqjQnj9vZfhfCgU0ZD
                        RQOHpJkrgGZR6t5X+ybeJNRNpBPM9qjYy6w20EKkLq6rJmDz4K2nfgbcxVEIW00=
                        -----END ENCRYPTED PRIVATE KEY-----
                        """);
        assertThat(new PemFile(file).privateKey("swordfish").getAlgorithm()).isEqualTo("EC");
        assertThatThrownBy(() -> new PemFile(file).privateKey(""))
                .hasMessage(file + ": the private key is encrypted and there is no password");
        assertThatThrownBy(() -> new PemFile(file).privateKey("wrong"))
                .hasMessageStartingWith(file + ": the private key cannot be used: ");
    }

    private PrivateKey keyIn(String pem) throws Exception {
        return new PemFile(Files.writeString(directory.resolve("some.key"), pem)).privateKey("");
    }

    @Test
    void a_port_that_is_taken_is_told_with_what_to_do() throws Exception {
        try (RunningBroker first = RunningBroker.start()) {
            assertThatThrownBy(() ->
                            RunningBroker.with(
                                    Map.of("listeners.amqp.port", Integer.toString(first.port()))))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage(
                            "cannot listen on 127.0.0.1:"
                                    + first.port()
                                    + ": the port is in use, perhaps by another broker; stop that,"
                                    + " or choose another port with listeners.amqp.port");
        }
    }
}
