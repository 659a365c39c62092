package io.chasqui.server.policy;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each key brings about in a running broker, whoever sets it: the queue's own argument, a policy or an operator's policy. A policy is set while the
 * queue has messages in it, takes effect on these at once, and again after a restart.
 */
@ParameterizedClass
@EnumSource(PolicyScene.SetBy.class)
class PolicyKeysTest extends PolicyScene {

    PolicyKeysTest(SetBy setBy) {
        super(setBy);
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
    void delivery_limit() throws Exception {
        deliveryLimitOf("quorum");
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
}
