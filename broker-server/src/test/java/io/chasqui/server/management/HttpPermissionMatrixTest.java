package io.chasqui.server.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every request of {@link HttpOperations} has the status and the reason that RabbitMQ 4.3.6 gave to the
 * same user with the same permissions.
 *
 * <p>{@code -Dchasqui.matrix.http=http://127.0.0.1:15672 -Dchasqui.matrix.amqp=5672} name a RabbitMQ
 * from which the answers are recorded anew, into {@code src/test/resources}.
 */
class HttpPermissionMatrixTest {

    private static final String RECORDED = "http-permissions-rabbitmq-4.3.6.tsv";
    private static final String PEER = System.getProperty("chasqui.matrix.http", "");
    private static final int PEER_AMQP = Integer.getInteger("chasqui.matrix.amqp", 5672);

    @Test
    void every_request_answers_as_rabbitmq_does() throws Exception {
        if (!PEER.isEmpty()) {
            try (HttpMatrix matrix = new HttpMatrix(URI.create(PEER), PEER_AMQP)) {
                Files.write(Path.of("src/test/resources", RECORDED), matrix.answers());
            }
        }
        try (RunningBroker broker = RunningBroker.start();
                HttpMatrix matrix = new HttpMatrix(broker.http("/"), broker.port())) {
            List<String> answers = matrix.answers();
            List<String> expected = expected();
            assertThat(beside(answers, expected)).as("answers of ours alone").isEmpty();
            assertThat(beside(expected, answers)).as("answers of RabbitMQ alone").isEmpty();
        }
    }

    private static List<String> beside(List<String> lines, List<String> others) {
        Set<String> known = new HashSet<>(others);
        return lines.stream().filter(line -> !known.contains(line)).toList();
    }

    /** RabbitMQ looks for what is not there as if it were, and fails; here it is not found. */
    private static List<String> expected() throws IOException {
        return recorded().stream()
                .map(line -> line.replaceFirst("\t500$", "\t404 Object Not Found: Not Found"))
                .toList();
    }

    private static List<String> recorded() throws IOException {
        if (!PEER.isEmpty()) {
            return Files.readAllLines(Path.of("src/test/resources", RECORDED));
        }
        try (InputStream in = HttpPermissionMatrixTest.class.getResourceAsStream("/" + RECORDED)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
