package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a consumer may keep a message; what happens then is what a RabbitMQ 4.3.6 does. */
class ConsumerTimeoutTest {

    private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");
    private static final Map<String, Object> MINUTE = Map.of("x-consumer-timeout", 60_000);

    private static final String TEXT =
            "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value"
                    + " used: 60000 ms. This timeout value can be configured, see consumers doc"
                    + " guide to learn more";

    private RunningBroker broker;
    private Channel channel;
    private final List<String> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void declare(Map<String, Object> arguments, String... messages) throws Exception {
        Channel publisher = broker.connect().createChannel();
        publisher.confirmSelect();
        publisher.queueDeclare("q", true, false, false, arguments);
        for (String message : messages) {
            publisher.basicPublish(
                    "", "q", MessageProperties.PERSISTENT_BASIC, message.getBytes(UTF_8));
        }
        publisher.waitForConfirmsOrDie(20_000);
    }

    private void consume(Channel on, String tag, Map<String, Object> arguments) throws Exception {
        on.basicConsume(
                "q",
                false,
                tag,
                false,
                false,
                arguments,
                (_, delivery) -> events.add(tag + " " + new String(delivery.getBody(), UTF_8)),
                _ -> events.add(tag + " cancelled"));
    }

    private void expect(String... expected) throws Exception {
        eventually(() -> assertThat(events).containsExactly(expected));
    }

    private static Map<String, Object> both(Map<String, Object> one, Map<String, Object> other) {
        Map<String, Object> all = new HashMap<>(one);
        all.putAll(other);
        return all;
    }

    @Test
    void a_slow_consumer_of_a_quorum_queue_is_cancelled_and_its_messages_go_back()
            throws Exception {
        declare(QUORUM, "1", "2", "3");
        channel.basicQos(2);
        consume(channel, "slow", MINUTE);
        expect("slow 1", "slow 2");
        broker.clock().advance(Duration.ofSeconds(59));
        assertThat(channel.messageCount("q")).isEqualTo(1);
        broker.clock().advance(Duration.ofSeconds(2));
        expect("slow 1", "slow 2", "slow cancelled");
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(3));
        assertThat(channel.consumerCount("q")).isZero();
        GetResponse first = channel.basicGet("q", true);
        assertThat(first.getBody()).asString(UTF_8).isEqualTo("1");
        assertThat(first.getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void what_is_settled_too_late_does_no_harm() throws Exception {
        declare(QUORUM, "1", "2");
        consume(channel, "slow", MINUTE);
        expect("slow 1", "slow 2");
        broker.clock().advance(Duration.ofSeconds(61));
        expect("slow 1", "slow 2", "slow cancelled");
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(2));
        channel.basicAck(1, false);
        channel.basicNack(2, false, true);
        assertThat(channel.messageCount("q")).isEqualTo(2);
        assertThatThrownBy(
                        () -> {
                            channel.basicAck(2, false);
                            channel.messageCount("q");
                        })
                .hasStackTraceContaining("unknown delivery tag 2");
    }

    @Test
    void one_that_settles_in_time_stays() throws Exception {
        declare(both(QUORUM, MINUTE), "1");
        consume(channel, "c", Map.of());
        expect("c 1");
        broker.clock().advance(Duration.ofSeconds(40));
        channel.basicAck(1, false);
        channel.basicPublish("", "q", null, "2".getBytes(UTF_8));
        expect("c 1", "c 2");
        broker.clock().advance(Duration.ofSeconds(40));
        channel.basicAck(2, false);
        assertThat(channel.consumerCount("q")).isEqualTo(1);
        broker.clock().advance(Duration.ofSeconds(100));
        channel.basicPublish("", "q", null, "3".getBytes(UTF_8));
        expect("c 1", "c 2", "c 3");
    }

    @Test
    void the_consumers_own_time_counts_before_the_queues() throws Exception {
        declare(both(QUORUM, MINUTE), "1");
        consume(channel, "patient", Map.of("x-consumer-timeout", 3_600_000));
        expect("patient 1");
        broker.clock().advance(Duration.ofMinutes(30));
        assertThat(channel.consumerCount("q")).isEqualTo(1);
        broker.clock().advance(Duration.ofMinutes(31));
        expect("patient 1", "patient cancelled");
    }

    @Test
    void quorum_queues_have_half_an_hour_and_classic_ones_for_ever() throws Exception {
        declare(QUORUM, "1");
        consume(channel, "quorum", Map.of());
        expect("quorum 1");
        channel.queueDeclare("classic", true, false, false, null);
        channel.basicPublish("", "classic", null, "2".getBytes(UTF_8));
        assertThat(channel.basicGet("classic", false)).isNotNull();
        broker.clock().advance(Duration.ofMinutes(29));
        assertThat(channel.consumerCount("q")).isEqualTo(1);
        broker.clock().advance(Duration.ofMinutes(2));
        expect("quorum 1", "quorum cancelled");
        assertThat(channel.messageCount("classic")).isZero();
    }

