package io.chasqui.server.amqp091;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.definition.VirtualHostDescription;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which type a queue gets that asks for none, as a RabbitMQ 4.3.6 decides it. */
class DefaultQueueTypeTest {

    private RunningBroker broker;

    private Channel start(String defaultType) throws Exception {
        broker = RunningBroker.with(Map.of("queues.default-type", defaultType));
        return broker.connect().createChannel();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private QueueType type(String queue) {
        return QueueType.of(
                broker.broker().vhosts().existing("/").queue(queue).definition().arguments());
    }

    /** Gives the virtual host a default of its own, or none. */
    private void describe(String type) {
        broker.broker()
                .administration()
                .describeVirtualHost(
                        "/", new VirtualHostDescription("ours", List.of("a"), type, false));
    }

    @Test
    void durable_shared_queues_are_of_the_brokers_default_type() throws Exception {
        Channel channel = start("quorum");
        channel.queueDeclare("durable", true, false, false, null);
        channel.queueDeclare("empty", true, false, false, Map.of("x-queue-type", ""));
        channel.queueDeclare("classic", true, false, false, Map.of("x-queue-type", "classic"));
        assertThat(type("durable")).isEqualTo(QueueType.QUORUM);
        assertThat(type("empty")).isEqualTo(QueueType.QUORUM);
        assertThat(type("classic")).isEqualTo(QueueType.CLASSIC);
    }

    @Test
    void queues_that_a_quorum_queue_cannot_be_are_classic() throws Exception {
        Channel channel = start("quorum");
        channel.queueDeclare("transient", false, false, false, null);
        channel.queueDeclare("exclusive", true, true, false, null);
        channel.queueDeclare("auto-delete", true, false, true, null);
        assertThat(type("transient")).isEqualTo(QueueType.CLASSIC);
        assertThat(type("exclusive")).isEqualTo(QueueType.CLASSIC);
        assertThat(type("auto-delete")).isEqualTo(QueueType.CLASSIC);
        assertThat(type(channel.queueDeclare().getQueue())).isEqualTo(QueueType.CLASSIC);
    }

    @Test
    void a_durable_queue_without_a_name_is_refused_as_a_quorum_queue() throws Exception {
        Channel channel = start("quorum");
        assertThatThrownBy(() -> channel.queueDeclare("", true, false, false, null))
                .hasStackTraceContaining(
                        "Cannot declare a server-named queue for type rabbit_quorum_queue");
    }

    @Test
    void the_virtual_hosts_default_counts_before_the_brokers_and_survives_a_restart()
            throws Exception {
        Channel channel = start("classic");
        channel.queueDeclare("before", true, false, false, null);
        describe("quorum");
        channel.queueDeclare("after", true, false, false, null);
        channel.queueDeclare("after", true, false, false, null);
        assertThat(type("before")).isEqualTo(QueueType.CLASSIC);
        assertThat(type("after")).isEqualTo(QueueType.QUORUM);

        broker.restart();

        assertThat(broker.broker().vhosts().existing("/").description().description())
                .isEqualTo("ours");
        Channel again = broker.connect().createChannel();
        again.queueDeclare("later", true, false, false, null);
        assertThat(type("later")).isEqualTo(QueueType.QUORUM);
        describe("");
        again.queueDeclare("last", true, false, false, null);
        assertThat(type("last")).isEqualTo(QueueType.CLASSIC);
    }

    @Test
    void a_queue_declared_again_when_the_default_has_changed_is_another_one() throws Exception {
        Channel channel = start("quorum");
        channel.queueDeclare("q", true, false, false, null);
        describe("classic");
        assertThatThrownBy(() -> channel.queueDeclare("q", true, false, false, null))
                .hasStackTraceContaining(
                        "inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': received"
                                + " 'classic' but current is 'quorum'");
    }

    @Test
    void quorum_queues_take_no_notice_of_exclusive_consumers() throws Exception {
        Channel channel = start("quorum");
        channel.queueDeclare("q", true, false, false, null);
        channel.basicConsume("q", false, "first", false, true, null, (_, _) -> {}, _ -> {});
        channel.basicConsume("q", false, "second", false, true, null, (_, _) -> {}, _ -> {});
        channel.basicConsume("q", false, "third", false, false, null, (_, _) -> {}, _ -> {});
        assertThat(channel.consumerCount("q")).isEqualTo(3);
    }

    @Test
    void stream_queues_are_refused_clearly() throws Exception {
        Channel channel = start("classic");
        assertThatThrownBy(() ->
                        channel.queueDeclare(
                                "q", true, false, false, Map.of("x-queue-type", "stream")))
                .hasStackTraceContaining(
                        "invalid arg 'x-queue-type' for queue 'q' in vhost '/': \"unsupported"
                                + " queue type 'stream'\"");
    }
}
