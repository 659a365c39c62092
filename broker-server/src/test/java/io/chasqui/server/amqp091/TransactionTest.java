package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.Deliveries;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** 0-9-1 tx class: what a channel publishes and settles takes effect at the commit, or never. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class TransactionTest {

    private final int eventLoops;
    private RunningBroker broker;
    private Channel other;
    private Connection connection;
    private Channel channel;

    TransactionTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        other = broker.connect().createChannel();
        other.queueDeclare("a", true, false, false, null);
        broker.connect().createChannel().queueDeclare("b", true, false, false, null);
        connection = broker.connect();
        channel = connection.createChannel();
        channel.txSelect();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private static void publish(Channel to, String queue, String... bodies) throws IOException {
        for (String body : bodies) {
            to.basicPublish(
                    "", queue, MessageProperties.PERSISTENT_TEXT_PLAIN, body.getBytes(UTF_8));
        }
    }

    /** Publishes past the transaction and waits until the messages are there. */
    private void given(String queue, String... bodies) throws Exception {
        Channel direct = broker.connect().createChannel();
        direct.confirmSelect();
        publish(direct, queue, bodies);
        direct.waitForConfirmsOrDie();
    }

    private long ready(String queue) throws Exception {
        return other.queueDeclarePassive(queue).getMessageCount();
    }

    private static List<String> drain(Channel from, String queue) throws Exception {
        List<String> bodies = new ArrayList<>();
        for (GetResponse next = from.basicGet(queue, true);
                next != null;
                next = from.basicGet(queue, true)) {
            bodies.add(new String(next.getBody(), UTF_8));
        }
        return bodies;
    }

    @Test
    void messages_are_seen_at_the_commit_and_in_order() throws Exception {
        publish(channel, "a", "1", "2");
        publish(channel, "b", "3");
        publish(channel, "a", "4");
        assertThat(channel.queueDeclarePassive("a").getMessageCount()).isZero();
        channel.txCommit();
        assertThat(drain(other, "a")).containsExactly("1", "2", "4");
        assertThat(drain(other, "b")).containsExactly("3");
    }

    @Test
    void a_rollback_forgets_them_and_the_next_transaction_begins() throws Exception {
        publish(channel, "a", "1");
        channel.txRollback();
        publish(channel, "a", "2");
        channel.txCommit();
        channel.txCommit();
        assertThat(drain(other, "a")).containsExactly("2");
    }

    @Test
    void select_again_changes_nothing() throws Exception {
        publish(channel, "a", "1");
        channel.txSelect();
        channel.txCommit();
        assertThat(drain(other, "a")).containsExactly("1");
    }

    @Test
    void a_commit_survives_a_restart_whole() throws Exception {
        given("a", "old");
        long tag = channel.basicGet("a", false).getEnvelope().getDeliveryTag();
        channel.basicAck(tag, false);
        publish(channel, "a", "1");
        publish(channel, "b", "2");
        byte[] large = new byte[3 << 20];
        Arrays.fill(large, (byte) 'x');
        channel.basicPublish("", "b", MessageProperties.PERSISTENT_BASIC, large);
        channel.txCommit();
        broker.restart();
        Channel after = broker.connect().createChannel();
        assertThat(drain(after, "a")).containsExactly("1");
        assertThat(drain(after, "b")).containsExactly("2", new String(large, UTF_8));
    }

    @Test
    void an_acknowledgement_takes_effect_at_the_commit() throws Exception {
        given("a", "1");
        long tag = channel.basicGet("a", false).getEnvelope().getDeliveryTag();
        channel.basicAck(tag, false);
        channel.txRollback();
        channel.basicAck(tag, false);
        channel.txCommit();
        channel.basicRecover(true);
        assertThat(ready("a")).isZero();
    }

    @Test
    void what_was_acknowledged_in_vain_goes_back_when_the_channel_closes() throws Exception {
        given("a", "1", "2", "3");
        for (int i = 0; i < 3; i++) {
            channel.basicGet("a", false);
        }
        channel.basicAck(2, false);
        channel.basicAck(1, true);
        publish(channel, "b", "never");
        channel.close();
        assertThat(drain(other, "a")).containsExactly("1", "2", "3");
        assertThat(ready("b")).isZero();
    }

    @Test
    void the_end_of_the_connection_is_a_rollback() throws Exception {
        given("a", "1");
        channel.basicGet("a", false);
        channel.basicAck(1, false);
        publish(channel, "b", "never");
        connection.abort();
        eventually(() -> assertThat(ready("a")).isEqualTo(1));
        assertThat(ready("b")).isZero();
    }

    @Test
    void a_tag_can_be_acknowledged_once_in_a_transaction() throws Exception {
        given("a", "1");
        channel.basicGet("a", false);
        channel.basicAck(1, false);
        channel.basicAck(1, false);
        assertThatThrownBy(() -> channel.txCommit())
                .hasStackTraceContaining(
                        "reply-code=406, reply-text=PRECONDITION_FAILED - unknown delivery tag 1");
        eventually(() -> assertThat(ready("a")).isEqualTo(1));
    }

    @Test
    void nack_and_reject_wait_for_the_commit_too() throws Exception {
        given("a", "1", "2", "3");
        for (int i = 0; i < 3; i++) {
            channel.basicGet("a", false);
        }
        channel.basicNack(2, true, true);
        channel.basicReject(3, false);
        assertThat(channel.basicGet("a", false)).isNull();
        channel.txCommit();
        GetResponse again = channel.basicGet("a", true);
        assertThat(again.getBody()).asString(UTF_8).isEqualTo("1");
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
        assertThat(drain(channel, "a")).containsExactly("2");
    }

    @Test
    void recover_leaves_alone_what_the_transaction_settled() throws Exception {
        given("a", "1", "2");
        channel.basicGet("a", false);
        channel.basicGet("a", false);
        channel.basicAck(1, false);
        channel.basicRecover(true);
        assertThat(drain(channel, "a")).containsExactly("2");
        channel.txRollback();
        channel.basicRecover(true);
        assertThat(drain(channel, "a")).containsExactly("1");
    }

    @Test
    void prefetch_counts_a_delivery_until_the_commit() throws Exception {
        given("a", "1", "2", "3", "4", "5");
        channel.basicQos(2);
        Deliveries deliveries = Deliveries.of(channel, "a");
        eventually(() -> assertThat(deliveries.count()).isEqualTo(2));
        channel.basicAck(2, true);
        for (int i = 0; i < 3; i++) {
            channel.queueDeclarePassive("a");
        }
        assertThat(deliveries.count()).isEqualTo(2);
        channel.txCommit();
        eventually(() -> assertThat(deliveries.count()).isEqualTo(4));
    }

    @Test
    void an_unroutable_message_is_returned_at_the_commit() throws Exception {
        List<String> returned = new CopyOnWriteArrayList<>();
        channel.addReturnListener(message -> returned.add(new String(message.getBody(), UTF_8)));
        channel.basicPublish("", "nowhere", true, null, "1".getBytes(UTF_8));
        channel.basicPublish("", "nowhere", false, null, "2".getBytes(UTF_8));
        channel.basicPublish("", "nowhere", true, null, "3".getBytes(UTF_8));
        channel.queueDeclare("nowhere", false, false, false, null);
        assertThat(returned).isEmpty();
        channel.txCommit();
        assertThat(returned).containsExactly("1", "3");
        assertThat(ready("nowhere")).isZero();
    }

    @Test
    void a_missing_exchange_is_told_at_the_publish() {
        assertThatThrownBy(
                        () -> {
                            channel.basicPublish("nosuch", "k", null, "1".getBytes(UTF_8));
                            channel.queueDeclarePassive("a");
                        })
                .hasStackTraceContaining(
                        "reply-code=404, reply-text=NOT_FOUND - no exchange 'nosuch' in vhost '/'");
    }

    @Test
    void a_queue_deleted_before_the_commit_takes_nothing_more() throws Exception {
        given("a", "1");
        channel.basicGet("a", false);
        channel.basicAck(1, false);
        publish(channel, "a", "2");
        publish(channel, "b", "3");
        other.queueDelete("a");
        channel.txCommit();
        other.queueDeclare("a", true, false, false, null);
        assertThat(ready("a")).isZero();
        assertThat(drain(other, "b")).containsExactly("3");
    }

    @Test
    void a_transaction_too_large_is_refused_and_rolled_back() throws Exception {
        assertThatThrownBy(
                        () -> {
                            byte[] body = new byte[100_000];
                            for (int i = 0; i < 1000; i++) {
                                channel.basicPublish("", "a", null, body);
                            }
                            channel.txCommit();
                        })
                .isInstanceOfAny(AlreadyClosedException.class, IOException.class);
        assertThat(channel.getCloseReason())
                .hasMessageContaining("PRECONDITION_FAILED - transaction is larger than the ");
        assertThat(ready("a")).isZero();
        Channel next = connection.createChannel();
        next.txSelect();
        publish(next, "a", "1");
        next.txCommit();
        assertThat(ready("a")).isEqualTo(1);
    }

    @Test
    void large_bodies_do_not_count_as_memory() throws Exception {
        byte[] body = new byte[3 << 20];
        for (int i = 0; i < 8; i++) {
            channel.basicPublish("", "a", MessageProperties.PERSISTENT_BASIC, body);
        }
        channel.txRollback();
        for (int i = 0; i < 8; i++) {
            channel.basicPublish("", "a", MessageProperties.PERSISTENT_BASIC, body);
        }
        channel.txCommit();
        assertThat(drain(other, "a")).hasSize(8);
    }

    @Test
    void a_commit_of_acknowledgements_is_never_held_up_by_an_alarm() throws Exception {
        given("a", "1");
        broker.shortOfDisk(true);
        channel.basicGet("a", false);
        channel.basicAck(1, false);
        channel.txCommit();
        broker.shortOfDisk(false);
        assertThat(ready("a")).isZero();
    }
}
