package io.chasqui.server.policy;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each key brings about in a running broker, whoever sets it: the queue's own argument, a policy or
 * an operator's policy. A policy is set while the queue has messages in it, takes effect on these at
 * once, and again after a restart.
 */
@ParameterizedClass
@EnumSource(PolicyKeysTest.SetBy.class)
class PolicyKeysTest {

    private static final Set<String> FOR_OPERATORS =
            Set.of(
                    "message-ttl",
                    "expires",
                    "max-length",
                    "max-length-bytes",
                    "overflow",
                    "delivery-limit",
                    "delayed-retry-type",
                    "delayed-retry-min",
                    "delayed-retry-max");

    private static final Duration MINUTE = Duration.ofSeconds(61);

    enum SetBy {
        ARGUMENT,
        POLICY,
        OPERATOR_POLICY
    }

    private final SetBy setBy;
    private RunningBroker broker;
    private ManagementClient management;
    private Channel channel;
    private Map<String, Object> setting = Map.of();
    private Map<String, Object> arguments = Map.of();

    PolicyKeysTest(SetBy setBy) {
        this.setBy = setBy;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        management = ManagementClient.of(broker);
        open();
    }

    @AfterEach
    void stop() {
        management.close();
        broker.close();
    }

    private void open() throws Exception {
        channel = broker.connect().createChannel();
        channel.confirmSelect();
    }

    private void restart() throws Exception {
        broker.restart();
        open();
    }

    /** Says what the queue q is to have, and what of that is looked at. */
    private void given(Map<String, Object> keys, Map<String, Object> ownArguments)
            throws Exception {
        assumeTrue(setBy != SetBy.OPERATOR_POLICY || FOR_OPERATORS.containsAll(keys.keySet()));
        setting = keys;
        arguments = new HashMap<>(ownArguments);
        if (setBy == SetBy.ARGUMENT) {
            keys.forEach((key, value) -> arguments.put("x-" + key, value));
        }
        channel.queueDeclare("q", true, false, false, arguments);
        channel.queueDeclare("dead", true, false, false, null);
    }

    /** Sets what was said, if it is not among the queue's arguments. */
    private void set() throws Exception {
        String kind = setBy == SetBy.POLICY ? "policies" : "operator-policies";
        if (setBy != SetBy.ARGUMENT) {
            Map<String, ?> policy =
                    Map.of("pattern", "^q$", "definition", setting, "apply-to", "queues");
            assertThat(management.put(kind + "/%2F/p", policy).status()).isEqualTo(201);
        }
    }

