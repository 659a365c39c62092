package io.chasqui.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings from the environment, as containers give them. */
class EnvironmentTest {

    @TempDir private Path directory;

    private static BrokerConfig from(Map<String, String> variables) throws ConfigException {
        return new ConfigSources().environment(variables).build();
    }

    @Test
    void the_default_user_may_be_called_as_rabbitmq_calls_it() throws Exception {
        BrokerConfig config =
                from(
                        Map.of(
                                "RABBITMQ_DEFAULT_USER", "rita",
                                "RABBITMQ_DEFAULT_PASS", "swordfish",
                                "RABBITMQ_DEFAULT_VHOST", "shop"));
        assertThat(config.user().name()).isEqualTo("rita");
        assertThat(config.user().password()).isEqualTo("swordfish");
        assertThat(config.defaultVhost()).isEqualTo("shop");
    }

    @Test
    void our_own_names_count_more_than_rabbitmqs() throws Exception {
        Map<String, String> variables =
                Map.of(
                        "CHASQUI_DEFAULT_USER", "ours",
                        "RABBITMQ_DEFAULT_USER", "theirs",
                        "CHASQUI_DEFAULT_PASS", "p",
                        "CHASQUI_DEFAULT_VHOST", "v",
                        "RABBITMQ_DEFAULT_VHOST", "w");
        BrokerConfig config = from(variables);
        assertThat(config.user().name()).isEqualTo("ours");
        assertThat(config.user().password()).isEqualTo("p");
        assertThat(config.defaultVhost()).isEqualTo("v");
        Map<String, String> more = new HashMap<>(variables);
        more.put("CHASQUI_DEFAULT_USER_NAME", "most");
        assertThat(from(more).user().name()).isEqualTo("most");
    }

    @Test
    void a_secret_may_come_from_a_file() throws Exception {
        for (String name : List.of("CHASQUI_DEFAULT_PASS", "RABBITMQ_DEFAULT_PASS")) {
            Path file = Files.writeString(directory.resolve(name), " swordfish \n");
            assertThat(from(Map.of(name + "_FILE", file.toString())).user().password())
                    .isEqualTo(" swordfish ");
        }
        Path empty = Files.writeString(directory.resolve("empty"), "");
        assertThat(from(Map.of("CHASQUI_DEFAULT_PASS_FILE", empty.toString())).user().password())
                .isEmpty();
    }

    @Test
    void a_file_that_cannot_be_read_is_a_problem() {
        Path file = directory.resolve("nosuch");
        assertThatThrownBy(() -> from(Map.of("RABBITMQ_DEFAULT_USER_FILE", file.toString())))
                .hasMessage(
                        """
                        the configuration has one mistake:
                        environment variable RABBITMQ_DEFAULT_USER_FILE: the file cannot be read: there is no such file
                            RABBITMQ_DEFAULT_USER_FILE=%s
                                                       ^\
                        """
                                .formatted(file));
    }

    @Test
    void a_variable_and_its_file_exclude_each_other() {
        assertThatThrownBy(() ->
                        from(Map.of("CHASQUI_DEFAULT_PASS", "a", "CHASQUI_DEFAULT_PASS_FILE", "b")))
                .hasMessageContaining(
                        "CHASQUI_DEFAULT_PASS_FILE: CHASQUI_DEFAULT_PASS is set as well; only one"
                                + " of the two may be");
    }

    @Test
    void variables_of_other_programs_are_passed_over() throws Exception {
        assertThat(
                        from(
                                Map.of(
                                        "CHASQUI_PORT", "tcp://10.0.0.1:5672",
                                        "CHASQUI_SERVICE_HOST", "10.0.0.1",
                                        "CHASQUI_PORT_5672_TCP_ADDR", "10.0.0.1",
                                        "CHASQUI_JVM_OPTS", "-Xmx1g",
                                        "CHASQUI_JAVA_HOME", "/opt/java",
                                        "CHASQUI_HOME", "/opt/chasqui",
                                        "CHASQUI_CONFIG", "/etc/chasqui/broker.yaml")))
                .isEqualTo(BrokerConfig.standard());
    }

    @Test
    void no_two_settings_share_a_variable() {
        List<String> names = new ArrayList<>();
        Settings.ALL.forEach(setting -> names.addAll(setting.variables()));
        assertThat(new HashSet<>(names)).hasSameSizeAs(names);
    }
}
