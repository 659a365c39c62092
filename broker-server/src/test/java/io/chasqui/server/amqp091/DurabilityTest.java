package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.RunningBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What is still there after a restart. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class DurabilityTest {

    private final int eventLoops;
    private RunningBroker broker;

    DurabilityTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void persistent_messages_in_durable_queues_survive_a_restart_in_order() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.queueDeclare("durable", true, false, false, null);
        for (int i = 0; i < 100; i++) {
            channel.basicPublish(
                    "",
                    "durable",
                    i % 10 == 9 ? null : MessageProperties.PERSISTENT_BASIC,
                    Integer.toString(i).getBytes(UTF_8));
        }
        channel.waitForConfirmsOrDie(10_000);
        assertThat(channel.basicGet("durable", true).getBody()).asString(UTF_8).isEqualTo("0");

        broker.restart();

        Channel after = broker.connect().createChannel();
        assertThat(after.messageCount("durable")).isEqualTo(89);
        GetResponse next = after.basicGet("durable", true);
        assertThat(next.getBody()).asString(UTF_8).isEqualTo("1");
        assertThat(next.getProps().getDeliveryMode()).isEqualTo(2);
    }

    @Test
    void durable_exchanges_and_bindings_survive_and_transient_ones_do_not() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.exchangeDeclare("kept", "topic", true);
        channel.exchangeDeclare("lost", "topic", false);
        channel.queueDeclare("kept", true, false, false, null);
        channel.queueDeclare("lost", false, false, false, null);
        channel.queueBind("kept", "kept", "a.#");

        broker.restart();

        Channel after = broker.connect().createChannel();
        after.basicPublish("kept", "a.b", null, "x".getBytes(UTF_8));
        assertThat(after.basicGet("kept", true)).isNotNull();
        assertThatThrownBy(() -> broker.connect().createChannel().queueDeclarePassive("lost"))
                .hasStackTraceContaining("NOT_FOUND - no queue 'lost' in vhost '/'");
        assertThatThrownBy(() -> broker.connect().createChannel().exchangeDeclarePassive("lost"))
                .hasStackTraceContaining("NOT_FOUND - no exchange 'lost' in vhost '/'");
    }

    @Test
    void unacknowledged_messages_come_back_after_a_restart() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.queueDeclare("q", true, false, false, null);
        channel.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, new byte[1]);
        channel.waitForConfirmsOrDie(10_000);
        assertThat(channel.basicGet("q", false)).isNotNull();

        broker.restart();

        GetResponse again = broker.connect().createChannel().basicGet("q", true);
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
    }
}
