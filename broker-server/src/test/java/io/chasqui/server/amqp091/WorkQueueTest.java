package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.Deliveries;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers that share a queue: who gets what, and what becomes of what is not acknowledged. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class WorkQueueTest {

    private final int eventLoops;
    private RunningBroker broker;
    private Channel publisher;

    WorkQueueTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        publisher = broker.connect().createChannel();
        publisher.queueDeclare("work", true, false, false, null);
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void publish(int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            publisher.basicPublish(
                    "",
                    "work",
                    MessageProperties.PERSISTENT_TEXT_PLAIN,
                    Integer.toString(i).getBytes(UTF_8));
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    private Channel newChannel() throws Exception {
        return broker.connect().createChannel();
    }

    private long ready() throws Exception {
        return publisher.queueDeclarePassive("work").getMessageCount();
    }

    @Test
    void messages_come_in_the_order_they_were_published() throws Exception {
        publish(1, 5000);
        Deliveries deliveries = Deliveries.autoAck(newChannel(), "work");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(5000));
        assertThat(deliveries.bodies()).isEqualTo(numbers(1, 5000));
        assertThat(deliveries.redelivered()).doesNotContain(true);
    }

    @Test
    void prefetch_bounds_what_is_out_unacknowledged() throws Exception {
        Channel channel = newChannel();
        channel.basicQos(3);
        Deliveries deliveries = Deliveries.of(channel, "work");
        publish(1, 10);
        eventually(() -> assertThat(deliveries.bodies()).containsExactly("1", "2", "3"));
        eventually(() -> assertThat(ready()).isEqualTo(7));
        deliveries.ack(1);
        eventually(() -> assertThat(deliveries.bodies()).containsExactly("1", "2", "3", "4"));
        deliveries.ackUpTo(3);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(7));
    }

    @Test
    void consumers_are_served_in_turn() throws Exception {
        Deliveries first = Deliveries.autoAck(newChannel(), "work");
        Deliveries second = Deliveries.autoAck(newChannel(), "work");
        for (int i = 1; i <= 6; i++) {
            publish(i, i);
            int expected = i;
            eventually(() -> assertThat(first.count() + second.count()).isEqualTo(expected));
        }
        assertThat(first.bodies()).containsExactly("1", "3", "5");
        assertThat(second.bodies()).containsExactly("2", "4", "6");
    }

    @Test
    void closing_a_channel_puts_messages_back_in_their_order_and_flags_them() throws Exception {
        publish(1, 10);
        Channel channel = newChannel();
        Deliveries deliveries = Deliveries.of(channel, "work");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(10));
        deliveries.ack(2);
        deliveries.ack(6);
        channel.close();
        eventually(() -> assertThat(ready()).isEqualTo(8));
        Deliveries again = Deliveries.autoAck(newChannel(), "work");
        eventually(() ->
                assertThat(again.bodies())
                        .containsExactly("1", "2", "4", "5", "6", "8", "9", "10"));
        assertThat(again.redelivered()).doesNotContain(false);
    }

    @Test
    void killing_a_client_puts_messages_back() throws Exception {
        publish(1, 3);
        Connection doomed = broker.connect();
        Deliveries deliveries = Deliveries.of(doomed.createChannel(), "work");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(3));
        doomed.abort();
        Deliveries again = Deliveries.autoAck(newChannel(), "work");
        eventually(() -> assertThat(again.bodies()).containsExactly("1", "2", "3"));
        assertThat(again.redelivered()).doesNotContain(false);
    }

    @Test
    void nack_with_requeue_puts_a_message_back_to_its_place() throws Exception {
        publish(1, 4);
        Channel channel = newChannel();
        channel.basicQos(2);
        Deliveries deliveries = Deliveries.of(channel, "work");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(2));
        channel.basicNack(deliveries.deliveryTag(0), false, true);
        eventually(() -> assertThat(deliveries.bodies()).containsExactly("1", "2", "1"));
        assertThat(deliveries.redelivered()).containsExactly(false, false, true);
    }

    @Test
    void nack_of_several_and_reject_without_requeue_drop_messages() throws Exception {
        publish(1, 4);
        Channel channel = newChannel();
        Deliveries deliveries = Deliveries.of(channel, "work");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(4));
        channel.basicNack(deliveries.deliveryTag(2), true, false);
        channel.basicReject(deliveries.deliveryTag(3), false);
        channel.close();
        eventually(() -> assertThat(ready()).isZero());
    }

    @Test
    void recover_redelivers_what_is_unacknowledged() throws Exception {
        publish(1, 3);
        Channel channel = newChannel();
        Deliveries deliveries = Deliveries.of(channel, "work");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(3));
        deliveries.ack(0);
        channel.basicRecover(true);
        eventually(() -> assertThat(deliveries.bodies()).containsExactly("1", "2", "3", "2", "3"));
        assertThat(deliveries.redelivered()).containsExactly(false, false, false, true, true);
    }

    @Test
    void ack_with_multiple_and_tag_0_acknowledges_everything() throws Exception {
        publish(1, 5);
        Channel channel = newChannel();
        Deliveries deliveries = Deliveries.of(channel, "work");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(5));
        channel.basicAck(0, true);
        channel.close();
        assertThat(ready()).isZero();
    }

    @Test
    void a_cancelled_consumer_may_still_acknowledge() throws Exception {
        publish(1, 2);
        Channel channel = newChannel();
        Deliveries deliveries = Deliveries.of(channel, "work");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(2));
        channel.basicCancel(deliveries.tag());
        publish(3, 3);
        deliveries.ack(0);
        channel.close();
        eventually(() -> assertThat(ready()).isEqualTo(2));
        assertThat(deliveries.count()).isEqualTo(2);
    }

    @Test
    void large_and_small_messages_keep_their_octets() throws Exception {
        Deliveries deliveries = Deliveries.autoAck(newChannel(), "work");
        int[] sizes = {0, 1, 4095, 4096, 131_063, 131_064, 131_065, 300_000, 7};
        for (int size : sizes) {
            byte[] body = new byte[size];
            for (int i = 0; i < size; i++) {
                body[i] = (byte) ('a' + i % 26);
            }
            publisher.basicPublish("", "work", null, body);
        }
        eventually(() -> assertThat(deliveries.count()).isEqualTo(sizes.length));
        for (int i = 0; i < sizes.length; i++) {
            String body = deliveries.bodies().get(i);
            assertThat(body).hasSize(sizes[i]);
            assertThat(body.chars().filter(c -> c < 'a' || c > 'z').count()).isZero();
        }
    }
}
