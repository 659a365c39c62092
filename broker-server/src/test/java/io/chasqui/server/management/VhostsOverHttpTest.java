package io.chasqui.server.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Virtual hosts over HTTP, as RabbitMQ answers. */
class VhostsOverHttpTest {

    private RunningBroker broker;
    private ManagementClient guest;

    @BeforeEach
    void start() {
        broker = RunningBroker.start();
        guest = ManagementClient.of(broker);
    }

    @AfterEach
    void stop() {
        guest.close();
        broker.close();
    }

    @Test
    void a_virtual_host_is_made_described_and_deleted() throws Exception {
        Map<String, Object> told =
                Map.of(
                        "description", "d",
                        "tags", "a,b",
                        "default_queue_type", "quorum",
                        "tracing", true);
        assertThat(guest.put("vhosts/v", told).status()).isEqualTo(201);
        assertThat(guest.get("vhosts/v").object())
                .containsEntry("name", "v")
                .containsEntry("description", "d")
                .containsEntry("tags", List.of("a", "b"))
                .containsEntry("default_queue_type", "quorum")
                .containsEntry("tracing", true)
                .containsEntry("protected_from_deletion", false)
                .containsEntry(
                        "metadata",
                        Map.of(
                                "description", "d",
                                "tags", List.of("a", "b"),
                                "default_queue_type", "quorum"));
        assertThat(guest.put("vhosts/v", Map.of("tracing", false)).status()).isEqualTo(204);
        assertThat(guest.get("vhosts/v").object())
                .containsEntry("description", "d")
                .containsEntry("tracing", false);
        assertThat(guest.put("vhosts/v", Map.of("tracing", "x")).refusal())
                .isEqualTo("400 bad_request: [not_boolean, x]");
        assertThat(guest.delete("vhosts/v").status()).isEqualTo(204);
        assertThat(guest.delete("vhosts/v").status()).isEqualTo(404);
    }

    @Test
    void one_that_is_protected_cannot_be_deleted_until_it_is_not() throws Exception {
        guest.put("vhosts/v", Map.of());
        assertThat(guest.post("vhosts/v/deletion/protection", Map.of()).status()).isEqualTo(204);
        broker.restart();
        try (ManagementClient again = ManagementClient.of(broker)) {
            assertThat(again.delete("vhosts/v").refusal())
                    .isEqualTo(
                            "412 precondition_failed: Refusing to delete virtual host 'v' because"
                                    + " it is protected from deletion");
            assertThat(again.get("vhosts/v").object())
                    .containsEntry("protected_from_deletion", true);
            assertThat(again.put("vhosts/v", Map.of("description", "d")).status()).isEqualTo(204);
            assertThat(again.get("definitions").body())
                    .contains("\"protected_from_deletion\":true");
            assertThat(again.delete("vhosts/v/deletion/protection").status()).isEqualTo(204);
            assertThat(again.delete("vhosts/v").status()).isEqualTo(204);
            assertThat(again.post("vhosts/v/deletion/protection", Map.of()).refusal())
                    .isEqualTo(
                            "404 not_found: Cannot enable deletion protection of virtual host 'v'"
                                    + " because it does not exist");
        }
    }

    @Test
    void protection_comes_with_definitions() throws Exception {
        assertThat(
                        guest.send(
                                        "POST",
                                        "definitions",
                                        "{\"vhosts\":[{\"name\":\"v\",\"metadata\":"
                                                + "{\"protected_from_deletion\":true}}]}")
                                .status())
                .isEqualTo(204);
        assertThat(guest.delete("vhosts/v").status()).isEqualTo(412);
    }

    @Test
    void a_virtual_host_stays_in_the_list_when_its_last_limit_is_cleared() throws Exception {
        assertThat(guest.get("vhost-limits").list()).isEmpty();
        guest.put("vhost-limits/%2F/max-queues", Map.of("value", 7));
        assertThat(guest.get("vhost-limits").list())
                .containsExactly(Map.of("vhost", "/", "value", Map.of("max-queues", 7)));
        guest.delete("vhost-limits/%2F/max-queues");
        assertThat(guest.get("vhost-limits").list())
                .containsExactly(Map.of("vhost", "/", "value", Map.of()));
        assertThat(guest.get("vhost-limits/%2F").list()).isEmpty();
    }
}
