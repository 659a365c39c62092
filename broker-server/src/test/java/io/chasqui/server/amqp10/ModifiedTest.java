package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.Eventually;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * 1.0 §3.4.5: "Annotation data to be combined with the existing annotations of the message, with new keys
 * replacing existing ones." As in RabbitMQ, in queues of type quorum.
 */
class ModifiedTest {

    private RunningBroker broker;
    private Channel channel;
    private Amqp10Peer peer;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        declare("q", "quorum");
        channel.queueDeclare("dead", true, false, false, Map.of());
        begin();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private void declare(String queue, String type) throws Exception {
        Map<String, Object> arguments =
                Map.of(
                        "x-queue-type",
                        type,
                        "x-dead-letter-exchange",
                        "",
                        "x-dead-letter-routing-key",
                        "dead");
        channel.queueDeclare(queue, true, false, false, arguments);
    }

    private void begin() throws Exception {
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
    }

    private static Modified modified(Object... annotations) {
        Map<Object, Object> map = new HashMap<>();
        for (int i = 0; i < annotations.length; i += 2) {
            map.put(annotations[i], annotations[i + 1]);
        }
        Modified modified = new Modified();
        modified.setMessageAnnotations(map);
        return modified;
    }

    private static Modified dead(Modified modified) {
        modified.setDeliveryFailed(true);
        modified.setUndeliverableHere(true);
        return modified;
    }

    private static Symbol symbol(String name) {
        return Symbol.valueOf(name);
    }

    private Message next() throws Exception {
        peer.awaits(Transfer.class);
        Message message = Proton.message();
        message.decode(peer.payload(), 0, peer.payload().length);
        return message;
    }

    private Map<String, Object> annotations() throws Exception {
        Map<String, Object> annotations = new HashMap<>();
        next().getMessageAnnotations()
                .getValue()
                .forEach((name, value) -> annotations.put(name.toString(), value));
        return annotations;
    }

    private void restsUntil(Object time) throws Exception {
        publish("q");
        peer.attachesReceiver(0, "/queues/q", 1).awaits(Transfer.class);
        peer.settles(0, modified(symbol("x-opt-delivery-time"), time));
        hasNothing(1);
        broker.clock().advance(Duration.ofSeconds(59));
        hasNothing(2);
        peer.grants(0, 3, 1, false);
        broker.clock().advance(Duration.ofSeconds(1));
        assertThat(annotations()).containsEntry("x-opt-delivery-time", time);
    }

    private void hasNothing(int received) throws Exception {
        peer.grants(0, received, 1, true);
        assertThat(peer.expects(Flow.class).getLinkCredit()).isEqualTo(UnsignedInteger.ZERO);
    }

    @Test
    void a_message_rests_until_the_time_that_its_client_names() throws Exception {
        restsUntil(broker.clock().wallMs() + 60_000);
    }

    @Test
    void the_time_may_be_a_timestamp() throws Exception {
        restsUntil(new Date(broker.clock().wallMs() + 60_000));
    }

    @Test
    void a_time_that_is_over_or_makes_no_sense_delays_nothing() throws Exception {
        publish("q");
        peer.attachesReceiver(0, "/queues/q", 5).awaits(Transfer.class);
        int id = 0;
        for (Object time : List.of(1L, -1, Long.MIN_VALUE, "tomorrow")) {
            peer.settles(id, modified(symbol("x-opt-delivery-time"), time));
            assertThat(annotations()).containsEntry("x-opt-delivery-time", time);
            id++;
        }
    }

    @Test
    void a_classic_queue_takes_no_notice_of_the_time() throws Exception {
        declare("classic", "classic");
        publish("classic");
        peer.attachesReceiver(0, "/queues/classic", 5).awaits(Transfer.class);
        peer.settles(0, modified(symbol("x-opt-delivery-time"), Long.MAX_VALUE));
        assertThat(next().getDeliveryCount()).isZero();
    }

    @Test
    void the_client_s_time_counts_for_more_than_the_queue_s() throws Exception {
        Map<String, Object> delays =
                Map.of(
                        "x-queue-type",
                        "quorum",
                        "x-delayed-retry-type",
                        "all",
                        "x-delayed-retry-min",
                        600_000);
        channel.queueDeclare("slow", true, false, false, delays);
        publish("slow");
        peer.attachesReceiver(0, "/queues/slow", 1).awaits(Transfer.class);
        long soon = broker.clock().wallMs() + 60_000;
        peer.settles(0, modified(symbol("x-opt-delivery-time"), soon));
        hasNothing(1);
        peer.grants(0, 2, 1, false);
        broker.clock().advance(Duration.ofMinutes(1));
        assertThat(annotations()).containsEntry("x-acquired-count", 1L);
    }

    private void publish(String queue) throws Exception {
        peer.attachesSender(9, "/queues/" + queue);
        assertThat(peer.publishes(9, Messages.durable("it"))).isInstanceOf(Accepted.class);
    }

    @Test
    void annotations_are_combined_with_those_of_the_message() throws Exception {
        publish("q");
        peer.attachesReceiver(0, "/queues/q", 5);
        assertThat(annotations()).doesNotContainKey("x-opt-a");
        peer.settles(0, modified(symbol("x-opt-a"), "one", symbol("x-opt-b"), List.of(1, 2)));
        assertThat(annotations())
                .containsEntry("x-opt-a", "one")
                .containsEntry("x-opt-b", List.of(1, 2))
                .containsEntry("x-acquired-count", 1L)
                .containsEntry("x-routing-key", "q");
        peer.settles(1, modified(symbol("x-opt-a"), "two", symbol("x-opt-c"), Map.of("k", "v")));
        assertThat(annotations())
                .containsEntry("x-opt-a", "two")
                .containsEntry("x-opt-b", List.of(1, 2))
                .containsEntry("x-opt-c", Map.of("k", "v"));
        peer.settles(2, new Modified());
        assertThat(annotations()).containsEntry("x-opt-a", "two");
        peer.settles(3, Accepted.getInstance());
        Eventually.eventually(() -> assertThat(bytesTaken()).isZero());
    }

