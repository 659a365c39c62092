package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RabbitMQ's event exchange: keys and headers as its plugin documents them. */
class EventExchangeTest {

    private RunningBroker broker;
    private Channel watching;
    private final List<Delivery> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        watching = broker.connect().createChannel();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    /** Consumes events of these keys from now on. */
    private void watch(String key) throws Exception {
        String queue = watching.queueDeclare().getQueue();
        watching.basicConsume(queue, true, (_, event) -> events.add(event), _ -> {});
        watching.queueBind(queue, "amq.rabbitmq.event", key);
        eventually(() -> assertThat(broker.broker().events().isListening()).isTrue());
        events.clear();
    }

    private List<String> keys() {
        return events.stream().map(event -> event.getEnvelope().getRoutingKey()).toList();
    }

    private void expect(String... keys) throws Exception {
        eventually(() -> assertThat(keys()).containsExactly(keys));
    }

    private String header(int event, String name) {
        return String.valueOf(events.get(event).getProperties().getHeaders().get(name));
    }

    private Channel another() throws Exception {
        return broker.connect().createChannel();
    }

    @Test
    void an_event_is_persistent_stamped_and_without_a_body() throws Exception {
        Channel channel = another();
        watch("queue.*");
        channel.queueDeclare("orders", true, false, false, Map.of("x-message-ttl", 1000));

        expect("queue.created");
        Delivery event = events.getFirst();
        assertThat(event.getEnvelope().getExchange()).isEqualTo("amq.rabbitmq.event");
        assertThat(event.getBody()).isEmpty();
        assertThat(event.getProperties().getDeliveryMode()).isEqualTo(2);
        long stamped = (long) event.getProperties().getHeaders().get("timestamp_in_ms");
        assertThat(event.getProperties().getTimestamp().getTime()).isEqualTo(stamped / 1000 * 1000);
        assertThat(header(0, "name")).isEqualTo("orders");
        assertThat(header(0, "vhost")).isEqualTo("/");
        assertThat(header(0, "durable")).isEqualTo("true");
        assertThat(header(0, "exclusive")).isEqualTo("false");
        assertThat(header(0, "auto_delete")).isEqualTo("false");
        assertThat(header(0, "arguments")).contains("x-message-ttl=1000");
        assertThat(header(0, "user_who_performed_action")).isEqualTo("guest");
    }

    @Test
    void exchanges_and_bindings_are_told_also_those_that_go_with_a_queue() throws Exception {
        Channel channel = another();
        channel.queueDeclare("q", true, false, false, null);
        watch("#");
        channel.exchangeDeclare("x", "topic", true);
        channel.queueBind("q", "x", "a.*");
        channel.queueBind("q", "x", "a.*");
        channel.queueUnbind("q", "x", "a.*");
        channel.queueBind("q", "x", "b");
        channel.queueDelete("q");
        channel.exchangeDelete("x");

        expect(
                "exchange.created",
                "binding.created",
                "binding.deleted",
                "binding.created",
                "binding.deleted",
                "queue.deleted",
                "exchange.deleted");
        assertThat(header(0, "type")).isEqualTo("topic");
        assertThat(header(1, "source_name")).isEqualTo("x");
        assertThat(header(1, "source_kind")).isEqualTo("exchange");
        assertThat(header(1, "destination_name")).isEqualTo("q");
        assertThat(header(1, "destination_kind")).isEqualTo("queue");
        assertThat(header(1, "routing_key")).isEqualTo("a.*");
        assertThat(header(5, "name")).isEqualTo("q");
        assertThat(header(5, "user_who_performed_action")).isEqualTo("guest");
    }

    @Test
    void what_is_changed_over_http_is_told_in_the_name_of_who_asked() throws Exception {
        try (ManagementClient guest = ManagementClient.of(broker)) {
            guest.put("users/boss", Map.of("password", "pw", "tags", "administrator"));
        }
        watch("policy.*");
        try (ManagementClient boss = ManagementClient.of(broker, "boss", "pw")) {
            Map<String, Object> policy =
                    Map.of("pattern", "^q", "definition", Map.of("expires", 1));
            assertThat(boss.put("policies/%2F/p", policy).status()).isEqualTo(201);
        }
        expect("policy.set");
        assertThat(header(0, "user_who_performed_action")).isEqualTo("boss");
    }

