package io.chasqui.server.policy;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.MessageProperties;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each key brings about in a running broker, whoever sets it: the queue's or exchange's own argument, or a policy; an operator may not. A policy is set while the
 * queue has messages in it, takes effect on these at once, and again after a restart.
 */
@ParameterizedClass
@EnumSource(
        value = PolicyScene.SetBy.class,
        names = {"ARGUMENT", "POLICY"})
class KeysNotForOperatorsTest extends PolicyScene {

    KeysNotForOperatorsTest(SetBy setBy) {
        super(setBy);
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
    void alternate_exchange() throws Exception {
        given(Map.of(), Map.of());
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
}