    private void publish(String... bodies) throws Exception {
        for (String body : bodies) {
            channel.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, body.getBytes(UTF_8));
        }
        channel.waitForConfirms(20_000);
    }

    private void holds(String queue, int messages) throws Exception {
        eventually(() -> assertThat(channel.messageCount(queue)).as(queue).isEqualTo(messages));
    }

    private String got(String queue) throws Exception {
        GetResponse message = channel.basicGet(queue, true);
        return message == null ? "nothing" : new String(message.getBody(), UTF_8);
    }

    private void rejectFirst(boolean requeue) throws Exception {
        GetResponse message = channel.basicGet("q", false);
        channel.basicReject(message.getEnvelope().getDeliveryTag(), requeue);
    }

    @Test
    void message_ttl() throws Exception {
        given(Map.of("message-ttl", 60_000), Map.of());
        publish("1", "2");
        set();
        broker.clock().advance(MINUTE);
        holds("q", 0);
        restart();
        publish("3");
        broker.clock().advance(MINUTE.dividedBy(2));
        holds("q", 1);
        restart();
        broker.clock().advance(MINUTE.dividedBy(2));
        holds("q", 0);
    }

    @Test
    void expires() throws Exception {
        given(Map.of("expires", 60_000), Map.of());
        publish("1");
        set();
        broker.clock().advance(MINUTE.dividedBy(2));
        holds("q", 1);
        restart();
        holds("q", 1);
        broker.clock().advance(MINUTE);
        eventually(() -> assertThat(broker.broker().vhosts().existing("/").queue("q")).isNull());
        assertThatThrownBy(() -> channel.queueDeclarePassive("q")).isInstanceOf(IOException.class);
    }

    @Test
    void expires_at_once() throws Exception {
        given(Map.of("expires", 60_000), Map.of());
        publish("1");
        set();
        broker.clock().advance(MINUTE);
        eventually(() -> assertThat(broker.broker().vhosts().existing("/").queue("q")).isNull());
    }

    @Test
    void max_length() throws Exception {
        given(Map.of("max-length", 2), Map.of());
        publish("1", "2", "3");
        set();
        holds("q", 2);
        restart();
        publish("4");
        holds("q", 2);
        assertThat(got("q")).isEqualTo("3");
    }

    @Test
    void max_length_bytes() throws Exception {
        given(Map.of("max-length-bytes", 25), Map.of());
        publish("1.........", "2.........", "3.........");
        set();
        holds("q", 2);
        restart();
        publish("4.........");
        holds("q", 2);
        assertThat(got("q")).startsWith("3");
    }

    @Test
    void overflow() throws Exception {
        given(Map.of("overflow", "reject-publish"), Map.of("x-max-length", 2));
        publish("1", "2");
        set();
        eventually(() -> {
            channel.basicPublish("", "q", null, "3".getBytes(UTF_8));
            assertThat(channel.waitForConfirms(20_000)).isFalse();
        });
        restart();
        channel.basicPublish("", "q", null, "4".getBytes(UTF_8));
        assertThat(channel.waitForConfirms(20_000)).isFalse();
        holds("q", 2);
    }

    @Test
    void overflow_with_dead_letters() throws Exception {
        given(
                Map.of("overflow", "reject-publish-dlx"),
                Map.of(
                        "x-max-length", 1,
                        "x-dead-letter-exchange", "",
                        "x-dead-letter-routing-key", "dead"));
        publish("1");
        set();
        publish("2");
        restart();
        publish("3");
        holds("dead", 2);
        assertThat(got("q")).isEqualTo("1");
    }

    @Test
    void dead_letter_exchange_and_routing_key() throws Exception {
        given(Map.of("dead-letter-exchange", "", "dead-letter-routing-key", "dead"), Map.of());
        publish("1", "2");
        set();
        rejectFirst(false);
        holds("dead", 1);
        restart();
        rejectFirst(false);
        holds("dead", 2);
        assertThat(got("dead")).isEqualTo("1");
        assertThat(got("dead")).isEqualTo("2");
    }

    @Test
    void dead_letter_strategy() throws Exception {
        given(
                Map.of("dead-letter-strategy", "at-least-once"),
                Map.of(
                        "x-queue-type", "quorum",
                        "x-overflow", "reject-publish",
                        "x-dead-letter-exchange", "amq.fanout"));
        publish("1", "2");
        set();
        rejectFirst(false);
        channel.queueBind("dead", "amq.fanout", "");
        broker.clock().advance(Duration.ofSeconds(6));
        holds("dead", 1);
        channel.queueUnbind("dead", "amq.fanout", "");
        restart();
        rejectFirst(false);
        channel.queueBind("dead", "amq.fanout", "");
        broker.clock().advance(Duration.ofSeconds(6));
        holds("dead", 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "quorum"})
    void delivery_limit(String type) throws Exception {
        assumeTrue(type.equals("quorum") || setBy == SetBy.ARGUMENT); // as in RabbitMQ
        given(Map.of("delivery-limit", 1), Map.of("x-queue-type", type));
        publish("1", "2");
        rejectFirst(true);
        set();
        rejectFirst(true);
        holds("q", 1);
        rejectFirst(true);
        restart();
        holds("q", 1);
        rejectFirst(true);
        holds("q", 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "quorum"})
    void consumer_timeout(String type) throws Exception {
        given(Map.of("consumer-timeout", 60_000), Map.of("x-queue-type", type));
        publish("1");
        for (int starts = 0; starts < 2; starts++) {
            CopyOnWriteArrayList<String> events = new CopyOnWriteArrayList<>();
            channel.basicConsume(
                    "q", false, (_, _) -> events.add("came"), _ -> events.add("cancelled"));
            eventually(() -> assertThat(events).containsExactly("came"));
            if (starts == 0) {
                set();
            }
            broker.clock().advance(MINUTE);
            eventually(() -> assertThat(events).containsExactly("came", "cancelled"));
            holds("q", 1);
            restart();
        }
    }

    @Test
    void delayed_retry() throws Exception {
        given(
                Map.of(
                        "delayed-retry-type", "failed",
                        "delayed-retry-min", 60_000,
                        "delayed-retry-max", 120_000),
                Map.of("x-queue-type", "quorum"));
        publish("1");
        set();
        for (int starts = 0; starts < 2; starts++) {
            rejectFirst(true);
            assertThat(channel.messageCount("q")).isZero();
            broker.clock().advance(Duration.ofSeconds(59));
            assertThat(channel.messageCount("q")).isZero();
            broker.clock().advance(Duration.ofSeconds(62));
            holds("q", 1);
            GetResponse message = channel.basicGet("q", false);
            channel.basicNack(message.getEnvelope().getDeliveryTag(), false, true);
            holds("q", 1); // given back unharmed it need not rest
            restart();
        }
    }

    @Test
    void alternate_exchange() throws Exception {
        given(Map.of(), Map.of());
        assumeTrue(setBy != SetBy.OPERATOR_POLICY); // exchanges have none
        Map<String, Object> own =
                setBy == SetBy.ARGUMENT ? Map.of("alternate-exchange", "amq.fanout") : Map.of();
        channel.exchangeDeclare("e", "direct", true, false, own);
        channel.queueBind("q", "amq.fanout", "");
        if (setBy == SetBy.POLICY) {
            Map<String, ?> policy =
                    Map.of(
                            "pattern", "^e$",
                            "definition", Map.of("alternate-exchange", "amq.fanout"),
                            "apply-to", "exchanges");
            assertThat(management.put("policies/%2F/p", policy).status()).isEqualTo(201);
        }
        BasicProperties persistent = MessageProperties.PERSISTENT_BASIC;
        channel.basicPublish("e", "nowhere", persistent, "1".getBytes(UTF_8));
        holds("q", 1);
        restart();
        channel.basicPublish("e", "nowhere", persistent, "2".getBytes(UTF_8));
        holds("q", 2);
    }

    /** Taking a policy away gives the queue back what it had. */
    @Test
    void a_policy_that_goes_has_no_effect_any_more() throws Exception {
        assumeTrue(setBy != SetBy.ARGUMENT);
        given(Map.of("max-length", 1, "message-ttl", 60_000, "expires", 120_000), Map.of());
        publish("1", "2");
        set();
        holds("q", 1);
        String kind = setBy == SetBy.POLICY ? "policies" : "operator-policies";
        assertThat(management.delete(kind + "/%2F/p").status()).isEqualTo(204);
        publish("3");
        broker.clock().advance(Duration.ofHours(1));
        holds("q", 2);
        restart();
        broker.clock().advance(Duration.ofHours(1));
        holds("q", 2);
    }

    /** Keys that other brokers need are kept and shown. */
    @Test
    void what_has_no_effect_here_is_taken() throws Exception {
        Map<String, Object> without =
                setBy == SetBy.OPERATOR_POLICY
                        ? Map.of("max-in-memory-length", 5, "target-group-size", 3)
                        : Map.of(
                                "max-in-memory-length", 5,
                                "max-in-memory-bytes", 500,
                                "queue-leader-locator", "balanced");
        assumeTrue(setBy != SetBy.ARGUMENT);
        setting = without;
        channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", "quorum"));
        publish("1");
        set();
        restart();
        holds("q", 1);
        String name = setBy == SetBy.POLICY ? "policy" : "operator_policy";
        assertThat(management.get("queues/%2F/q").object()).containsEntry(name, "p");
    }
}
