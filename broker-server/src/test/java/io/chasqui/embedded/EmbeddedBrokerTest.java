package io.chasqui.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerTest {

    private static final long MOST_START_MS = 300;

    private static Connection connect(EmbeddedBroker broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    private static void publish(EmbeddedBroker broker, int messages, int bytes) throws Exception {
        try (Connection connection = connect(broker)) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            channel.queueDeclare("q", true, false, false, null);
            for (int i = 0; i < messages; i++) {
                byte[] body = new byte[bytes];
                body[0] = (byte) i;
                channel.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, body);
            }
            channel.waitForConfirmsOrDie(10_000);
        }
    }

    private static void expect(EmbeddedBroker broker, int messages) throws Exception {
        try (Connection connection = connect(broker)) {
            Channel channel = connection.createChannel();
            for (int i = 0; i < messages; i++) {
                assertThat(channel.basicGet("q", true).getBody()[0]).isEqualTo((byte) i);
            }
            assertThat(channel.basicGet("q", true)).isNull();
        }
    }

    /** More than the ring holds, so that the log's files are read and written. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_durable_is_there_after_a_restart_on_the_same_port(boolean inMemory)
            throws Exception {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        try (EmbeddedBroker broker =
                (inMemory ? builder : builder.inTemporaryDirectory()).start()) {
            int port = broker.port();
            publish(broker, 60, 500_000);
            broker.restart();
            assertThat(broker.port()).isEqualTo(port);
            expect(broker, 60);
        }
    }

    @Test
    void nothing_is_left_at_the_end() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.builder().inTemporaryDirectory().start();
        publish(broker, 1, 100);
        Path directory = broker.directory();
        assertThat(directory).isDirectory();

        broker.close();
        broker.close();

        assertThat(directory).doesNotExist();
    }

    @Test
    void a_directory_of_ones_own_stays(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().inDirectory(directory).start()) {
            publish(broker, 3, 100);
        }
        assertThat(directory.resolve("log")).isDirectory();
        try (EmbeddedBroker broker = EmbeddedBroker.builder().inDirectory(directory).start()) {
            expect(broker, 3);
        }
    }

    @Test
    void time_can_be_put_forward() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Connection connection = connect(broker)) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, Map.of("x-message-ttl", 86_400_000));
            channel.basicPublish("", "q", null, new byte[1]);
            assertThat(channel.queueDeclarePassive("q").getMessageCount()).isEqualTo(1);

            broker.advance(Duration.ofDays(1));

            assertThat(channel.basicGet("q", true)).isNull();
        }
    }

    @Test
    void time_cannot_be_put_back() {
        TravellingClock clock = new TravellingClock();
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time does not go back: PT-1S");
    }

    @Test
    void the_management_api_is_there_if_asked_for() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().withHttp().start();
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(broker.http("/health/live")).build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)).statusCode())
                    .isEqualTo(200);
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            assertThatThrownBy(() -> broker.http("/"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("started without HTTP");
        }
    }

    @Test
    void a_wrong_setting_is_named() {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder().set("event-lops", "2");
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event-loops");
    }

    @Test
    void it_starts_soon() {
        long fastestMs = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long before = System.nanoTime();
            EmbeddedBroker broker = EmbeddedBroker.start();
            fastestMs = Math.min(fastestMs, (System.nanoTime() - before) / 1_000_000);
            broker.close();
        }
        assertThat(fastestMs).isLessThan(MOST_START_MS);
    }
}
