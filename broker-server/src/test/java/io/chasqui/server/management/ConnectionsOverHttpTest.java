package io.chasqui.server.management;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.NetworkConnection;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.proton.amqp.transport.Close;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections, channels and consumers over HTTP. */
class ConnectionsOverHttpTest {

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

    private static String encoded(Object name) {
        return URLEncoder.encode(String.valueOf(name), StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Connection connectAs(String user) throws Exception {
        ConnectionFactory factory = broker.factory();
        factory.setUsername(user);
        factory.setPassword("pw");
        return broker.connect(factory);
    }

    @Test
    void a_connection_is_listed_as_soon_as_it_is_open() throws Exception {
        Connection connection = broker.connect();
        Map<String, Object> listed = guest.get("connections").list().getFirst();
        assertThat(listed)
                .containsEntry(
                        "name",
                        "127.0.0.1:"
                                + ((NetworkConnection) connection).getLocalPort()
                                + " -> 127.0.0.1:"
                                + broker.port())
                .containsEntry("user", "guest")
                .containsEntry("vhost", "/")
                .containsEntry("protocol", "AMQP 0-9-1")
                .containsEntry("state", "running")
                .containsEntry("peer_host", "127.0.0.1")
                .containsEntry("peer_port", ((NetworkConnection) connection).getLocalPort())
                .containsEntry("port", broker.port())
                .containsEntry("channels", 0)
                .containsEntry("auth_mechanism", "PLAIN")
                .containsEntry("ssl", false);
        assertThat((Map<?, ?>) listed.get("client_properties"))
                .extracting("product")
                .isEqualTo("RabbitMQ");
        assertThat(((Number) listed.get("recv_oct")).longValue()).isPositive();
        assertThat(((Number) listed.get("send_oct")).longValue()).isPositive();
    }

    @Test
    void channels_and_consumers_are_told_with_their_connection() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.basicQos(5);
        channel.queueDeclare("q", false, false, false, null);
        channel.basicConsume(
                "q", false, "tag", false, false, Map.of("x-priority", 3), (t, m) -> {}, t -> {});
        channel.basicPublish("", "q", null, new byte[1]);
        channel.waitForConfirmsOrDie();
        eventually(() ->
                assertThat(guest.get("channels").list().getFirst())
                        .containsEntry("messages_unacknowledged", 1));
        Map<String, Object> listed = guest.get("channels").list().getFirst();
        assertThat(listed)
                .containsEntry("number", 1)
                .containsEntry("confirm", true)
                .containsEntry("transactional", false)
                .containsEntry("prefetch_count", 5)
                .containsEntry("consumer_count", 1)
                .containsEntry("messages_unconfirmed", 0);
        assertThat(guest.get("channels/" + encoded(listed.get("name"))).object())
                .containsEntry("number", 1);
        Map<?, ?> connection = (Map<?, ?>) listed.get("connection_details");
        assertThat(guest.get("connections/" + encoded(connection.get("name")) + "/channels").list())
                .hasSize(1);
        Map<String, Object> consumer = guest.get("consumers").list().getFirst();
        assertThat(consumer)
                .containsEntry("consumer_tag", "tag")
                .containsEntry("ack_required", true)
                .containsEntry("prefetch_count", 5)
                .containsEntry("arguments", Map.of("x-priority", 3))
                .containsEntry("queue", Map.of("name", "q", "vhost", "/"));
        assertThat(guest.get("queues/%2F/q").object())
                .containsEntry("consumer_details", List.of(consumer));
        assertThat(guest.get("consumers/%2F").list()).hasSize(1);
        assertThat(guest.get("vhosts/%2F/channels").list()).hasSize(1);
        assertThat(guest.get("channels/none").status()).isEqualTo(404);
    }

    @Test
    void of_consumers_that_take_turns_one_is_active_and_the_others_wait() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.queueDeclare("q", false, false, false, Map.of("x-single-active-consumer", true));
        channel.basicConsume("q", true, "first", (t, m) -> {}, t -> {});
        channel.basicConsume("q", true, "second", (t, m) -> {}, t -> {});
        channel.queueDeclare("other", false, false, false, null);
        channel.basicConsume("other", true, "third", (t, m) -> {}, t -> {});
        eventually(() ->
                assertThat(activity())
                        .containsOnly(
                                "first true single_active",
                                "second false waiting",
                                "third true up"));

        channel.basicCancel("first");
        eventually(() ->
                assertThat(activity()).containsOnly("second true single_active", "third true up"));
    }

    private List<String> activity() throws Exception {
        return guest.get("consumers").list().stream()
                .map(consumer ->
                        consumer.get("consumer_tag")
                                + " "
                                + consumer.get("active")
                                + " "
                                + consumer.get("activity_status"))
                .toList();
    }