    @Test
    void connections_channels_and_consumers_are_told() throws Exception {
        watching.queueDeclare("q", true, false, false, null);
        watch("#");
        Connection connection = broker.connect();
        Channel channel = connection.createChannel(3);
        channel.basicConsume("q", false, "tag", (_, _) -> {}, _ -> {});
        channel.basicCancel("tag");
        channel.basicConsume("amq.rabbitmq.reply-to", true, (_, _) -> {}, _ -> {});
        channel.close();
        connection.close();

        expect(
                "user.authentication.success",
                "connection.created",
                "channel.created",
                "consumer.created",
                "consumer.deleted",
                "channel.closed",
                "connection.closed");
        assertThat(header(0, "name")).isEqualTo("guest");
        assertThat(header(0, "auth_mechanism")).isEqualTo("PLAIN");
        assertThat(header(1, "name")).endsWith(" -> 127.0.0.1:" + broker.port());
        assertThat(header(1, "user")).isEqualTo("guest");
        assertThat(header(1, "peer_host")).isEqualTo("127.0.0.1");
        assertThat(header(1, "ssl")).isEqualTo("false");
        assertThat(header(1, "protocol")).isEqualTo("AMQP 0-9-1");
        assertThat(header(2, "number")).isEqualTo("3");
        assertThat(header(2, "connection")).isEqualTo(header(1, "name"));
        assertThat(header(3, "consumer_tag")).isEqualTo("tag");
        assertThat(header(3, "ack_required")).isEqualTo("true");
        assertThat(header(3, "queue")).isEqualTo("q");
        assertThat(header(6, "name")).isEqualTo(header(1, "name"));
    }

    @Test
    void a_refused_login_is_told() throws Exception {
        watch("user.#");
        ConnectionFactory factory = broker.factory();
        factory.setPassword("wrong");
        assertThatThrownBy(factory::newConnection)
                .isInstanceOf(AuthenticationFailureException.class);

        expect("user.authentication.failure");
        assertThat(header(0, "name")).isEqualTo("guest");
        assertThat(header(0, "error")).isNotEqualTo("null");
    }

    @Test
    void users_permissions_and_virtual_hosts_are_told() throws Exception {
        watch("#");
        var administration = broker.broker().administration();
        administration.addVirtualHost("v");
        broker.addUser("alice", "secret");
        administration.setPermission("v", new PermissionDefinition("alice", "^a", ".*", ""));
        administration.clearPermission("v", "alice");
        broker.addUser("alice", "another");
        administration.deleteUser("alice");
        administration.deleteVirtualHost("v");

        expect(
                "vhost.created",
                "user.created",
                "user.tags.set",
                "permission.created",
                "permission.deleted",
                "user.password.changed",
                "user.tags.set",
                "user.deleted",
                "vhost.deleted");
        assertThat(header(3, "user")).isEqualTo("alice");
        assertThat(header(3, "vhost")).isEqualTo("v");
        assertThat(header(3, "configure")).isEqualTo("^a");
    }

    @Test
    void alarms_are_told() throws Exception {
        watch("alarm.*");
        broker.shortOfDisk(true);
        broker.shortOfDisk(false);

        expect("alarm.set", "alarm.cleared");
        assertThat(header(0, "source")).isEqualTo("disk");
        assertThat(header(0, "node")).startsWith("chasqui@");
    }

    @Test
    void a_durable_queue_has_the_events_of_before_a_restart() throws Exception {
        watching.queueDeclare("audit", true, false, false, null);
        watching.queueBind("audit", "amq.rabbitmq.event", "exchange.*");
        watching.exchangeDeclare("x", "topic", true);
        eventually(() -> assertThat(watching.messageCount("audit")).isEqualTo(1));

        broker.restart();

        Channel channel = another();
        assertThat(channel.basicGet("audit", true).getEnvelope().getRoutingKey())
                .isEqualTo("exchange.created");
        channel.exchangeDelete("x");
        eventually(() -> assertThat(channel.messageCount("audit")).isEqualTo(1));
    }

    @Test
    void it_is_in_the_default_virtual_host_only_and_takes_no_ones_messages() throws Exception {
        watching.exchangeDeclarePassive("amq.rabbitmq.event");
        broker.broker().administration().addVirtualHost("v");
        assertThat(broker.broker().vhosts().find("v").exchange("amq.rabbitmq.event")).isNull();

        Channel channel = another();
        channel.basicPublish("amq.rabbitmq.event", "k", null, new byte[0]);
        eventually(() ->
                assertThat(channel.getCloseReason())
                        .hasMessageContaining("cannot publish to internal exchange"));
    }
}
