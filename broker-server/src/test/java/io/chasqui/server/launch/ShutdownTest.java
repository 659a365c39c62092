package io.chasqui.server.launch;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.chasqui.core.store.RealDisk;
import io.chasqui.server.testing.ChildBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a broker process ends, and what it leaves behind. */
class ShutdownTest {

    private static final String QUEUE = "load";

    @TempDir private Path directory;

    @Test
    void sigterm_under_load_confirms_what_was_taken_in_and_loses_nothing() throws Exception {
        long confirmed;
        try (ChildBroker broker = ChildBroker.launch(directory).awaitReady()) {
            confirmed = publishUntilClosed(broker);
            assertThat(broker.awaitEnd()).isZero();
        }
        assertThat(confirmed).isGreaterThan(1_000);
        try (ChildBroker broker = ChildBroker.launch(directory).awaitReady();
                Connection connection = broker.factory().newConnection()) {
            assertThat(bodies(connection.createChannel()))
                    .as("every message that is there was confirmed, and none else")
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, confirmed).boxed().toList());
            assertThat(broker.output()).noneMatch(line -> line.contains("unclean"));
        }
    }

    /** Publishes, has the broker stopped in the midst of it; how many messages were confirmed. */
    private static long publishUntilClosed(ChildBroker broker) throws Exception {
        Connection connection = broker.factory().newConnection();
        CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
        connection.addShutdownListener(closed::complete);
        Channel channel = connection.createChannel();
        channel.queueDeclare(QUEUE, true, false, false, null);
        channel.confirmSelect();
        AtomicLong confirmed = new AtomicLong();
        channel.addConfirmListener(
                (tag, multiple) -> confirmed.accumulateAndGet(tag, Math::max),
                (tag, multiple) -> confirmed.set(Long.MIN_VALUE));
        Thread publisher = Thread.ofPlatform().start(() -> publish(channel));

        eventually(() -> assertThat(confirmed.get()).isGreaterThan(1_000));
        broker.terminate();

        AMQP.Connection.Close reason =
                (AMQP.Connection.Close) closed.get(30, TimeUnit.SECONDS).getReason();
        assertThat(reason.getReplyCode()).isEqualTo(320);
        assertThat(reason.getReplyText())
                .isEqualTo(
                        "CONNECTION_FORCED - broker forced connection closure with reason"
                                + " 'shutdown'");
        publisher.join();
        return confirmed.get();
    }

    private static void publish(Channel channel) {
        try {
            for (long number = 1; ; number++) {
                channel.basicPublish(
                        "",
                        QUEUE,
                        MessageProperties.PERSISTENT_BASIC,
                        Long.toString(number).getBytes(UTF_8));
            }
        } catch (AlreadyClosedException | IOException expected) {
            // The broker stopped, as it was told to.
            assertThat(channel.isOpen()).isFalse();
        }
    }

    private static List<Long> bodies(Channel channel) throws Exception {
        List<Long> found = new ArrayList<>();
        for (GetResponse next = channel.basicGet(QUEUE, true);
                next != null;
                next = channel.basicGet(QUEUE, true)) {
            found.add(Long.parseLong(new String(next.getBody(), UTF_8)));
            assertThat(next.getEnvelope().isRedeliver()).isFalse();
        }
        return found;
    }

    @Test
    void a_second_sigterm_ends_the_wait_for_clients() throws Exception {
        try (ChildBroker broker = ChildBroker.launch(directory, "shutdown.grace=60s").awaitReady();
                ScriptedPeer mute = ScriptedPeer.connect(broker.port()).opens()) {
            broker.terminate();
            mute.expectsConnectionClose(
                    320,
                    "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'");
            broker.terminate();
            assertThat(broker.awaitEnd()).isZero();
            assertThat(broker.output()).anyMatch(line -> line.contains("told to stop again"));
        }
    }

    @Test
    void a_successor_waits_for_the_lock_of_its_predecessor() throws Exception {
        RealDisk predecessor = RealDisk.open(directory);
        try (ChildBroker successor = ChildBroker.launch(directory)) {
            successor.awaitLine("is in use by another broker, waiting");
            predecessor.close();
            successor.awaitReady();
        }
    }

    @Test
    void a_second_broker_on_a_directory_is_refused() throws Exception {
        try (RealDisk first = RealDisk.open(directory);
                ChildBroker second = ChildBroker.launch(directory)) {
            assertThat(second.awaitEnd()).isEqualTo(69);
            assertThat(second.output())
                    .anyMatch(line -> line.contains("cannot start: data directory " + directory));
            assertThat(first.list(".")).isNotEmpty();
        }
    }

    @Test
    void sigterm_while_starting_ends_the_process_at_once() throws Exception {
        try (RealDisk lock = RealDisk.open(directory);
                ChildBroker starting = ChildBroker.launch(directory)) {
            starting.awaitLine("is in use by another broker, waiting");
            starting.terminate();
            assertThat(starting.awaitEnd()).isZero();
            assertThat(lock.list(".")).isNotEmpty();
        }
    }

    @Test
    void the_last_line_of_a_start_is_the_one_that_says_ready() throws Exception {
        try (ChildBroker broker = ChildBroker.launch(directory).awaitReady()) {
            List<String> lines = broker.output();
            int banner = lines.indexOf("Chasqui " + Version.current());
            assertThat(banner).isNotNegative();
            assertThat(lines.size() - banner).isLessThanOrEqualTo(12);
            assertThat(lines.getLast()).startsWith("ready amqp://127.0.0.1:");
            assertThat(lines)
                    .anyMatch(line -> line.equals("  data     " + directory))
                    .anyMatch(line -> line.startsWith("  node     chasqui@"))
                    .anyMatch(line -> line.equals("  amqp     127.0.0.1:" + broker.port()))
                    .anyMatch(line -> line.matches("  metrics  http://127.0.0.1:\\d+/metrics .*"));
        }
    }
}