    @Test
    void a_connection_of_1_0_is_listed_by_its_container_and_closed_with_the_reason()
            throws Exception {
        try (Amqp10Peer peer = Amqp10Peer.connect(broker.port()).logsIn().begins()) {
            Map<String, Object> listed = guest.get("connections").list().getFirst();
            assertThat(listed)
                    .containsEntry("protocol", "AMQP 1-0")
                    .containsEntry("container_id", "test");
            assertThat(guest.delete("connections/" + encoded(listed.get("name"))).status())
                    .isEqualTo(204);
            assertThat(peer.awaits(Close.class).getError().getDescription())
                    .isEqualTo("Connection forced: \"Closed via management plugin\"");
        }
        broker.connect();
        assertThat(guest.get("connections").list().getLast()).doesNotContainKey("container_id");
    }

    @Test
    void a_closed_connections_client_is_told_why() throws Exception {
        Connection connection = broker.connect();
        CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
        connection.addShutdownListener(closed::complete);
        String name = encoded(guest.get("connections").list().getFirst().get("name"));
        assertThat(guest.delete("connections/" + name, "X-Reason", "go away").status())
                .isEqualTo(204);
        assertThat(closed.get(10, TimeUnit.SECONDS).getMessage())
                .contains("reply-code=320, reply-text=CONNECTION_FORCED - go away");
        eventually(() -> assertThat(guest.get("connections").list()).isEmpty());
        assertThat(guest.delete("connections/" + name).refusal())
                .isEqualTo("404 Object Not Found: Not Found");
    }

    @Test
    void all_connections_of_a_user_are_closed() throws Exception {
        guest.put("users/alice", Map.of("password", "pw", "tags", ""));
        guest.put("permissions/%2F/alice", Map.of("configure", "", "write", "", "read", ""));
        connectAs("alice");
        connectAs("alice");
        broker.connect();
        assertThat(guest.get("connections/username/alice").list()).hasSize(2);
        assertThat(guest.delete("connections/username/alice").status()).isEqualTo(204);
        eventually(() ->
                assertThat(guest.get("connections?columns=user").body())
                        .isEqualTo("[{\"user\":\"guest\"}]"));
    }

    @Test
    void who_does_not_monitor_sees_their_own_alone() throws Exception {
        guest.put("users/alice", Map.of("password", "pw", "tags", "management"));
        guest.put("permissions/%2F/alice", Map.of("configure", "", "write", "", "read", ""));
        broker.connect();
        connectAs("alice");
        try (ManagementClient alice = ManagementClient.of(broker, "alice", "pw")) {
            assertThat(alice.get("connections?columns=user").body())
                    .isEqualTo("[{\"user\":\"alice\"}]");
        }
        assertThat(guest.get("connections").list()).hasSize(2);
    }

    @Test
    void a_publisher_held_back_by_an_alarm_is_blocked() throws Exception {
        Channel channel = broker.connect().createChannel();
        broker.shortOfDisk(true);
        assertThat(guest.get("connections").list().getFirst()).containsEntry("state", "blocking");
        channel.basicPublish("", "q", null, new byte[1]);
        eventually(() ->
                assertThat(guest.get("connections").list().getFirst())
                        .containsEntry("state", "blocked"));
        broker.shortOfDisk(false);
        eventually(() ->
                assertThat(guest.get("connections").list().getFirst())
                        .containsEntry("state", "running"));
    }

    @Test
    void a_queue_tells_who_has_it_to_himself() throws Exception {
        Connection connection = broker.connect();
        Channel channel = connection.createChannel();
        channel.queueDeclare("own", false, true, false, null);
        channel.basicConsume("own", true, "alone", false, true, null, (_, _) -> {}, _ -> {});
        Map<?, ?> owner = (Map<?, ?>) guest.get("queues/%2F/own").object().get("owner_pid_details");
        assertThat(owner.get("name"))
                .isEqualTo(guest.get("connections").list().getFirst().get("name"));
        assertThat(owner.get("peer_host")).isEqualTo("127.0.0.1");
        assertThat(owner.get("peer_port"))
                .isEqualTo(((NetworkConnection) connection).getLocalPort());
        assertThat(guest.get("queues/%2F/own").object())
                .containsEntry("exclusive_consumer_tag", "alone")
                .doesNotContainKey("single_active_consumer_tag");
    }

    @Test
    void a_queue_with_a_single_active_consumer_tells_its_tag() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.queueDeclare("q", true, false, false, Map.of("x-single-active-consumer", true));
        assertThat(guest.get("queues/%2F/q").object())
                .doesNotContainKey("single_active_consumer_tag");
        channel.basicConsume("q", true, "first", (_, _) -> {}, _ -> {});
        channel.basicConsume("q", true, "second", (_, _) -> {}, _ -> {});
        assertThat(guest.get("queues/%2F/q").object())
                .containsEntry("single_active_consumer_tag", "first");
        channel.basicCancel("first");
        assertThat(guest.get("queues/%2F/q").object())
                .containsEntry("single_active_consumer_tag", "second")
                .doesNotContainKey("owner_pid_details");
    }
}
