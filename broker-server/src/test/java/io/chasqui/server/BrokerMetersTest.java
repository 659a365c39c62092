package io.chasqui.server;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.metrics.BrokerMeters;
import io.chasqui.server.testing.RunningBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The core's counters as a metrics library publishes them, after real traffic. */
class BrokerMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private RunningBroker broker;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        new BrokerMeters(broker.broker()).bindTo(registry);
        channel = broker.connect().createChannel();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private double count(String name) {
        return registry.get("chasqui.messages." + name).functionCounter().count();
    }

    @Test
    void every_step_of_a_message_is_counted() throws Exception {
        channel.confirmSelect();
        channel.queueDeclare("q", true, false, false, null);
        for (int i = 0; i < 3; i++) {
            channel.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, new byte[10]);
        }
        channel.basicPublish("", "nowhere", MessageProperties.PERSISTENT_BASIC, new byte[10]);
        channel.waitForConfirmsOrDie(10_000);
        channel.basicAck(channel.basicGet("q", false).getEnvelope().getDeliveryTag(), false);
        channel.basicNack(channel.basicGet("q", false).getEnvelope().getDeliveryTag(), false, true);
        channel.basicGet("q", true);
        channel.queuePurge("q");

        eventually(() -> assertThat(count("purged")).isEqualTo(1));
        assertThat(count("published")).isEqualTo(4);
        assertThat(count("confirmed")).isEqualTo(4);
        assertThat(count("routed")).isEqualTo(3);
        assertThat(count("enqueued")).isEqualTo(3);
        assertThat(count("dropped")).isEqualTo(1);
        assertThat(count("delivered")).isEqualTo(3);
        assertThat(count("acknowledged")).isEqualTo(1);
        assertThat(count("requeued")).isEqualTo(1);
        assertThat(count("redelivered")).isEqualTo(1);
    }
}
