package io.chasqui.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.net.TestCertificate;
import io.chasqui.server.perf.PerfCommand;
import io.chasqui.server.testing.RunningBroker;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The client commands over TLS. */
class OverTlsTest {

    @TempDir private Path directory;

    private RunningBroker broker;
    private Path ca;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws Exception {
        TestCertificate certificate = TestCertificate.selfSigned("broker");
        ca = certificate.writeCertificate(directory.resolve("broker.crt"));
        Path key = certificate.writeKey(directory.resolve("broker.key"));
        broker =
                RunningBroker.with(
                        Map.of(
                                "listeners.amqps.hosts",
                                "127.0.0.1",
                                "listeners.amqps.port",
                                "0",
                                "listeners.amqps.certificate",
                                ca.toString(),
                                "listeners.amqps.key",
                                key.toString()));
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int publish(String host, String query, String body) {
        return run(
                new PublishCommand(InputStream.nullInputStream()),
                "--uri",
                "amqps://" + host + ":" + broker.tlsPort() + "/" + query,
                "--declare",
                "demo",
                body);
    }

    private String believing() {
        return "?cacertfile=" + ca;
    }

    @Test
    void what_is_published_is_consumed() {
        String large = "x".repeat(300_000);
        assertThat(publish("127.0.0.1", believing(), large)).as(err.toString()).isZero();
        out.getBuffer().setLength(0);
        String url = "amqps://127.0.0.1:" + broker.tlsPort() + "/" + believing();
        assertThat(run(new ConsumeCommand(), "--url", url, "--count", "1", "demo")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines(large);
    }

    @Test
    void a_broker_that_nobody_vouches_for_is_not_told_the_password() {
        assertThat(publish("127.0.0.1", "", "hello")).isEqualTo(Errand.FAILED);
        assertThat(err.toString()).contains("no TLS: ", "?cacertfile=FILE");
        assertThat(broker.broker().sessions().all()).isEmpty();
    }

    @Test
    void the_certificate_must_be_for_the_host() {
        assertThat(publish("localhost", believing(), "hello")).isEqualTo(Errand.FAILED);
        assertThat(err.toString()).contains("no TLS: ", "localhost");
    }

    @Test
    void anybody_is_believed_if_asked_for() {
        assertThat(publish("localhost", "?verify=verify_none", "hello"))
                .as(err.toString())
                .isZero();
    }

    @Test
    void perf_measures_over_tls() {
        int status =
                run(
                        new PerfCommand(System::nanoTime),
                        "queue",
                        "--uri",
                        "amqps://127.0.0.1:" + broker.tlsPort() + "/" + believing(),
                        "--warm-up",
                        "0",
                        "--seconds",
                        "1",
                        "--confirm",
                        "10");
        assertThat(status).as(err.toString()).isZero();
        assertThat(broker.broker().shard(0).counters().confirmed).isPositive();
    }
}
