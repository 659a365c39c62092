package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.chasqui.server.testing.Deliveries;
import io.chasqui.server.testing.RunningBroker;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** 0-9-1 basic.qos: the bound of each consumer, and the one that a channel's consumers share. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class PrefetchTest {

    private final int eventLoops;
    private RunningBroker broker;
    private Channel channel;

    PrefetchTest(int eventLoops) {
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

    /** A queue whose home is another connection's event loop, with messages in it. */
    private void fill(String queue, int messages) throws Exception {
        Channel publisher = broker.connect().createChannel();
        publisher.queueDeclare(queue, false, false, false, null);
        publisher.confirmSelect();
        for (int i = 0; i < messages; i++) {
            publisher.basicPublish("", queue, null, Integer.toString(i).getBytes(UTF_8));
        }
        publisher.waitForConfirmsOrDie();
    }

    /** Waits until the broker has said all it has to say by now. */
    private void settleDown() throws Exception {
        for (int i = 0; i < 3; i++) {
            channel.queueDeclarePassive("a");
        }
    }

    private long ready(String queue) throws Exception {
        return channel.queueDeclarePassive(queue).getMessageCount();
    }

    @Test
    void each_consumer_has_the_bound_to_itself() throws Exception {
        fill("a", 20);
        channel.basicQos(3, false);
        Deliveries first = Deliveries.of(channel, "a");
        Deliveries second = Deliveries.of(channel, "a");
        eventually(() -> assertThat(ready("a")).isEqualTo(14));
        eventually(() -> assertThat(first.count()).isEqualTo(3));
        eventually(() -> assertThat(second.count()).isEqualTo(3));
    }

    @Test
    void a_bound_sent_again_holds_for_the_consumers_that_are_there() throws Exception {
        fill("a", 20);
        channel.basicQos(2, false);
        Deliveries deliveries = Deliveries.of(channel, "a");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(2));
        channel.basicQos(5, false);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(5));
        channel.basicQos(1, false);
        for (int i = 0; i < 4; i++) {
            deliveries.ack(i);
        }
        settleDown();
        assertThat(deliveries.count()).isEqualTo(5);
        deliveries.ack(4);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(6));
        channel.basicQos(0, false);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(20));
    }

    @Test
    void a_shared_bound_is_for_all_consumers_of_the_channel() throws Exception {
        fill("a", 20);
        fill("b", 20);
        channel.basicQos(3, true);
        Deliveries a = Deliveries.of(channel, "a");
        Deliveries b = Deliveries.of(channel, "b");
        eventually(() -> assertThat(a.count() + b.count()).isEqualTo(3));
        settleDown();
        assertThat(a.count() + b.count()).isEqualTo(3);
        assertThat(ready("a") + ready("b")).isEqualTo(37);
        channel.basicAck(2, true);
        eventually(() -> assertThat(a.count() + b.count()).isEqualTo(5));
        settleDown();
        assertThat(a.count() + b.count()).isEqualTo(5);
    }

    @Test
    void neither_queue_starves_under_a_shared_bound() throws Exception {
        fill("a", 50);
        fill("b", 50);
        channel.basicQos(1, true);
        Deliveries a = Deliveries.of(channel, "a");
        Deliveries b = Deliveries.of(channel, "b");
        for (int tag = 1; tag <= 40; tag++) {
            int expected = tag;
            eventually(() -> assertThat(a.count() + b.count()).isEqualTo(expected));
            channel.basicAck(tag, false);
        }
        assertThat(a.count()).isBetween(15, 26);
        assertThat(b.count()).isBetween(15, 26);
    }

    @Test
    void both_bounds_hold_at_once() throws Exception {
        fill("a", 20);
        fill("b", 20);
        channel.basicQos(2, false);
        channel.basicQos(3, true);
        Deliveries a = Deliveries.of(channel, "a");
        eventually(() -> assertThat(a.count()).isEqualTo(2));
        Deliveries b = Deliveries.of(channel, "b");
        eventually(() -> assertThat(b.count()).isEqualTo(1));
        settleDown();
        assertThat(a.count()).isEqualTo(2);
        assertThat(b.count()).isEqualTo(1);
        a.ackUpTo(1);
        eventually(() -> assertThat(a.count() + b.count()).isEqualTo(5));
        settleDown();
        assertThat(a.count()).isLessThanOrEqualTo(4);
        assertThat(b.count()).isLessThanOrEqualTo(2);
        assertThat(a.count() + b.count()).isEqualTo(5);
    }

    @Test
    void a_shared_bound_counts_what_is_out_already_even_of_cancelled_consumers() throws Exception {
        fill("a", 20);
        channel.basicQos(2, false);
        Deliveries gone = Deliveries.of(channel, "a");
        eventually(() -> assertThat(gone.count()).isEqualTo(2));
        channel.basicCancel(gone.tag());
        channel.basicQos(0, false);
        channel.basicQos(3, true);
        Deliveries next = Deliveries.of(channel, "a");
        eventually(() -> assertThat(next.count()).isEqualTo(1));
        settleDown();
        assertThat(next.count()).isEqualTo(1);
        gone.ackUpTo(1);
        eventually(() -> assertThat(next.count()).isEqualTo(3));
    }

    @Test
    void a_shared_bound_reaches_live_consumers_and_can_be_raised_and_lifted() throws Exception {
        fill("a", 20);
        channel.basicQos(1, false);
        Deliveries deliveries = Deliveries.of(channel, "a");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(1));
        channel.basicQos(2, true);
        channel.basicQos(0, false);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(2));
        settleDown();
        assertThat(deliveries.count()).isEqualTo(2);
        channel.basicQos(4, true);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(4));
        channel.basicQos(0, true);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(20));
    }

    @Test
    void automatic_acknowledgement_waits_for_a_shared_bound_and_does_not_fill_it()
            throws Exception {
        fill("a", 1);
        fill("b", 10);
        channel.basicQos(1, true);
        Deliveries manual = Deliveries.of(channel, "a");
        eventually(() -> assertThat(manual.count()).isEqualTo(1));
        Deliveries automatic = Deliveries.autoAck(channel, "b");
        settleDown();
        assertThat(automatic.count()).isZero();
        manual.ack(0);
        eventually(() -> assertThat(automatic.count()).isEqualTo(10));
    }

    @Test
    void a_place_comes_free_by_nack_reject_and_recover_too() throws Exception {
        fill("a", 6);
        channel.basicQos(2, true);
        Deliveries deliveries = Deliveries.of(channel, "a");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(2));
        channel.basicReject(deliveries.deliveryTag(0), false);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(3));
        channel.basicNack(deliveries.deliveryTag(2), true, false);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(5));
        channel.basicRecover(true);
        eventually(() -> assertThat(deliveries.count()).isEqualTo(7));
        settleDown();
        assertThat(deliveries.count()).isEqualTo(7);
    }

    @Test
    void a_deleted_queue_gives_its_places_back_as_its_messages_are_settled() throws Exception {
        fill("a", 5);
        fill("b", 5);
        channel.basicQos(2, true);
        Deliveries a = Deliveries.of(channel, "a");
        eventually(() -> assertThat(a.count()).isEqualTo(2));
        Deliveries b = Deliveries.of(channel, "b");
        channel.queueDelete("a");
        a.ackUpTo(1);
        eventually(() -> assertThat(b.count()).isEqualTo(2));
    }

    @Test
    void basic_get_is_not_bound() throws Exception {
        fill("a", 5);
        channel.basicQos(1, true);
        channel.basicQos(1, false);
        for (int i = 0; i < 5; i++) {
            GetResponse got = channel.basicGet("a", false);
            assertThat(got.getBody()).asString(UTF_8).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void a_bound_in_octets_is_refused() {
        assertThatThrownBy(() -> channel.basicQos(1, 1, false))
                .hasRootCauseMessage(
                        "connection error; protocol method: #method<connection.close>"
                                + "(reply-code=540, reply-text=NOT_IMPLEMENTED -"
                                + " prefetch_size!=0 (1), class-id=60, method-id=10)");
    }

    @Test
    void many_channels_and_queues_under_shared_bounds_come_through() throws Exception {
        for (String queue : new String[] {"a", "b", "c", "d"}) {
            fill(queue, 300);
        }
        Channel[] channels = {channel, broker.connect().createChannel()};
        java.util.concurrent.atomic.AtomicInteger received =
                new java.util.concurrent.atomic.AtomicInteger();
        for (Channel each : channels) {
            each.basicQos(4, true);
            for (String queue : Stream.of("a", "b", "c", "d").toList()) {
                each.basicConsume(
                        queue,
                        false,
                        (_, delivery) -> {
                            received.incrementAndGet();
                            each.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                        },
                        _ -> {});
            }
        }
        eventually(() -> assertThat(received.get()).isEqualTo(1200));
    }
}