    private long bytesTaken() {
        return broker.broker().store().annotationRoom().taken();
    }

    @Test
    void a_message_of_0_9_1_has_them_as_headers() throws Exception {
        BasicProperties properties =
                new BasicProperties.Builder()
                        .deliveryMode(2)
                        .headers(Map.of("x-opt-a", "old", "h", "v"))
                        .build();
        channel.basicPublish("", "q", properties, "it".getBytes(UTF_8));
        peer.attachesReceiver(0, "/queues/q", 1);
        assertThat(annotations()).containsEntry("x-opt-a", "old");
        peer.settles(0, modified(symbol("x-opt-a"), "new", symbol("x-opt-n"), 7));
        Eventually.eventually(() -> assertThat(channel.messageCount("q")).isOne());
        GetResponse got = channel.basicGet("q", true);
        assertThat(got.getBody()).asString().isEqualTo("it");
        assertThat(got.getProps().getHeaders())
                .containsEntry("x-opt-n", 7)
                .hasEntrySatisfying("h", value -> assertThat(value).hasToString("v"))
                .hasEntrySatisfying("x-opt-a", value -> assertThat(value).hasToString("new"));
    }

    @Test
    void a_classic_queue_does_not_keep_them() throws Exception {
        declare("classic", "classic");
        publish("classic");
        peer.attachesReceiver(0, "/queues/classic", 5).awaits(Transfer.class);
        peer.settles(0, modified(symbol("x-opt-a"), "one"));
        assertThat(annotations()).containsOnlyKeys("x-exchange", "x-routing-key");
    }

    @Test
    void a_dead_letter_has_them_and_counts_the_failure() throws Exception {
        publish("q");
        peer.attachesReceiver(0, "/queues/q", 5).awaits(Transfer.class);
        peer.settles(0, dead(modified(symbol("x-opt-a"), "why", symbol("x-opt-deaths"), "mine")));
        peer.attachesReceiver(1, "/queues/dead", 5);
        Message dead = next();
        assertThat(dead.getDeliveryCount()).isOne();
        assertThat(dead.getMessageAnnotations().getValue())
                .containsEntry(symbol("x-opt-a"), "why")
                .doesNotContainEntry(symbol("x-opt-deaths"), "mine")
                .containsKey(symbol("x-first-death-reason"));
    }

    @Test
    void a_rejected_message_counts_as_a_failure_of_its_dead_letter() throws Exception {
        declare("classic", "classic");
        for (String queue : List.of("q", "classic")) {
            publish(queue);
            peer.attachesReceiver(0, "/queues/" + queue, 5).awaits(Transfer.class);
            peer.settles(0, new Rejected());
            peer.attachesReceiver(1, "/queues/dead", 1);
            assertThat(next().getDeliveryCount()).isOne();
            peer.settles(1, Accepted.getInstance());
            peer.close();
            begin();
        }
    }

    @Test
    void they_survive_a_restart() throws Exception {
        publish("q");
        peer.attachesReceiver(0, "/queues/q", 5).awaits(Transfer.class);
        peer.settles(0, modified(symbol("x-opt-a"), "kept")).awaits(Transfer.class);
        peer.close();
        broker.restart();
        begin();
        peer.attachesReceiver(0, "/queues/q", 5);
        assertThat(annotations()).containsEntry("x-opt-a", "kept");
        peer.settles(0, Accepted.getInstance());
        Eventually.eventually(() -> assertThat(bytesTaken()).isZero());
    }

    @Test
    void a_message_in_parts_has_them_too() throws Exception {
        byte[] body = new byte[3 << 20];
        channel.basicPublish("", "q", new BasicProperties.Builder().deliveryMode(2).build(), body);
        peer.attachesReceiver(0, "/queues/q", 1).awaits(Transfer.class);
        peer.settles(0, modified(symbol("x-opt-a"), "large"));
        GetResponse[] got = new GetResponse[1];
        Eventually.eventually(() -> assertThat(got[0] = channel.basicGet("q", true)).isNotNull());
        assertThat(got[0].getBody()).hasSameSizeAs(body);
        assertThat(got[0].getProps().getHeaders()).containsKey("x-opt-a");
    }

    @Test
    void a_name_that_is_not_for_clients_ends_the_session() throws Exception {
        publish("q");
        for (Object key : List.of(symbol("plain"), "x-text")) {
            peer.attachesReceiver(0, "/queues/q", 1).awaits(Transfer.class);
            peer.settles(0, modified(key, "v"));
            End end = peer.awaits(End.class);
            assertThat((Object) end.getError().getCondition()).hasToString("amqp:invalid-field");
            peer.sends(0, new End());
            peer.sends(0, Amqp10Peer.newBegin()).awaits(Begin.class);
        }
    }

    @Test
    void what_has_no_room_is_left_out_and_the_message_comes_back() throws Exception {
        publish("q");
        peer.attachesReceiver(0, "/queues/q", 5).awaits(Transfer.class);
        peer.settles(0, modified(symbol("x-opt-a"), "small"));
        assertThat(annotations()).containsEntry("x-opt-a", "small");
        peer.settles(1, modified(symbol("x-opt-b"), "x".repeat(20_000)));
        assertThat(annotations()).containsEntry("x-opt-a", "small").doesNotContainKey("x-opt-b");
    }
}
