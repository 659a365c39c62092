package io.chasqui.server.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users, virtual hosts and permissions over HTTP, as RabbitMQ 4.3.6 answers. */
class UsersOverHttpTest {

    private RunningBroker broker;
    private ManagementClient guest;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        guest = ManagementClient.of(broker);
    }

    @AfterEach
    void stop() throws Exception {
        guest.close();
        broker.close();
    }

    @Test
    void a_user_is_made_replaced_and_deleted() throws Exception {
        Map<String, Object> alice = Map.of("password", "pw", "tags", "management, x");
        assertThat(guest.put("users/alice", alice).status()).isEqualTo(201);
        assertThat(guest.put("users/alice", alice).status()).isEqualTo(204);
        assertThat(guest.get("users/alice").object())
                .containsEntry("name", "alice")
                .containsEntry("tags", List.of("management", "x"))
                .containsEntry("limits", Map.of());
        try (ManagementClient asAlice = ManagementClient.of(broker, "alice", "pw")) {
            assertThat(asAlice.get("whoami").status()).isEqualTo(200);
            assertThat(asAlice.get("users").refusal())
                    .isEqualTo("401 not_authorised: Not administrator user");
        }
        assertThat(guest.delete("users/alice").status()).isEqualTo(204);
        assertThat(guest.delete("users/alice").refusal())
                .isEqualTo("404 Object Not Found: Not Found");
    }

    @Test
    void a_hash_that_was_read_can_be_put_back() throws Exception {
        guest.put("users/alice", Map.of("password", "pw", "tags", "management"));
        Map<String, Object> read = guest.get("users/alice").object();
        guest.put(
                "users/alice",
                Map.of(
                        "password_hash", read.get("password_hash"),
                        "hashing_algorithm", read.get("hashing_algorithm"),
                        "tags", "administrator"));
        try (ManagementClient asAlice = ManagementClient.of(broker, "alice", "pw")) {
            assertThat(asAlice.get("whoami").object())
                    .containsEntry("tags", List.of("administrator"));
        }
    }

    @Test
    void a_hash_that_cannot_be_checked_is_kept_and_lets_nobody_in() throws Exception {
        Map<String, Object> odd =
                Map.of(
                        "password_hash",
                        "aaaa",
                        "hashing_algorithm",
                        "nosuch",
                        "tags",
                        "management");
        assertThat(guest.put("users/alice", odd).status()).isEqualTo(201);
        assertThat(guest.get("users/alice").object())
                .containsEntry("password_hash", "aaaa")
                .containsEntry("hashing_algorithm", "nosuch");
        try (ManagementClient asAlice = ManagementClient.of(broker, "alice", "aaaa")) {
            assertThat(asAlice.get("whoami").status()).isEqualTo(401);
        }
        assertThat(guest.put("users/alice", Map.of("password_hash", "!!", "tags", "")).refusal())
                .isEqualTo("400 bad_request: [not_base64, !!]");
    }

    @Test
    void a_password_is_hashed_for_a_definition() throws Exception {
        Object hash = guest.get("auth/hash_password/s%2Fecret").object().get("ok");
        guest.put("users/alice", Map.of("password_hash", hash, "tags", "management"));
        try (ManagementClient asAlice = ManagementClient.of(broker, "alice", "s/ecret")) {
            assertThat(asAlice.get("whoami").status()).isEqualTo(200);
        }
    }

    @Test
    void a_users_body_must_make_sense() throws Exception {
        assertThat(guest.put("users/alice", Map.of("password", "x")).refusal())
                .isEqualTo("400 bad_request: tags_not_present");
        assertThat(
                        guest.put(
                                        "users/alice",
                                        Map.of("password", "x", "password_hash", "", "tags", ""))
                                .refusal())
                .isEqualTo("400 bad_request: both_password_and_password_hash_are_provided");
        assertThat(guest.send("PUT", "users/alice", "[1]").refusal())
                .isEqualTo("400 bad_request: not_json");
        assertThat(guest.post("users/bulk-delete", Map.of()).refusal())
                .isEqualTo("400 bad_request: [{key_missing,users}]");
    }

    @Test
    void many_users_are_deleted_at_once() throws Exception {
        guest.put("users/a", Map.of("password", "x", "tags", ""));
        guest.put("users/b", Map.of("password", "x", "tags", ""));
        assertThat(guest.get("users/without-permissions?columns=name").list())
                .extracting(user -> user.get("name"))
                .containsExactly("a", "b");
        assertThat(
                        guest.post("users/bulk-delete", Map.of("users", List.of("a", "b", "c")))
                                .status())
                .isEqualTo(204);
        assertThat(guest.get("users").list()).hasSize(1);
    }

    @Test
    void whoever_adds_a_virtual_host_may_do_everything_there() throws Exception {
        assertThat(guest.send("PUT", "vhosts/a%2Fb", "").status()).isEqualTo(201);
        assertThat(guest.send("PUT", "vhosts/a%2Fb", "").status()).isEqualTo(204);
        assertThat(guest.get("vhosts/a%2Fb/permissions").list())
                .containsExactly(
                        Map.of(
                                "user", "guest",
                                "vhost", "a/b",
                                "configure", ".*",
                                "write", ".*",
                                "read", ".*"));
        assertThat(guest.get("vhosts/a%2Fb").object())
                .containsEntry("name", "a/b")
                .containsEntry("messages", 0)
                .containsEntry("tracing", false);
        assertThat(guest.delete("vhosts/a%2Fb").status()).isEqualTo(204);
        assertThat(guest.get("vhosts/a%2Fb").status()).isEqualTo(404);
    }

    @Test
    void a_virtual_host_is_traced_until_it_is_not() throws Exception {
        guest.put("vhosts/v", Map.of("tracing", true));
        assertThat(guest.get("vhosts/v").object()).containsEntry("tracing", true);
        guest.put("vhosts/v", Map.of("description", "d"));
        assertThat(guest.get("vhosts/v").object()).containsEntry("tracing", true);
        guest.put("vhosts/v", Map.of("tracing", false));
        assertThat(guest.get("vhosts/v").object()).containsEntry("tracing", false);
    }

    @Test
    void a_virtual_host_is_described() throws Exception {
        guest.put("vhosts/v", Map.of("description", "d", "tags", "a,b"));
        assertThat(guest.put("vhosts/v", Map.of("default_queue_type", "quorum")).status())
                .isEqualTo(204);
        assertThat(guest.get("vhosts/v").object())
                .containsEntry("description", "d")
                .containsEntry("tags", List.of("a", "b"))
                .containsEntry("default_queue_type", "quorum")
                .containsEntry(
                        "metadata",
                        Map.of(
                                "description", "d",
                                "tags", List.of("a", "b"),
                                "default_queue_type", "quorum"));
        assertThat(guest.put("vhosts/v", Map.of("default_queue_type", "nope")).refusal())
                .isEqualTo("400 bad_request: nope is not a valid queue type");
    }

    @Test
    void permissions_are_set_and_cleared() throws Exception {
        guest.put("users/alice", Map.of("password", "pw", "tags", ""));
        Map<String, String> all = Map.of("configure", "^a", "write", ".*", "read", ".*");
        assertThat(guest.put("permissions/%2F/alice", all).status()).isEqualTo(201);
        assertThat(guest.put("permissions/%2F/alice", all).status()).isEqualTo(204);
        assertThat(guest.get("permissions/%2F/alice").object()).containsEntry("configure", "^a");
        assertThat(guest.get("users/alice/permissions").list()).hasSize(1);
        assertThat(guest.get("permissions").list()).hasSize(2);
        assertThat(guest.delete("permissions/%2F/alice").status()).isEqualTo(204);
        assertThat(guest.delete("permissions/%2F/alice").status()).isEqualTo(404);
        assertThat(guest.put("permissions/%2F/nobody", all).refusal())
                .isEqualTo("400 bad_request: vhost_or_user_not_found");
        assertThat(
                        guest.put("permissions/%2F/alice", Map.of("write", "", "configure", ""))
                                .refusal())
                .isEqualTo("400 bad_request: [{key_missing,read}]");
    }

    @Test
    void users_see_what_their_tags_and_permissions_allow() throws Exception {
        guest.send("PUT", "vhosts/hidden", "");
        guest.put("queues/hidden/q", Map.of());
        guest.put("users/manager", Map.of("password", "pw", "tags", "management"));
        guest.put("users/monitor", Map.of("password", "pw", "tags", "monitoring"));
        guest.put("permissions/%2F/manager", Map.of("configure", "", "write", "", "read", ""));
        try (ManagementClient manager = ManagementClient.of(broker, "manager", "pw");
                ManagementClient monitor = ManagementClient.of(broker, "monitor", "pw")) {
            assertThat(manager.get("vhosts?columns=name").body()).isEqualTo("[{\"name\":\"/\"}]");
            assertThat(monitor.get("vhosts?columns=name").list()).hasSize(2);
            assertThat(manager.get("queues").body()).isEqualTo("[]");
            assertThat(manager.get("queues/hidden").refusal())
                    .isEqualTo("404 not_found: Not Found");
            assertThat(monitor.get("queues/hidden").refusal())
                    .isEqualTo("404 not_found: Not Found");
            assertThat(manager.get("nodes").refusal())
                    .isEqualTo("401 not_authorised: Not monitor user");
            assertThat(manager.get("overview?columns=node").body()).isEqualTo("{}");
            assertThat(monitor.get("nodes").list()).hasSize(1);
            assertThat(manager.put("queues/%2F/q", Map.of()).refusal())
                    .isEqualTo("401 not_authorised: Access refused.");
        }
    }
}
