package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.Eventually;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a receiver may keep a message; what happens then is what a RabbitMQ 4.3.6 does. */
class ConsumerTimeoutTest {

    private RunningBroker broker;
    private Channel channel;
    private Amqp10Peer peer;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private void declare(Map<String, Object> more) throws Exception {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("x-queue-type", "quorum");
        arguments.put("x-consumer-timeout", 60_000);
        channel.queueDeclare("q", true, false, false, arguments);
    }

    private void publish(String text) throws Exception {
        channel.basicPublish("", "q", null, text.getBytes(UTF_8));
    }

    private String text() throws Exception {
        peer.awaits(Transfer.class);
        return new String(peer.payload(), UTF_8);
    }

    @Test
    void what_is_kept_too_long_is_released_and_nothing_comes_before_it_is_settled()
            throws Exception {
        declare(Map.of());
        publish("kept");
        publish("as well");
        peer.attachesReceiver(0, "/queues/q", 10);
        assertThat(text()).endsWith("kept");
        assertThat(text()).endsWith("as well");
        Eventually.eventually(() -> assertThat(channel.messageCount("q")).isZero());
        pass(61);
        Disposition released = peer.awaits(Disposition.class);
        assertThat(released.getRole()).isEqualTo(Role.SENDER);
        assertThat(released.getFirst().intValue()).isZero();
        assertThat(released.getLast().intValue()).isOne();
        assertThat(released.getSettled()).isFalse();
        assertThat(released.getState()).isInstanceOf(Released.class);
        publish("more");
        Eventually.eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(3));
        peer.settles(0, Accepted.getInstance());
        assertThat(channel.messageCount("q")).isEqualTo(3);
        peer.settles(1, Accepted.getInstance());
        assertThat(text()).endsWith("kept");
        assertThat(text()).endsWith("as well");
        assertThat(text()).endsWith("more");
        peer.settles(2, Accepted.getInstance()).settles(3, Accepted.getInstance());
        peer.settles(4, Accepted.getInstance());
        publish("watched again");
        assertThat(text()).endsWith("watched again");
        Eventually.eventually(() -> assertThat(channel.messageCount("q")).isZero());
        pass(61);
        assertThat(peer.awaits(Disposition.class).getFirst().intValue()).isEqualTo(5);
    }

    @Test
    void another_receiver_gets_it_meanwhile() throws Exception {
        declare(Map.of());
        publish("kept");
        peer.attachesReceiver(0, "/queues/q", 10);
        assertThat(text()).endsWith("kept");
        pass(61);
        peer.awaits(Disposition.class);
        peer.attachesReceiver(1, "/queues/q", 10);
        assertThat(text()).endsWith("kept");
        peer.settles(1, Accepted.getInstance());
        Eventually.eventually(
                () -> assertThat(channel.queueDeclarePassive("q").getMessageCount()).isZero());
    }

    /** It would keep all others waiting. */
    @Test
    void a_single_active_consumer_is_detached() throws Exception {
        declare(Map.of("x-single-active-consumer", true));
        publish("kept");
        peer.attachesReceiver(0, "/queues/q", 10);
        assertThat(text()).endsWith("kept");
        pass(61);
        assertThat((Object) peer.awaits(Detach.class).getError().getCondition())
                .hasToString("amqp:resource-limit-exceeded");
    }

    private void pass(int seconds) {
        broker.clock().advance(Duration.ofSeconds(seconds));
    }
}
