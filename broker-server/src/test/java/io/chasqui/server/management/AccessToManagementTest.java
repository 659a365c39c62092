package io.chasqui.server.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may ask the management interface what. */
class AccessToManagementTest {

    private RunningBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private ManagementClient user(String name, String... tags) {
        broker.broker()
                .administration()
                .putUser(
                        new UserDefinition(
                                name, broker.broker().passwords().hash("pw"), List.of(tags)));
        return ManagementClient.of(broker, name, "pw");
    }

    @Test
    void a_user_is_told_who_it_is() throws Exception {
        try (ManagementClient guest = ManagementClient.of(broker)) {
            assertThat(guest.get("whoami").body())
                    .isEqualTo(
                            "{\"name\":\"guest\",\"tags\":[\"administrator\"],"
                                    + "\"is_internal_user\":true}");
        }
    }

    @Test
    void without_a_login_there_is_a_challenge() throws Exception {
        try (ManagementClient nobody = ManagementClient.authorizedBy(broker, "")) {
            ManagementClient.Answer answer = nobody.get("whoami");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate"))
                    .isEqualTo("Basic realm=\"RabbitMQ Management\"");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void a_wrong_password_and_other_schemes_are_refused_alike() throws Exception {
        try (ManagementClient wrong = ManagementClient.of(broker, "guest", "wrong");
                ManagementClient bearer = ManagementClient.authorizedBy(broker, "Bearer x")) {
            assertThat(wrong.get("whoami").refusal())
                    .isEqualTo("401 not_authorized: Not_Authorized");
            assertThat(bearer.get("whoami").refusal())
                    .isEqualTo("401 not_authorized: Not_Authorized");
        }
    }

    @Test
    void credentials_that_are_none_are_a_bad_request() throws Exception {
        try (ManagementClient garbled = ManagementClient.authorizedBy(broker, "Basic !!")) {
            assertThat(garbled.get("whoami").status()).isEqualTo(400);
        }
    }

    @Test
    void a_user_without_a_tag_may_not_ask() throws Exception {
        try (ManagementClient plain = user("plain")) {
            assertThat(plain.get("whoami").refusal())
                    .isEqualTo("401 not_authorised: Not management user");
        }
    }

    @Test
    void the_version_is_told_to_anybody() throws Exception {
        try (ManagementClient nobody = ManagementClient.authorizedBy(broker, "")) {
            assertThat(nobody.get("version").body()).isEqualTo("\"4.3.6\"");
        }
    }

    @Test
    void what_is_not_there_is_not_found_login_or_not() throws Exception {
        try (ManagementClient nobody = ManagementClient.authorizedBy(broker, "")) {
            assertThat(nobody.get("nosuch").refusal()).isEqualTo("404 Object Not Found: Not Found");
        }
    }

    @Test
    void other_methods_are_named() throws Exception {
        try (ManagementClient guest = ManagementClient.of(broker)) {
            assertThat(guest.send("OPTIONS", "whoami", "").header("Allow"))
                    .isEqualTo("GET, HEAD, OPTIONS");
            assertThat(guest.send("PATCH", "whoami", "").status()).isEqualTo(405);
            assertThat(guest.send("HEAD", "whoami", "").status()).isEqualTo(200);
        }
    }

    @Test
    void columns_are_picked() throws Exception {
        try (ManagementClient guest = ManagementClient.of(broker)) {
            assertThat(guest.get("whoami?columns=name,nosuch").body())
                    .isEqualTo("{\"name\":\"guest\"}");
        }
    }

    @Test
    void permission_in_a_virtual_host_is_no_tag() throws Exception {
        try (ManagementClient plain = user("plain", "impersonator")) {
            broker.broker()
                    .administration()
                    .setPermission("/", new PermissionDefinition("plain", ".*", ".*", ".*"));
            assertThat(plain.get("whoami").status()).isEqualTo(401);
        }
    }
}
