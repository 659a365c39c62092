package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.Deliveries;
import io.chasqui.server.testing.RunningBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Which queues a message reaches, by the type of the exchange. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class RoutingTest {

    private final int eventLoops;
    private RunningBroker broker;
    private Channel channel;

    RoutingTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        channel = broker.connect().createChannel();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private Deliveries bound(String exchange, String... keys) throws Exception {
        Channel other = broker.connect().createChannel();
        String queue = other.queueDeclare().getQueue();
        for (String key : keys) {
            other.queueBind(queue, exchange, key);
        }
        return Deliveries.autoAck(other, queue);
    }

    private void publish(String exchange, String key) throws Exception {
        channel.basicPublish(exchange, key, null, key.getBytes(UTF_8));
    }

    @Test
    void a_fanout_exchange_reaches_every_bound_queue() throws Exception {
        channel.exchangeDeclare("logs", "fanout");
        Deliveries first = bound("logs", "");
        Deliveries second = bound("logs", "ignored");
        for (int i = 0; i < 20; i++) {
            publish("logs", "k" + i);
        }
        eventually(() -> assertThat(first.count()).isEqualTo(20));
        eventually(() -> assertThat(second.bodies()).isEqualTo(first.bodies()));
    }

    @Test
    void a_direct_exchange_reaches_the_queues_bound_with_the_key() throws Exception {
        channel.exchangeDeclare("direct_logs", "direct", true);
        Deliveries errors = bound("direct_logs", "error");
        Deliveries all = bound("direct_logs", "info", "warning", "error");
        for (String key : new String[] {"info", "error", "debug", "warning"}) {
            publish("direct_logs", key);
        }
        eventually(() -> assertThat(all.bodies()).containsExactly("info", "error", "warning"));
        eventually(() -> assertThat(errors.bodies()).containsExactly("error"));
    }

    @Test
    void a_topic_exchange_matches_words() throws Exception {
        channel.exchangeDeclare("topic_logs", "topic");
        Deliveries orange = bound("topic_logs", "*.orange.*");
        Deliveries rabbits = bound("topic_logs", "*.*.rabbit", "lazy.#");
        for (String key :
                new String[] {
                    "quick.orange.rabbit",
                    "lazy.orange.elephant",
                    "quick.orange.fox",
                    "lazy.brown.fox",
                    "lazy.pink.rabbit",
                    "quick.brown.fox",
                    "orange",
                    "lazy"
                }) {
            publish("topic_logs", key);
        }
        eventually(() ->
                assertThat(rabbits.bodies())
                        .containsExactly(
                                "quick.orange.rabbit",
                                "lazy.orange.elephant",
                                "lazy.brown.fox",
                                "lazy.pink.rabbit",
                                "lazy"));
        eventually(() ->
                assertThat(orange.bodies())
                        .containsExactly(
                                "quick.orange.rabbit", "lazy.orange.elephant", "quick.orange.fox"));
    }

    @Test
    void unbinding_ends_the_flow() throws Exception {
        channel.queueDeclare("q", false, false, false, null);
        channel.queueBind("q", "amq.direct", "k");
        publish("amq.direct", "k");
        channel.queueUnbind("q", "amq.direct", "k");
        publish("amq.direct", "k");
        assertThat(channel.queueDeclarePassive("q").getMessageCount()).isEqualTo(1);
    }

    @Test
    void an_empty_queue_and_key_mean_the_last_queue_declared() throws Exception {
        String queue = channel.queueDeclare("", false, true, true, null).getQueue();
        assertThat(queue).startsWith("amq.gen-");
        channel.queueBind("", "amq.direct", "");
        publish("amq.direct", queue);
        assertThat(channel.basicGet("", true).getBody()).asString(UTF_8).isEqualTo(queue);
    }
}
