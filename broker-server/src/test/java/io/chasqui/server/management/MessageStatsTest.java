package io.chasqui.server.management;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the {@code message_stats} of exchanges, channels and virtual hosts count, as in RabbitMQ 4.3.6. */
class MessageStatsTest {

    private RunningBroker broker;
    private ManagementClient guest;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(2);
        guest = ManagementClient.of(broker);
    }

    @AfterEach
    void stop() throws Exception {
        guest.close();
        broker.close();
    }

    /** Without the rates. */
    private static Map<String, Object> stats(Map<String, Object> fields) {
        Map<String, Object> stats = new TreeMap<>();
        if (fields.get("message_stats") instanceof Map<?, ?> all) {
            all.forEach((name, value) -> {
                if (value instanceof Number number) {
                    assertThat(all.get(name + "_details")).isEqualTo(Map.of("rate", 0.0));
                    stats.put(String.valueOf(name), number.intValue());
                }
            });
        }
        return stats;
    }

    private Map<String, Object> exchange(String name) throws Exception {
        return stats(guest.get("exchanges/%2F/" + name).object());
    }

    private List<Map<String, Object>> channels() throws Exception {
        return guest.get("channels").list().stream().map(MessageStatsTest::stats).toList();
    }

    @Test
    void an_exchange_tells_what_was_published_to_it_and_how_many_copies_queues_got()
            throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.exchangeDeclare("first", "fanout");
        channel.exchangeDeclare("second", "fanout");
        channel.exchangeBind("second", "first", "");
        for (String queue : List.of("a", "b")) {
            channel.queueDeclare(queue, false, false, false, null);
            channel.queueBind(queue, "second", "");
        }
        channel.exchangeDeclare("nowhere", "fanout");
        channel.basicPublish("first", "", null, new byte[1]);
        channel.basicPublish("first", "", null, new byte[1]);
        channel.basicPublish("", "a", null, new byte[1]);
        channel.basicPublish("nowhere", "", null, new byte[1]);
        channel.waitForConfirmsOrDie();
        assertThat(exchange("first")).isEqualTo(Map.of("publish_in", 2, "publish_out", 4));
        assertThat(exchange("second")).isEmpty();
        assertThat(exchange("nowhere")).isEqualTo(Map.of("publish_in", 1));
        assertThat(exchange("amq.default")).isEqualTo(Map.of("publish_in", 1, "publish_out", 1));
        assertThat(
                        guest.get("exchanges/%2F").list().stream()
                                .filter(each -> each.get("name").equals("first"))
                                .map(MessageStatsTest::stats))
                .containsExactly(Map.of("publish_in", 2, "publish_out", 4));
    }

    @Test
    void what_several_connections_publish_to_an_exchange_adds_up() throws Exception {
        for (int i = 0; i < 4; i++) {
            Channel channel = broker.connect().createChannel();
            channel.confirmSelect();
            channel.basicPublish("amq.topic", "k", null, new byte[1]);
            channel.waitForConfirmsOrDie();
        }
        assertThat(exchange("amq.topic")).isEqualTo(Map.of("publish_in", 4));
    }

    @Test
    void an_exchange_that_is_declared_again_begins_at_nothing() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.exchangeDeclare("x", "direct");
        channel.basicPublish("x", "", null, new byte[1]);
        channel.waitForConfirmsOrDie();
        channel.exchangeDelete("x");
        channel.exchangeDeclare("x", "direct");
        assertThat(exchange("x")).isEmpty();
    }

    @Test
    void a_channel_tells_what_it_published() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.queueDeclare("q", false, false, false, null);
        assertThat(channels()).containsExactly(Map.of());
        channel.confirmSelect();
        channel.basicPublish("", "q", null, new byte[1]);
        channel.basicPublish("", "none", null, new byte[1]);
        channel.basicPublish("", "none", true, null, new byte[1]);
        channel.basicPublish("", "none", true, null, new byte[1]);
        channel.waitForConfirmsOrDie();
        Map<String, Object> published =
                Map.of("publish", 4, "confirm", 4, "drop_unroutable", 1, "return_unroutable", 2);
        assertThat(channels()).containsExactly(published);
        assertThat(stats(guest.get("vhosts/%2F").object())).isEqualTo(published);
    }

    @Test
    void a_channel_tells_what_went_out_over_it() throws Exception {
        Channel publishing = broker.connect().createChannel();
        publishing.confirmSelect();
        for (String queue : List.of("acked", "automatic", "got")) {
            publishing.queueDeclare(queue, false, false, false, null);
            publishing.basicPublish("", queue, null, new byte[1]);
            publishing.basicPublish("", queue, null, new byte[1]);
        }
        publishing.waitForConfirmsOrDie();
        Channel channel = broker.connect().createChannel();
        GetResponse first = channel.basicGet("got", false);
        channel.basicNack(first.getEnvelope().getDeliveryTag(), false, true);
        channel.basicAck(channel.basicGet("got", false).getEnvelope().getDeliveryTag(), false);
        channel.basicGet("got", true);
        assertThat(channel.basicGet("got", true)).isNull();
        channel.basicConsume(
                "acked",
                false,
                (_, message) -> channel.basicAck(message.getEnvelope().getDeliveryTag(), false),
                _ -> {});
        channel.basicConsume("automatic", true, (_, _) -> {}, _ -> {});
        Map<String, Object> expected =
                new TreeMap<>(
                        Map.of(
                                "deliver", 2,
                                "deliver_no_ack", 2,
                                "get", 2,
                                "get_no_ack", 1,
                                "get_empty", 1,
                                "redeliver", 1,
                                "ack", 3,
                                "deliver_get", 7));
        eventually(() -> assertThat(channels().getLast()).isEqualTo(expected));
        channel.queueDelete("got");
        eventually(() ->
                assertThat(stats(guest.get("vhosts/%2F").object()))
                        .as("what happened to queues that are gone counts")
                        .containsAllEntriesOf(expected));
    }

    @Test
    void a_channel_opened_again_begins_at_nothing() throws Exception {
        var connection = broker.connect();
        Channel channel = connection.createChannel(1);
        channel.confirmSelect();
        channel.basicPublish("amq.fanout", "", null, new byte[1]);
        channel.waitForConfirmsOrDie();
        channel.close();
        connection.createChannel(1);
        assertThat(channels()).containsExactly(Map.of());
    }

    @Test
    void who_may_not_monitor_is_told_of_the_virtual_hosts_that_may_be_seen() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.basicPublish("amq.fanout", "", null, new byte[1]);
        channel.waitForConfirmsOrDie();
        guest.put("users/manager", Map.of("password", "pw", "tags", "management"));
        try (ManagementClient manager = ManagementClient.of(broker, "manager", "pw")) {
            assertThat(manager.get("overview").object()).doesNotContainKey("message_stats");
            guest.put(
                    "permissions/%2F/manager",
                    Map.of("configure", ".*", "write", ".*", "read", ".*"));
            assertThat(stats(manager.get("overview").object()))
                    .containsEntry("publish", 1)
                    .containsEntry("confirm", 1);
        }
    }
}
