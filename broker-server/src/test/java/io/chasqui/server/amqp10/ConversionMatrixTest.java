package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A message with each property, type of header and section that one protocol knows is received in the
 * other as from RabbitMQ 4.3.6.
 *
 * <p>{@code -Dchasqui.matrix.amqp=5672} names a RabbitMQ from which the answers are recorded anew, into
 * {@code src/test/resources}.
 */
class ConversionMatrixTest {

    private static final String RECORDED = "conversions-rabbitmq-4.3.6.tsv";
    private static final String HEADER =
            "header [Boolean:false, null, null, Boolean:true, UnsignedInteger:0]"
                    + " | message-annotations {Symbol:x-exchange=\"\", ";
    private static final String KEY = "Symbol:x-routing-key=\"conversion-matrix\"} | ";
    private static final String DECIMAL =
            HEADER + KEY + "application-properties {\"h\"=\"12.5\"} | data Binary:62";
    private static final String DECIMAL_X =
            HEADER + "Symbol:x-h=\"12.5\", " + KEY + "data Binary:62";
    private static final String WITHOUT_X = "annotation without x-\t{} Octets:62";
    private static final int PEER = Integer.getInteger("chasqui.matrix.amqp", 0);

    @Test
    void every_message_is_converted_as_rabbitmq_does() throws Exception {
        if (PEER != 0) {
            try (ConversionMatrix matrix = new ConversionMatrix(PEER)) {
                Files.write(Path.of("src/test/resources", RECORDED), matrix.lines());
            }
        }
        try (RunningBroker broker = RunningBroker.start();
                ConversionMatrix matrix = new ConversionMatrix(broker.port())) {
            assertThat(matrix.lines()).containsExactlyElementsOf(expected());
        }
    }

    /** RabbitMQ knows no decimals in headers, and takes no annotations without {@code x-}. */
    private static List<String> expected() throws IOException {
        return recorded().stream()
                .map(line ->
                        line.matches("to 1.0\theader (x- )?decimal\trefused")
                                ? line.replace("refused", line.contains("x-") ? DECIMAL_X : DECIMAL)
                                : line)
                .map(line -> line.replace("annotation without x-\trefused", WITHOUT_X))
                .toList();
    }

    private static List<String> recorded() throws IOException {
        if (PEER != 0) {
            return Files.readAllLines(Path.of("src/test/resources", RECORDED));
        }
        try (InputStream in = ConversionMatrixTest.class.getResourceAsStream("/" + RECORDED)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
