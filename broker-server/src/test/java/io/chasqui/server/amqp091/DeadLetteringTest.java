package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Dead letters, bounded queues and redelivery as a client sees them; headers, order and texts are those
 * of a RabbitMQ 4.3.6 that was asked the same.
 */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class DeadLetteringTest {

    private static final Map<String, Object> TO_DEAD =
            Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead");

    private final int eventLoops;
    private RunningBroker broker;
    private Channel channel;

    DeadLetteringTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        broker.connect().createChannel().queueDeclare("dead", true, false, false, null);
        channel = broker.connect().createChannel();
        channel.confirmSelect();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void declare(Map<String, Object> arguments) throws IOException {
        channel.queueDeclare("q", true, false, false, arguments);
    }

    private void publish(
            String queue, @Nullable String expiration, @Nullable Map<String, Object> headers)
            throws Exception {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .deliveryMode(2)
                        .expiration(expiration)
                        .headers(headers)
                        .messageId("id")
                        .build();
        channel.basicPublish("", queue, properties, "body".getBytes(UTF_8));
        channel.waitForConfirmsOrDie(20_000);
    }

    private GetResponse got(String queue) throws Exception {
        AtomicReference<GetResponse> found = new AtomicReference<>();
        eventually(() -> {
            found.set(channel.basicGet(queue, false));
            assertThat(found.get()).isNotNull();
        });
        return found.get();
    }

    private void reject(GetResponse message) throws IOException {
        channel.basicReject(message.getEnvelope().getDeliveryTag(), false);
    }

    private static Map<String, Object> headers(GetResponse message) {
        return Objects.requireNonNull(message.getProps().getHeaders());
    }

    @Test
    void of_what_comes_back_at_once_the_oldest_is_too_much() throws Exception {
        declare(
                Map.of(
                        "x-dead-letter-exchange",
                        "",
                        "x-dead-letter-routing-key",
                        "dead",
                        "x-max-length",
                        2));
        Channel taker = broker.connect().createChannel();
        for (String body : new String[] {"0", "1", "2", "3"}) {
            channel.basicPublish("", "q", null, body.getBytes(UTF_8));
            channel.waitForConfirmsOrDie(20_000);
            if (body.equals("1")) {
                assertThat(taker.basicGet("q", false)).isNotNull();
                assertThat(taker.basicGet("q", false)).isNotNull();
            }
        }
        taker.close();
        assertThat(new String(got("dead").getBody(), UTF_8)).isEqualTo("0");
        assertThat(new String(got("dead").getBody(), UTF_8)).isEqualTo("1");
        assertThat(new String(got("q").getBody(), UTF_8)).isEqualTo("2");
    }

    @Test
    void a_queue_that_is_neither_empty_nor_unused_is_refused_for_what_it_has() throws Exception {
        declare(Map.of());
        channel.basicQos(1);
        channel.basicConsume("q", false, new DefaultConsumer(channel));
        publish("q", null, null);
        publish("q", null, null);
        assertThatThrownBy(() -> channel.queueDelete("q", true, true))
                .hasStackTraceContaining("PRECONDITION_FAILED - queue 'q' in vhost '/' not empty");
    }

    @Test
    void a_dead_letter_tells_of_its_death_and_has_no_time_to_live() throws Exception {
        declare(TO_DEAD);
        publish("q", "60000", Map.of("kept", 7));
        broker.clock().advance(Duration.ofMinutes(1));
        GetResponse dead = got("dead");
        assertThat(dead.getBody()).isEqualTo("body".getBytes(UTF_8));
        assertThat(dead.getEnvelope().getRoutingKey()).isEqualTo("dead");
        assertThat(dead.getEnvelope().isRedeliver()).isFalse();
        assertThat(dead.getProps().getExpiration()).isNull();
        assertThat(dead.getProps().getMessageId()).isEqualTo("id");
        assertThat(dead.getProps().getDeliveryMode()).isEqualTo(2);
        Map<?, ?> death = (Map<?, ?>) ((List<?>) headers(dead).get("x-death")).getFirst();
        assertThat(death.get("count")).isEqualTo(1L);
        assertThat(death.get("reason")).hasToString("expired");
        assertThat(death.get("queue")).hasToString("q");
        assertThat(death.get("exchange")).hasToString("");
        assertThat(death.get("routing-keys")).hasToString("[q]");
        assertThat(death.get("original-expiration")).hasToString("60000");
        assertThat(death.get("time")).isInstanceOf(Date.class);
        assertThat(headers(dead))
                .containsEntry("kept", 7)
                .containsKeys(
                        "x-first-death-queue",
                        "x-first-death-reason",
                        "x-first-death-exchange",
                        "x-last-death-queue",
                        "x-last-death-reason",
                        "x-last-death-exchange");
        assertThat(headers(dead).get("x-last-death-reason")).hasToString("expired");
    }

    @Test
    void deaths_that_a_publisher_made_up_are_not_believed() throws Exception {
        declare(TO_DEAD);
        publish("q", null, Map.of("x-death", "mine", "x-first-death-queue", "u"));
        reject(got("q"));
        GetResponse dead = got("dead");
        assertThat((List<?>) headers(dead).get("x-death")).hasSize(1);
        assertThat(headers(dead).get("x-first-death-queue")).hasToString("q");
        assertThat(dead.getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void the_same_death_again_is_counted() throws Exception {
        declare(Map.of("x-dead-letter-exchange", ""));
        publish("q", "60000", null);
        for (int i = 0; i < 3; i++) {
            reject(got("q"));
        }
        GetResponse dead = got("q");
        List<?> all = (List<?>) headers(dead).get("x-death");
        assertThat(all).hasSize(1);
        assertThat(((Map<?, ?>) all.getFirst()).get("count")).isEqualTo(3L);
        assertThat(((Map<?, ?>) all.getFirst()).get("original-expiration")).hasToString("60000");
    }

    @Test
    void copies_are_routed_again_unless_the_queue_names_a_key() throws Exception {
        channel.queueDeclare("cc", true, false, false, null);
        channel.queueDeclare("bcc", true, false, false, null);
        channel.queueDeclare(
                "q", true, false, false, Map.of("x-dead-letter-exchange", "amq.topic"));
        channel.queueBind("cc", "amq.topic", "c");
        channel.queueBind("bcc", "amq.topic", "b");
        channel.queueBind("dead", "amq.topic", "q");
        publish("q", null, Map.of("CC", List.of("c"), "BCC", List.of("b")));
        reject(got("q"));
        for (String queue : List.of("cc", "bcc", "dead")) {
            GetResponse dead = got(queue);
            assertThat(headers(dead)).containsKey("CC").doesNotContainKey("BCC");
            Map<?, ?> death = (Map<?, ?>) ((List<?>) headers(dead).get("x-death")).getFirst();
            assertThat(death.get("routing-keys")).as("not the blind one").hasToString("[q, c]");
        }
    }

    @Test
    void a_full_queue_refuses_with_a_negative_confirm() throws Exception {
        declare(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        List<String> answers = Collections.synchronizedList(new ArrayList<>());
        channel.addConfirmListener(
                (tag, multiple) -> answers.add("ack " + tag),
                (tag, multiple) -> answers.add("nack " + tag + (multiple ? " and before" : "")));
        for (int i = 0; i < 3; i++) {
            channel.basicPublish("", "q", true, null, new byte[1]);
            assertThat(channel.waitForConfirms(20_000)).isEqualTo(i == 0);
        }
        assertThat(answers).containsExactly("ack 1", "nack 2", "nack 3");
        assertThat(channel.messageCount("q")).isEqualTo(1);
    }

    @Test
    void one_queue_that_refuses_is_enough_for_a_negative_confirm() throws Exception {
        declare(Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
        channel.queueBind("q", "amq.fanout", "");
        channel.queueBind("dead", "amq.fanout", "");
        channel.basicPublish("amq.fanout", "", null, new byte[1]);
        assertThat(channel.waitForConfirms(20_000)).isFalse();
        eventually(() -> assertThat(channel.messageCount("dead")).isEqualTo(1));
    }

    @Test
    void what_is_refused_is_dead_lettered_if_asked_for() throws Exception {
        declare(
                Map.of(
                        "x-max-length", 0,
                        "x-overflow", "reject-publish-dlx",
                        "x-dead-letter-exchange", "",
                        "x-dead-letter-routing-key", "dead"));
        channel.basicPublish("", "q", null, new byte[1]);
        assertThat(channel.waitForConfirms(20_000)).isFalse();
        assertThat(headers(got("dead")).get("x-last-death-reason")).hasToString("maxlen");
    }

    @Test
    void a_transaction_that_a_full_queue_refused_part_of_says_so() throws Exception {
        declare(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        Channel transactional = broker.connect().createChannel();
        transactional.txSelect();
        transactional.basicPublish("", "q", null, new byte[1]);
        transactional.basicPublish("", "q", null, new byte[1]);
        assertThatThrownBy(transactional::txCommit)
                .isInstanceOfAny(IOException.class, AlreadyClosedException.class)
                .rootCause()
                .isInstanceOf(ShutdownSignalException.class)
                .hasMessageContaining("406")
                .hasMessageContaining("PRECONDITION_FAILED - partial tx completion");
        assertThat(channel.messageCount("q")).isEqualTo(1);
    }

    @Test
    void a_message_that_clients_fail_with_is_counted_and_dies_at_the_limit() throws Exception {
        declare(
                Map.of(
                        "x-queue-type", "quorum",
                        "x-delivery-limit", 2,
                        "x-dead-letter-exchange", "",
                        "x-dead-letter-routing-key", "dead"));
        publish("q", null, Map.of("k", 1));
        List<String> counts = new ArrayList<>();
        for (boolean fails : new boolean[] {true, false, true, false, true}) {
            GetResponse message = got("q");
            counts.add(
                    headers(message).get("x-acquired-count")
                            + " "
                            + headers(message).get("x-delivery-count"));
            long tag = message.getEnvelope().getDeliveryTag();
            if (fails) {
                channel.basicReject(tag, true);
            } else {
                channel.basicNack(tag, false, true);
            }
        }
        assertThat(counts).containsExactly("null null", "1 1", "2 1", "3 2", "4 2");
        GetResponse dead = got("dead");
        assertThat(headers(dead).get("x-last-death-reason")).hasToString("delivery_limit");
        assertThat(headers(dead)).doesNotContainKey("x-delivery-count");
        assertThat(dead.getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void the_counts_of_deliveries_in_vain_survive_restarts() throws Exception {
        declare(Map.of("x-queue-type", "quorum"));
        channel.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, "m".getBytes(UTF_8));
        channel.basicNack(got("q").getEnvelope().getDeliveryTag(), false, true);
        channel.basicNack(got("q").getEnvelope().getDeliveryTag(), false, true);
        for (int restarts = 0; restarts < 2; restarts++) {
            broker.restart();
            channel = broker.connect().createChannel();
        }
        GetResponse message = got("q");
        assertThat(headers(message)).isEqualTo(Map.of("x-acquired-count", 2L));
        channel.basicReject(message.getEnvelope().getDeliveryTag(), true);
        broker.restart();
        channel = broker.connect().createChannel();
        assertThat(headers(got("q")))
                .isEqualTo(Map.of("x-acquired-count", 3L, "x-delivery-count", 1L));
    }

    @Test
    void a_closed_channel_counts_as_a_failure_and_recover_does_not() throws Exception {
        declare(Map.of("x-queue-type", "quorum"));
        publish("q", null, null);
        Channel failing = broker.connect().createChannel();
        assertThat(failing.basicGet("q", false)).isNotNull();
        failing.close();
        GetResponse first = got("q");
        assertThat(headers(first)).containsEntry("x-delivery-count", 1L);
        channel.basicRecover(true);
        assertThat(headers(got("q")))
                .containsEntry("x-delivery-count", 1L)
                .containsEntry("x-acquired-count", 2L);
    }

    @Test
    void a_message_that_came_back_rests_longer_each_time() throws Exception {
        declare(
                Map.of(
                        "x-queue-type",
                        "quorum",
                        "x-delayed-retry-type",
                        "all",
                        "x-delayed-retry-min",
                        60_000,
                        "x-delayed-retry-max",
                        120_000));
        publish("q", null, null);
        for (int minutes : new int[] {1, 2, 2}) {
            channel.basicReject(got("q").getEnvelope().getDeliveryTag(), true);
            assertThat(channel.messageCount("q")).as("the queue heard of it").isZero();
            broker.clock().advance(Duration.ofMinutes(minutes).minusMillis(1));
            assertThat(channel.messageCount("q")).isZero();
            broker.clock().advance(Duration.ofMillis(1));
            eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
        }
    }
}
