package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.Deliveries;
import io.chasqui.server.testing.RunningBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues come, are looked at and go. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class QueueLifecycleTest {

    private final int eventLoops;
    private RunningBroker broker;
    private Connection connection;
    private Channel channel;

    QueueLifecycleTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        connection = broker.connect();
        channel = connection.createChannel();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void publish(String queue, String... bodies) throws Exception {
        for (String body : bodies) {
            channel.basicPublish(
                    "", queue, MessageProperties.PERSISTENT_BASIC, body.getBytes(UTF_8));
        }
    }

    @Test
    void get_takes_one_message_and_tells_how_many_remain() throws Exception {
        channel.queueDeclare("q", false, false, false, null);
        assertThat(channel.basicGet("q", true)).isNull();
        publish("q", "a", "b", "c");
        Channel other = broker.connect().createChannel();
        eventually(() -> assertThat(other.messageCount("q")).isEqualTo(3));
        GetResponse first = other.basicGet("q", false);
        assertThat(first.getBody()).asString(UTF_8).isEqualTo("a");
        assertThat(first.getMessageCount()).isEqualTo(2);
        assertThat(other.basicGet("q", true).getMessageCount()).isEqualTo(1);
        other.basicNack(first.getEnvelope().getDeliveryTag(), false, true);
        GetResponse again = other.basicGet("q", true);
        assertThat(again.getBody()).asString(UTF_8).isEqualTo("a");
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void purge_drops_ready_messages_and_counts_them() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        publish("q", "a", "b", "c");
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(3));
        assertThat(channel.basicGet("q", false)).isNotNull();
        assertThat(channel.queuePurge("q").getMessageCount()).isEqualTo(2);
        assertThat(channel.messageCount("q")).isZero();
    }

    @Test
    void delete_counts_messages_and_frees_the_name() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        publish("q", "a", "b");
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(2));
        assertThat(channel.queueDelete("q").getMessageCount()).isEqualTo(2);
        assertThat(channel.queueDelete("q").getMessageCount()).isZero();
        channel.queueDeclare("q", false, false, true, null);
    }

    @Test
    void declaring_again_tells_about_the_queue() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        publish("q", "a");
        Deliveries deliveries = Deliveries.of(channel, "q");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(1));
        publish("q", "b");
        AMQP.Queue.DeclareOk ok = channel.queueDeclare("q", true, false, false, null);
        assertThat(ok.getQueue()).isEqualTo("q");
        assertThat(ok.getConsumerCount()).isEqualTo(1);
    }

    @Test
    void an_exclusive_queue_is_locked_to_its_connection_and_goes_with_it() throws Exception {
        channel.queueDeclare("mine", false, true, false, null);
        Connection stranger = broker.connect();
        assertThatThrownBy(() -> stranger.createChannel().queueDeclarePassive("mine"))
                .hasStackTraceContaining("RESOURCE_LOCKED - cannot obtain exclusive access");
        connection.close();
        // At once: a client that reconnects must not be refused its own queue.
        stranger.createChannel().queueDeclare("mine", false, true, false, null);
    }

    @Test
    void an_auto_delete_queue_goes_with_its_last_consumer() throws Exception {
        channel.queueDeclare("q", false, false, true, null);
        Deliveries deliveries = Deliveries.autoAck(channel, "q");
        channel.basicCancel(deliveries.tag());
        Channel other = connection.createChannel();
        eventually(() ->
                assertThatThrownBy(() -> connection.createChannel().queueDeclarePassive("q"))
                        .hasStackTraceContaining("NOT_FOUND"));
        other.queueDeclare("q", true, false, false, null);
    }

    @Test
    void consumers_of_a_deleted_queue_are_told() throws Exception {
        channel.queueDeclare("q", false, false, false, null);
        Deliveries deliveries = Deliveries.autoAck(channel, "q");
        broker.connect().createChannel().queueDelete("q");
        eventually(() -> assertThat(deliveries.cancelled()).containsExactly(deliveries.tag()));
    }

    @Test
    void nothing_is_answered_without_waiting_but_the_order_holds() throws Exception {
        channel.exchangeDeclareNoWait("e", "direct", true, false, false, null);
        channel.queueDeclareNoWait("q", true, false, false, null);
        channel.queueBindNoWait("q", "e", "k", null);
        channel.basicPublish("e", "k", null, "x".getBytes(UTF_8));
        assertThat(channel.basicGet("q", true).getBody()).asString(UTF_8).isEqualTo("x");
        channel.queueDeleteNoWait("q", false, false);
        channel.exchangeDeleteNoWait("e", false);
        channel.queueDeclare("q", false, false, true, null);
    }

    @Test
    void an_exclusive_consumer_keeps_others_out() throws Exception {
        channel.queueDeclare("q", false, false, false, null);
        channel.basicConsume("q", true, "", false, true, null, new DefaultConsumer(channel));
        Channel other = broker.connect().createChannel();
        assertThatThrownBy(() -> Deliveries.of(other, "q"))
                .hasStackTraceContaining(
                        "ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use");
    }

    @Test
    void consumer_tags_are_made_up_where_none_is_given() throws Exception {
        channel.queueDeclare("q", false, false, false, null);
        String tag = Deliveries.autoAck(channel, "q").tag();
        assertThat(tag).matches("amq\\.ctag-[A-Za-z0-9_-]{22}");
    }
}
