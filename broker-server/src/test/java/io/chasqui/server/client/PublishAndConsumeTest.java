package io.chasqui.server.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.chasqui.server.testing.Eventually;
import io.chasqui.server.testing.RunningBroker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code chasqui publish} and {@code chasqui consume} against a running broker. */
class PublishAndConsumeTest {

    private static RunningBroker broker;
    private static Channel channel;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @BeforeEach
    void an_empty_demo_queue() throws Exception {
        channel.queueDelete("demo");
        channel.queueDeclare("demo", true, false, false, null);
    }

    @Test
    void what_is_published_is_consumed() throws Exception {
        channel.queueDelete("demo");
        assertThat(publish("demo", "hello", "--declare")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("confirmed 1 message");
        out.getBuffer().setLength(0);
        assertThat(consume("demo", "--count", "1")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("hello");
        assertThat(err.toString()).isEqualToIgnoringNewLines("consume: waiting for messages");
        assertThat(ready()).isZero();
    }

    @Test
    void the_body_may_come_from_standard_input_or_a_file(@TempDir Path directory) throws Exception {
        assertThat(publishing("from a pipe", "demo")).isZero();
        Path file = Files.writeString(directory.resolve("body"), "x".repeat(300_000));
        assertThat(publish("demo", "--body-file", file.toString())).isZero();
        assertThat(got().getBody()).asString().isEqualTo("from a pipe");
        assertThat(got().getBody()).hasSize(300_000);
    }

    @Test
    void properties_travel_with_the_message() throws Exception {
        assertThat(
                        publish(
                                "demo",
                                "hi",
                                "--persistent",
                                "--header",
                                "k=v",
                                "--header",
                                "l=w",
                                "--content-type",
                                "text/plain",
                                "--correlation-id",
                                "c",
                                "--reply-to",
                                "r",
                                "--message-id",
                                "m",
                                "--expiration",
                                "60000",
                                "--priority",
                                "9"))
                .isZero();
        AMQP.BasicProperties properties = got().getProps();
        assertThat(properties.getHeaders().keySet()).containsExactly("k", "l");
        assertThat(properties.getHeaders().get("k")).hasToString("v");
        assertThat(properties.getDeliveryMode()).isEqualTo(2);
        assertThat(properties.getContentType()).isEqualTo("text/plain");
        assertThat(properties.getCorrelationId()).isEqualTo("c");
        assertThat(properties.getReplyTo()).isEqualTo("r");
        assertThat(properties.getMessageId()).isEqualTo("m");
        assertThat(properties.getExpiration()).isEqualTo("60000");
        assertThat(properties.getPriority()).isEqualTo(9);
    }

    @Test
    void many_are_confirmed_window_by_window() throws Exception {
        assertThat(publish("demo", "hello", "--count", "1200")).isZero();
        assertThat(out.toString()).contains("confirmed 1200 messages");
        assertThat(ready()).isEqualTo(1200);
    }

    @Test
    void a_message_no_queue_takes_is_an_error_unless_that_is_allowed() {
        assertThat(publish("nowhere", "hello")).isEqualTo(1);
        assertThat(err.toString()).contains("no queue took 1 message");
        assertThat(out.toString()).isEmpty();
        assertThat(publish("nowhere", "hello", "--optional")).isZero();
    }

    @Test
    void a_missing_exchange_is_told_in_the_brokers_words() {
        assertThat(publish("--exchange", "nosuch", "hello")).isEqualTo(1);
        assertThat(err.toString()).contains("404 NOT_FOUND - no exchange 'nosuch' in vhost '/'");
    }

    @Test
    void a_missing_queue_is_told_with_the_remedy() {
        assertThat(consume("nosuch")).isEqualTo(1);
        assertThat(err.toString())
                .contains("404 NOT_FOUND - no queue 'nosuch' in vhost '/' (--declare");
    }

    @Test
    void an_exchange_is_listened_to_with_a_queue_of_its_own() throws Exception {
        CompletableFuture<Integer> listening =
                CompletableFuture.supplyAsync(() ->
                        consume(
                                "--exchange",
                                "amq.topic",
                                "--routing-key",
                                "app.#",
                                "--count",
                                "2"));
        Eventually.eventually(() -> assertThat(err.toString()).contains("waiting"));
        for (String key : new String[] {"app.error", "other", "app"}) {
            channel.basicPublish("amq.topic", key, null, key.getBytes(UTF_8));
        }
        assertThat(listening.get()).isZero();
        assertThat(out.toString().lines()).containsExactly("app.error", "app");
    }

    @Test
    void it_takes_no_more_than_it_was_asked_for() throws Exception {
        fill(7);
        assertThat(consume("demo", "--count", "5", "--prefetch", "2")).isZero();
        assertThat(out.toString().lines()).containsExactly("0", "1", "2", "3", "4");
        GetResponse next = got();
        assertThat(next.getBody()).asString().isEqualTo("5");
        assertThat(next.getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void without_acknowledging_all_goes_back() throws Exception {
        fill(3);
        assertThat(consume("demo", "--no-ack", "--timeout", "1")).isZero();
        assertThat(out.toString().lines()).hasSize(3);
        Eventually.eventually(() -> assertThat(ready()).isEqualTo(3));
    }

    @Test
    void fewer_than_asked_for_is_a_failure() throws Exception {
        fill(1);
        assertThat(consume("demo", "--count", "2", "--timeout", "1")).isEqualTo(1);
        assertThat(err.toString()).contains("only 1 of 2 came");
        assertThat(ready()).isZero();
    }

    @Test
    void json_shows_all_there_is() throws Exception {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .contentType("text/plain")
                        .headers(Map.of("n", 7))
                        .build();
        channel.basicPublish("", "demo", properties, "say \"hi\"\n".getBytes(UTF_8));
        channel.basicPublish("", "demo", null, new byte[] {(byte) 0xFF});
        assertThat(consume("demo", "--count", "2", "--output", "json")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"exchange\":\"\",\"routingKey\":\"demo\",\"redelivered\":false,"
                                + "\"properties\":{\"contentType\":\"text/plain\","
                                + "\"headers\":{\"n\":7}},\"body\":\"say \\\"hi\\\"\\n\"}",
                        "{\"exchange\":\"\",\"routingKey\":\"demo\",\"redelivered\":false,"
                                + "\"properties\":{},\"bodyBase64\":\"/w==\"}");
    }

    @Test
    void a_queue_deleted_meanwhile_ends_it() throws Exception {
        CompletableFuture<Integer> consuming = CompletableFuture.supplyAsync(() -> consume("demo"));
        Eventually.eventually(() -> assertThat(err.toString()).contains("waiting"));
        channel.queueDelete("demo");
        assertThat(consuming.get()).isEqualTo(1);
        assertThat(err.toString()).contains("the queue was deleted");
    }

    @Test
    void a_wrong_password_is_told_and_never_shown() {
        String url = "amqp://guest:secret@127.0.0.1:" + broker.port();
        assertThat(run(new ConsumeCommand(), "demo", "--url", url)).isEqualTo(1);
        assertThat(err.toString()).contains("403 ACCESS_REFUSED").doesNotContain("secret");
    }

    @Test
    void no_broker_is_told_as_such() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(run(new ConsumeCommand(), "demo", "--url", "amqp://127.0.0.1:" + free))
                .isEqualTo(1);
        assertThat(err.toString()).contains("refused");
    }

    @Test
    void another_kind_of_server_is_told_as_such() throws Exception {
        try (ServerSocket http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered =
                    CompletableFuture.runAsync(() -> {
                        try (Socket peer = http.accept()) {
                            peer.getOutputStream()
                                    .write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(UTF_8));
                            peer.shutdownOutput();
                            peer.getInputStream().readAllBytes();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            String url = "amqp://127.0.0.1:" + http.getLocalPort();
            assertThat(run(new ConsumeCommand(), "demo", "--url", url)).isEqualTo(1);
            answered.get();
        }
        assertThat(err.toString()).contains("it does not speak AMQP 0-9-1");
    }

    @Test
    void wrong_usage_has_an_exit_code_of_its_own() {
        assertThat(publish()).isEqualTo(2);
        assertThat(publish("a", "b", "c")).isEqualTo(2);
        assertThat(publish("demo", "x", "--count", "0")).isEqualTo(2);
        assertThat(publish("demo", "--body-file", "/no/such/file")).isEqualTo(2);
        assertThat(consume()).isEqualTo(2);
        assertThat(consume("demo", "--output", "xml")).isEqualTo(2);
        assertThat(consume("demo", "--routing-key", "k")).isEqualTo(2);
        assertThat(run(new ConsumeCommand(), "demo", "--url", "broker")).isEqualTo(2);
    }

    private static void fill(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            channel.basicPublish("", "demo", null, Integer.toString(i).getBytes(UTF_8));
        }
        Eventually.eventually(() -> assertThat(ready()).isEqualTo(count));
    }

    private static long ready() throws Exception {
        return channel.messageCount("demo");
    }

    private static GetResponse got() throws Exception {
        return channel.basicGet("demo", true);
    }

    private int publish(String... arguments) {
        return publishing("", arguments);
    }

    private int publishing(String standardInput, String... arguments) {
        InputStream input = new ByteArrayInputStream(standardInput.getBytes(UTF_8));
        return run(new PublishCommand(input), atBroker(arguments));
    }

    private int consume(String... arguments) {
        return run(new ConsumeCommand(), atBroker(arguments));
    }

    private static String[] atBroker(String... arguments) {
        return Stream.concat(
                        Stream.of("--url", "amqp://127.0.0.1:" + broker.port()),
                        Stream.of(arguments))
                .toArray(String[]::new);
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
