package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of messages by their priority; the orders are those that a RabbitMQ 4.3.6 gave. */
class PriorityQueueTest {

    private static final Map<String, Object> FIVE = Map.of("x-max-priority", 5);

    private RunningBroker broker;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        connect();
    }

    private void connect() throws Exception {
        channel = broker.connect().createChannel();
        channel.confirmSelect();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void publish(@Nullable Integer priority, String body) throws Exception {
        publish(priority, null, body);
    }

    private void publish(@Nullable Integer priority, @Nullable String expiration, String body)
            throws Exception {
        AMQP.BasicProperties properties =
                MessageProperties.PERSISTENT_BASIC
                        .builder()
                        .priority(priority)
                        .expiration(expiration)
                        .build();
        channel.basicPublish("", "q", properties, body.getBytes(UTF_8));
        channel.waitForConfirmsOrDie(20_000);
    }

    /** Publishes a message of each priority; its body says it. */
    private void publishEach(List<Integer> priorities) throws Exception {
        publish(null, "none");
        for (Integer priority : priorities) {
            publish(priority, priority.toString());
        }
        publish(null, "none again");
    }

    private List<String> drain() throws Exception {
        List<String> bodies = new ArrayList<>();
        for (GetResponse next = channel.basicGet("q", true);
                next != null;
                next = channel.basicGet("q", true)) {
            bodies.add(
                    new String(next.getBody(), UTF_8)
                            + (next.getEnvelope().isRedeliver() ? "R" : ""));
        }
        return bodies;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    5   | 5 6 9 10 31 32 100 255 4 3 1 none 0 none again
                    200 | 255 100 32 31 10 9 6 5 4 3 1 none 0 none again
                    1   | 1 3 4 5 6 9 10 31 32 100 255 none 0 none again
                    0   | 1 3 4 5 6 9 10 31 32 100 255 none 0 none again
                    255 | 255 100 32 31 10 9 6 5 4 3 1 none 0 none again
                    """)
    void the_most_urgent_come_first_and_those_above_the_maximum_count_as_it(int max, String order)
            throws Exception {
        channel.queueDeclare("q", true, false, false, Map.of("x-max-priority", max));
        publishEach(List.of(0, 1, 3, 4, 5, 6, 9, 10, 31, 32, 100, 255));
        assertThat(channel.messageCount("q")).isEqualTo(14);
        assertThat(String.join(" ", drain())).isEqualTo(order);
    }

    @Test
    void a_quorum_queue_has_32_priorities_and_none_is_the_fourth() throws Exception {
        channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", "quorum"));
        publishEach(List.of(0, 1, 3, 4, 5, 6, 9, 10, 31, 32, 100, 255));
        assertThat(String.join(" ", drain()))
                .isEqualTo("31 32 100 255 10 9 6 5 none 4 none again 3 1 0");
    }

    @Test
    void a_queue_without_the_argument_takes_no_notice() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        publish(1, "1");
        publish(9, "9");
        assertThat(drain()).containsExactly("1", "9");
    }

    @Test
    void what_is_given_back_returns_to_its_place_in_its_priority() throws Exception {
        channel.queueDeclare("q", true, false, false, FIVE);
        publish(1, "1a");
        publish(1, "1b");
        publish(3, "3a");
        publish(3, "3b");
        for (int i = 0; i < 3; i++) {
            channel.basicGet("q", false);
        }
        publish(2, "2");
        channel.basicNack(0, true, true);
        assertThat(drain()).containsExactly("3aR", "3bR", "2", "1aR", "1b");
    }

    @Test
    void a_consumer_gets_the_most_urgent_next() throws Exception {
        channel.queueDeclare("q", true, false, false, FIVE);
        channel.basicQos(1);
        List<String> got = new ArrayList<>();
        publish(1, "1");
        channel.basicConsume(
                "q",
                false,
                (_, delivery) -> {
                    synchronized (got) {
                        got.add(new String(delivery.getBody(), UTF_8));
                    }
                },
                _ -> {});
        eventually(() -> assertThat(copy(got)).containsExactly("1"));
        publish(2, "2");
        publish(5, "5");
        channel.basicAck(1, false);
        eventually(() -> assertThat(copy(got)).containsExactly("1", "5"));
        channel.basicAck(2, false);
        eventually(() -> assertThat(copy(got)).containsExactly("1", "5", "2"));
    }

    private static List<String> copy(List<String> guarded) {
        synchronized (guarded) {
            return List.copyOf(guarded);
        }
    }

    @Test
    void purge_takes_every_priority() throws Exception {
        channel.queueDeclare("q", true, false, false, FIVE);
        publishEach(List.of(1, 2, 3));
        channel.basicGet("q", false);
        assertThat(channel.queuePurge("q").getMessageCount()).isEqualTo(4);
        assertThat(channel.messageCount("q")).isZero();
        channel.basicNack(0, true, true);
        assertThat(drain()).containsExactly("3R");
    }

    @Test
    void the_order_survives_a_restart_and_what_was_acknowledged_stays_away() throws Exception {
        channel.queueDeclare("q", true, false, false, FIVE);
        publishEach(List.of(1, 5, 2, 5));
        channel.basicAck(channel.basicGet("q", false).getEnvelope().getDeliveryTag(), false);
        broker.restart();
        connect();
        assertThat(channel.messageCount("q")).isEqualTo(5);
        publish(4, "4");
        assertThat(drain()).containsExactly("5", "4", "2", "1", "none", "none again");
    }

    @Test
    void messages_expire_in_every_priority_by_themselves() throws Exception {
        channel.queueDeclare("q", true, false, false, FIVE);
        publish(1, "60000", "low, short");
        publish(1, "low");
        publish(5, "high");
        broker.clock().advance(Duration.ofMinutes(2));
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(2));
        assertThat(drain()).containsExactly("high", "low");
    }

    @Test
    void the_queues_time_to_live_counts_in_every_priority() throws Exception {
        channel.queueDeclare(
                "q", true, false, false, Map.of("x-max-priority", 5, "x-message-ttl", 60_000));
        publish(1, "low");
        broker.clock().advance(Duration.ofSeconds(40));
        publish(5, "high");
        broker.clock().advance(Duration.ofSeconds(30));
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
        assertThat(drain()).containsExactly("high");
    }

    @Test
    void a_committed_transaction_keeps_priorities() throws Exception {
        channel.queueDeclare("q", true, false, false, FIVE);
        Channel transactional = broker.connect().createChannel();
        transactional.txSelect();
        for (int priority : new int[] {1, 4, 2}) {
            transactional.basicPublish(
                    "",
                    "q",
                    new AMQP.BasicProperties.Builder().priority(priority).build(),
                    Integer.toString(priority).getBytes(UTF_8));
        }
        transactional.txCommit();
        assertThat(drain()).containsExactly("4", "2", "1");
    }
}
