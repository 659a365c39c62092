package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.chasqui.server.testing.Deliveries;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Times to live and leases as a client sees them; the outcomes and texts are those of a RabbitMQ
 * 4.3.6 that was asked the same.
 */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class TimeToLiveTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Map<String, Object> MINUTE_TO_LIVE = Map.of("x-message-ttl", 60_000);
    private static final Map<String, Object> MINUTE_LEASE = Map.of("x-expires", 60_000);

    private final int eventLoops;
    private RunningBroker broker;
    private Channel channel;

    TimeToLiveTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        channel = broker.connect().createChannel();
        channel.confirmSelect();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void publish(String queue, String expiration, String body) throws Exception {
        AMQP.BasicProperties properties =
                MessageProperties.PERSISTENT_BASIC.builder().expiration(expiration).build();
        channel.basicPublish("", queue, properties, body.getBytes(UTF_8));
        channel.waitForConfirmsOrDie(20_000);
    }

    /** Without asking as a client would, which renews the lease. */
    private boolean exists(String queue) {
        return broker.broker().vhosts().existing("/").queue(queue) != null;
    }

    @Test
    void the_shorter_of_queue_and_message_counts_and_the_property_is_left_as_it_was()
            throws Exception {
        channel.queueDeclare("q", true, false, false, MINUTE_TO_LIVE);
        publish("q", "7000000", "queue's");
        publish("q", null, "none");
        GetResponse kept = channel.basicGet("q", true);
        assertThat(kept.getProps().getExpiration()).isEqualTo("7000000");
        publish("q", "30000", "own");
        assertThat(channel.messageCount("q")).isEqualTo(2);
        broker.clock().advance(MINUTE.dividedBy(2));
        assertThat(channel.messageCount("q")).as("not the one behind a longer life").isEqualTo(1);
        broker.clock().advance(MINUTE.dividedBy(2));
        assertThat(channel.messageCount("q")).isZero();
        assertThat(channel.basicGet("q", true)).isNull();
    }

    @Test
    void what_get_tells_to_remain_has_not_expired_behind_the_message() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        publish("q", "1000", "expires");
        publish("q", null, "stays");
        publish("q", "1000", "expires too");
        broker.clock().advance(MINUTE);
        GetResponse got = channel.basicGet("q", true);
        assertThat(new String(got.getBody(), UTF_8)).isEqualTo("stays");
        assertThat(got.getMessageCount()).isZero();
    }

    @Test
    void a_time_to_live_of_0_means_now_or_never() throws Exception {
        channel.queueDeclare("q", true, false, false, Map.of("x-message-ttl", 0));
        publish("q", null, "nobody there");
        assertThat(channel.messageCount("q")).isZero();
        channel.queueDeclare("own", true, false, false, null);
        publish("own", "0", "nobody there");
        assertThat(channel.basicGet("own", true)).isNull();
        Deliveries queues = Deliveries.autoAck(channel, "q");
        Deliveries own = Deliveries.autoAck(channel, "own");
        publish("q", null, "a");
        publish("own", "0", "b");
        eventually(() -> assertThat(queues.bodies()).containsExactly("a"));
        eventually(() -> assertThat(own.bodies()).containsExactly("b"));
    }

    @Test
    void what_is_out_does_not_expire_and_what_comes_back_does() throws Exception {
        channel.queueDeclare("q", true, false, false, MINUTE_TO_LIVE);
        channel.basicQos(1);
        Deliveries deliveries = Deliveries.of(channel, "q");
        publish("q", null, "a");
        publish("q", null, "b");
        eventually(() -> assertThat(deliveries.bodies()).containsExactly("a"));
        broker.clock().advance(MINUTE);
        assertThat(channel.messageCount("q")).isZero();
        channel.basicNack(1, false, true);
        assertThat(channel.messageCount("q")).isZero();
        assertThat(deliveries.bodies()).containsExactly("a");
    }

    @Test
    void expired_messages_neither_count_in_a_purge_nor_keep_a_queue_from_being_empty()
            throws Exception {
        channel.queueDeclare("q", true, false, false, MINUTE_TO_LIVE);
        publish("q", null, "a");
        broker.clock().advance(MINUTE);
        assertThat(channel.queuePurge("q").getMessageCount()).isZero();
        publish("q", null, "b");
        broker.clock().advance(MINUTE);
        channel.queueDelete("q", false, true);
        assertThat(exists("q")).isFalse();
    }

    @Test
    void times_go_on_over_a_restart() throws Exception {
        channel.queueDeclare("q", true, false, false, MINUTE_TO_LIVE);
        channel.queueDeclare("own", true, false, false, null);
        publish("q", null, "a");
        publish("own", "60000", "b");
        broker.restart();
        channel = broker.connect().createChannel();
        assertThat(channel.messageCount("q")).isEqualTo(1);
        assertThat(channel.messageCount("own")).isEqualTo(1);
        broker.clock().advance(MINUTE);
        eventually(() -> assertThat(channel.messageCount("q")).isZero());
        eventually(() -> assertThat(channel.messageCount("own")).isZero());
    }

    @Test
    void a_time_to_live_counts_from_the_commit_of_its_transaction() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        Channel transactional = broker.connect().createChannel();
        transactional.txSelect();
        AMQP.BasicProperties minute =
                MessageProperties.PERSISTENT_BASIC.builder().expiration("60000").build();
        transactional.basicPublish("", "q", minute, new byte[1]);
        broker.clock().advance(MINUTE);
        transactional.txCommit();
        assertThat(channel.messageCount("q")).isEqualTo(1);
        broker.clock().advance(MINUTE);
        assertThat(channel.messageCount("q")).isZero();
    }

    /** Celery's remote control and events: queues that clean up after their programs. */
    @Test
    void the_queues_of_celerys_workers_go_when_the_workers_are_gone() throws Exception {
        channel.exchangeDeclare("celeryev", "topic", true);
        channel.queueDeclare(
                "celeryev.1",
                false,
                false,
                true,
                Map.of("x-expires", 60_000, "x-message-ttl", 5_000));
        channel.queueBind("celeryev.1", "celeryev", "#");
        channel.basicPublish("celeryev", "worker.heartbeat", null, new byte[1]);
        channel.waitForConfirmsOrDie(20_000);
        assertThat(channel.messageCount("celeryev.1")).isEqualTo(1);
        broker.clock().advance(Duration.ofSeconds(5));
        assertThat(channel.messageCount("celeryev.1")).isZero();
        broker.clock().advance(MINUTE);
        eventually(() -> assertThat(exists("celeryev.1")).isFalse());
        channel.queueUnbind("celeryev.1", "celeryev", "#");
    }

    @Test
    void an_auto_delete_exchange_goes_with_the_last_queue_whose_lease_ends() throws Exception {
        channel.exchangeDeclare("x", "fanout", false, true, null);
        channel.queueDeclare("q", true, false, false, MINUTE_LEASE);
        channel.queueBind("q", "x", "");
        broker.clock().advance(MINUTE);
        eventually(() ->
                assertThatThrownBy(
                                () -> broker.connect().createChannel().exchangeDeclarePassive("x"))
                        .rootCause()
                        .hasMessageContaining("no exchange 'x' in vhost '/'"));
    }

    @Test
    void an_acknowledgement_after_the_end_of_the_lease_is_taken() throws Exception {
        channel.queueDeclare("q", true, false, false, MINUTE_LEASE);
        publish("q", null, "a");
        long tag = channel.basicGet("q", false).getEnvelope().getDeliveryTag();
        broker.clock().advance(MINUTE);
        eventually(() -> assertThat(exists("q")).isFalse());
        channel.basicAck(tag, false);
        channel.queueDeclare("q", true, false, false, MINUTE_LEASE);
        assertThat(channel.messageCount("q")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "abc             | 'abc': no_integer",
                "1.5             | '1.5': {leftover_string,\".5\"}",
                "12x             | '12x': {leftover_string,\"x\"}",
                "-1              | '-1': {value_negative,-1}",
                "315360000001    | '315360000001': {value_too_large,315360000001}",
            })
    void an_expiration_that_makes_no_sense_is_refused(String expiration, String fault) {
        assertRefused(expiration, fault);
    }

    private void assertRefused(String expiration, String fault) {
        assertThatThrownBy(() -> publish("q", expiration, "a"))
                .isInstanceOfAny(ShutdownSignalException.class, AlreadyClosedException.class)
                .hasMessageContaining("reply-code=406")
                .hasMessageContaining("PRECONDITION_FAILED - invalid expiration " + fault);
    }

    @Test
    void a_fault_too_long_for_a_line_is_broken_where_rabbitmq_breaks_it() {
        String number = "99999999999999999999";
        assertRefused(
                number, "'" + number + "': {value_too_large,\n" + " ".repeat(44) + number + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "+5", "4294967296", "315360000000", "007"})
    void any_other_number_of_milliseconds_will_do(String expiration) throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        publish("q", expiration, "a");
        assertThat(channel.isOpen()).isTrue();
    }
}