    @Test
    void a_classic_queue_has_the_time_it_asks_for() throws Exception {
        declare(MINUTE, "1");
        consume(channel, "c", Map.of());
        expect("c 1");
        broker.clock().advance(Duration.ofSeconds(61));
        expect("c 1", "c cancelled");
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
    }

    @Test
    void the_brokers_default_can_be_set() throws Exception {
        try (RunningBroker hasty = RunningBroker.with(Map.of("queues.consumer-timeout", "1m"))) {
            Channel there = hasty.connect().createChannel();
            there.queueDeclare("q", true, false, false, QUORUM);
            there.basicPublish("", "q", null, "1".getBytes(UTF_8));
            consume(there, "c", Map.of());
            expect("c 1");
            hasty.clock().advance(Duration.ofSeconds(61));
            expect("c 1", "c cancelled");
        }
    }

    @Test
    void the_channel_of_a_client_that_takes_no_cancels_is_closed() throws Exception {
        declare(both(QUORUM, MINUTE), "1");
        ConnectionFactory old = broker.factory();
        old.setClientProperties(Map.of());
        Channel deaf = broker.connect(old).createChannel();
        consume(deaf, "deaf", Map.of());
        expect("deaf 1");
        broker.clock().advance(Duration.ofSeconds(61));
        eventually(() -> assertThat(deaf.isOpen()).isFalse());
        assertThat(deaf.getCloseReason()).hasMessageContaining(TEXT);
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
    }

    @Test
    void the_channel_of_a_get_is_closed() throws Exception {
        declare(both(QUORUM, MINUTE), "1");
        assertThat(channel.basicGet("q", false)).isNotNull();
        broker.clock().advance(Duration.ofSeconds(61));
        eventually(() -> assertThat(channel.isOpen()).isFalse());
        assertThat(channel.getCloseReason()).hasMessageContaining(TEXT);
        Channel another = broker.connect().createChannel();
        eventually(() -> assertThat(another.messageCount("q")).isEqualTo(1));
    }

    @Test
    void the_next_single_active_consumer_follows_one_that_was_too_slow() throws Exception {
        declare(both(both(QUORUM, MINUTE), Map.of("x-single-active-consumer", true)), "1");
        consume(channel, "slow", Map.of());
        consume(broker.connect().createChannel(), "next", Map.of());
        expect("slow 1");
        broker.clock().advance(Duration.ofSeconds(61));
        eventually(() -> assertThat(events).contains("slow cancelled", "next 1"));
    }

    @Test
    void a_message_that_was_kept_for_too_long_was_acquired_and_not_failed_with() throws Exception {
        declare(both(both(QUORUM, MINUTE), Map.of("x-delivery-limit", 1)), "1");
        for (int times = 1; times <= 3; times++) {
            Channel slow = broker.connect().createChannel();
            slow.basicConsume("q", false, (_, _) -> events.add("came"), _ -> {});
            int came = times;
            eventually(() -> assertThat(events).hasSize(came));
            broker.clock().advance(Duration.ofSeconds(61));
            eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
        }
        ConnectionFactory old = broker.factory();
        old.setClientProperties(Map.of());
        Channel deaf = broker.connect(old).createChannel();
        deaf.basicConsume("q", false, (_, _) -> events.add("came"), _ -> {});
        eventually(() -> assertThat(events).hasSize(4));
        broker.clock().advance(Duration.ofSeconds(61));
        eventually(() -> assertThat(deaf.isOpen()).isFalse());
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
        GetResponse got = channel.basicGet("q", true);
        assertThat(got.getProps().getHeaders()).isEqualTo(Map.of("x-acquired-count", 4L));
    }

    @Test
    void an_acknowledgement_in_an_open_transaction_still_counts() throws Exception {
        declare(QUORUM, "1", "2");
        channel.txSelect();
        consume(channel, "c", MINUTE);
        expect("c 1", "c 2");
        channel.basicAck(1, false);
        broker.clock().advance(Duration.ofSeconds(61));
        expect("c 1", "c 2", "c cancelled");
        channel.basicAck(2, false);
        channel.txCommit();
        assertThat(channel.messageCount("q")).isEqualTo(1);
        broker.restart();
        Channel after = broker.connect().createChannel();
        assertThat(after.basicGet("q", true).getBody()).asString(UTF_8).isEqualTo("2");
        assertThat(after.basicGet("q", true)).isNull();
    }

    @Test
    void a_time_that_is_none_is_refused() throws Exception {
        declare(QUORUM);
        assertThatThrownBy(() -> consume(channel, "c", Map.of("x-consumer-timeout", -1)))
                .hasStackTraceContaining(
                        "invalid arg 'x-consumer-timeout' for queue 'q' in vhost '/':"
                                + " {value_negative,-1}");
        Channel again = broker.connect().createChannel();
        assertThatThrownBy(() -> consume(again, "c", Map.of("x-consumer-timeout", "1000")))
                .hasStackTraceContaining(
                        "invalid arg 'x-consumer-timeout' for queue 'q' in vhost '/': \"expected"
                                + " integer, got longstr\"");
    }
}
