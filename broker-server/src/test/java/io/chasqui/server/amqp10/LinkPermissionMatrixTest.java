package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Everything that AMQP 1.0 can ask for has the outcome that RabbitMQ 4.3.6 gave to the same user with
 * the same permissions, condition and text.
 *
 * <p>{@code -Dchasqui.matrix.http=http://127.0.0.1:15672 -Dchasqui.matrix.amqp=5672} name a RabbitMQ
 * from which the answers are recorded anew, into {@code src/test/resources}.
 */
class LinkPermissionMatrixTest {

    private static final String RECORDED = "link-permissions-rabbitmq-4.3.6.tsv";
    private static final String SEND_RELAYED = "(\tsend relayed[^\t]*)";
    private static final String ENDED = "\t(?:end|detach) (amqp:unauthorized-access)";
    private static final String PEER = System.getProperty("chasqui.matrix.http", "");
    private static final int PEER_AMQP = Integer.getInteger("chasqui.matrix.amqp", 5672);

    @Test
    void everything_is_answered_as_rabbitmq_does() throws Exception {
        if (!PEER.isEmpty()) {
            try (LinkMatrix matrix = new LinkMatrix(URI.create(PEER), PEER_AMQP)) {
                Files.write(Path.of("src/test/resources", RECORDED), matrix.answers());
            }
        }
        try (RunningBroker broker = RunningBroker.start();
                LinkMatrix matrix = new LinkMatrix(broker.http("/"), broker.port())) {
            assertThat(matrix.answers()).containsExactlyElementsOf(expected());
        }
    }

    /**
     * RabbitMQ ends the session of who may not; here the link ends, a relayed message is rejected, and a
     * request is answered.
     */
    private static List<String> expected() throws IOException {
        return recorded().stream()
                .map(line -> line.replaceFirst(SEND_RELAYED + ENDED, "$1\trejected $2"))
                .map(line -> line.replaceFirst("(\t(?:send|receive)[^\t]*)\tend ", "$1\tdetach "))
                .map(line -> line.replaceFirst("\tend amqp:unauthorized-access ", "\t403 "))
                .map(line ->
                        line.replaceFirst("\trejected (.*)forbidden to", "\trejected $1cannot"))
                .toList();
    }

    private static List<String> recorded() throws IOException {
        if (!PEER.isEmpty()) {
            return Files.readAllLines(Path.of("src/test/resources", RECORDED));
        }
        try (InputStream in = LinkPermissionMatrixTest.class.getResourceAsStream("/" + RECORDED)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
