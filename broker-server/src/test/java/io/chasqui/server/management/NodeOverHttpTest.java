package io.chasqui.server.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The overview, the node and the health checks over HTTP. */
class NodeOverHttpTest {

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

    @Test
    void the_overview_counts_what_there_is() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.queueDeclare("q", true, false, false, null);
        channel.basicPublish("", "q", null, new byte[3]);
        channel.basicPublish("", "nowhere", null, new byte[3]);
        channel.waitForConfirmsOrDie();
        channel.basicConsume("q", (tag, message) -> {}, tag -> {});
        Map<String, Object> overview = guest.get("overview").object();
        assertThat(overview)
                .containsEntry("rabbitmq_version", "4.3.6")
                .containsEntry("product_name", "Chasqui")
                .containsEntry("product_version", "embedded")
                .containsEntry("rates_mode", "basic")
                .containsEntry(
                        "object_totals",
                        Map.of(
                                "channels", 1,
                                "connections", 1,
                                "consumers", 1,
                                "exchanges", 8,
                                "queues", 1))
                .containsKeys("node", "cluster_name", "listeners", "exchange_types");
        assertThat((List<?>) overview.get("contexts"))
                .first()
                .extracting("path", "ip", "description")
                .containsExactly("/", "127.0.0.1", "http");
        assertThat((Map<?, ?>) overview.get("queue_totals")).extracting("messages").isEqualTo(1);
        assertThat((Map<?, ?>) overview.get("message_stats"))
                .extracting("publish", "confirm", "drop_unroutable")
                .containsExactly(2, 2, 1);
        assertThat((Map<?, ?>) overview.get("churn_rates"))
                .extracting("queue_created", "channel_created")
                .containsExactly(1, 1);
    }

    @Test
    void the_node_may_be_called_as_a_program_wants_it() throws Exception {
        try (RunningBroker named = RunningBroker.with(Map.of("server.node-name", "rabbit@shop"));
                ManagementClient client = ManagementClient.of(named)) {
            assertThat(client.get("overview").object()).containsEntry("node", "rabbit@shop");
            assertThat(client.get("nodes/rabbit@shop").object())
                    .containsEntry("name", "rabbit@shop");
            named.connect().createChannel();
            assertThat(client.get("channels").list().getFirst())
                    .containsEntry("node", "rabbit@shop");
        }
    }

    @Test
    void the_node_is_described() throws Exception {
        Map<String, Object> node = guest.get("nodes").list().getFirst();
        assertThat(node)
                .containsEntry("running", true)
                .containsEntry("type", "disc")
                .containsEntry("mem_alarm", false)
                .containsEntry("partitions", List.of());
        assertThat((Integer) node.get("uptime")).isPositive();
        assertThat(((Number) node.get("mem_used")).longValue())
                .isPositive()
                .isLessThan(((Number) node.get("mem_limit")).longValue());
        String name = (String) node.get("name");
        assertThat(guest.get("nodes/" + name).object()).containsEntry("name", name);
        assertThat(guest.get("nodes/" + name + "/memory").object()).containsKey("memory");
        assertThat(guest.get("nodes/other").status()).isEqualTo(404);
    }

    @Test
    void alarms_are_told() throws Exception {
        assertThat(guest.get("health/checks/alarms").body()).isEqualTo("{\"status\":\"ok\"}");
        broker.shortOfDisk(true);
        ManagementClient.Answer alarms = guest.get("health/checks/alarms");
        assertThat(alarms.status()).isEqualTo(503);
        assertThat(alarms.object()).containsEntry("status", "failed").containsKey("alarms");
        assertThat(guest.get("nodes").list().getFirst()).containsEntry("disk_free_alarm", true);
        broker.shortOfDisk(false);
        assertThat(guest.get("health/checks/local-alarms").status()).isEqualTo(200);
    }

    @Test
    void listeners_are_found_by_port_and_protocol() throws Exception {
        assertThat(guest.get("health/checks/port-listener/" + broker.port()).object())
                .containsEntry("status", "ok")
                .containsEntry("port", broker.port());
        assertThat(guest.get("health/checks/port-listener/1").object())
                .containsEntry("missing", 1)
                .containsEntry("reason", "No active listener");
        assertThat(guest.get("health/checks/port-listener/a").refusal())
                .isEqualTo("400 bad_request: Invalid port");
        assertThat(guest.get("health/checks/protocol-listener/amqp091").status()).isEqualTo(200);
        assertThat(guest.get("health/checks/protocol-listener/mqtt").object())
                .containsEntry("missing", List.of("mqtt"));
        assertThat(guest.get("health/checks/certificate-expiration/1/weeks").status())
                .isEqualTo(200);
        assertThat(guest.get("health/checks/certificate-expiration/x/weeks").refusal())
                .isEqualTo("400 bad_request: Invalid expiration value.");
        assertThat(guest.get("health/checks/ready-to-serve-clients").status()).isEqualTo(200);
        assertThat(guest.get("health/checks/node-is-quorum-critical").object())
                .containsEntry("reason", "single node cluster");
        assertThat(guest.get("aliveness-test/%2F").status()).isEqualTo(200);
        assertThat(guest.get("aliveness-test/none").status()).isEqualTo(404);
    }

    @Test
    void feature_flags_are_listed_and_all_on() throws Exception {
        assertThat(guest.get("feature-flags").list())
                .isNotEmpty()
                .allSatisfy(flag -> assertThat(flag).containsEntry("state", "enabled"));
        assertThat(guest.send("PUT", "feature-flags/user_limits/enable", "{}").status())
                .isEqualTo(204);
        assertThat(guest.send("PUT", "feature-flags/nope/enable", "{}").refusal())
                .isEqualTo("400 bad_request: unsupported");
    }

    @Test
    void the_cluster_can_be_renamed_for_good() throws Exception {
        assertThat(guest.put("cluster-name", Map.of()).refusal())
                .isEqualTo("400 bad_request: [{key_missing,name}]");
        assertThat(guest.put("cluster-name", Map.of("name", "mine")).status()).isEqualTo(204);
        broker.restart();
        assertThat(guest.get("cluster-name").body()).isEqualTo("{\"name\":\"mine\"}");
        assertThat(guest.get("overview?columns=cluster_name").object())
                .containsEntry("cluster_name", "mine");
    }
}
