package io.chasqui.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where settings come from, and what is said about wrong ones. */
class ConfigSourcesTest {

    @TempDir private Path directory;

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("broker.yaml"), yaml);
    }

    private static List<String> problems(ConfigSources sources) {
        try {
            sources.build();
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }

    @Test
    void nothing_need_be_configured() throws Exception {
        BrokerConfig config = new ConfigSources().build();
        assertThat(config).isEqualTo(BrokerConfig.standard());
        assertThat(config.amqp().hosts()).containsExactly("127.0.0.1", "::1");
        assertThat(config.amqp().port()).isEqualTo(5672);
        assertThat(config.limits())
                .isEqualTo(new BrokerConfig.Limits(131_072, 2047, 60, 16 << 20, 10_000));
        assertThat(config.eventLoops()).isEmpty();
    }

    @Test
    void levels_may_be_nested_or_dotted_and_lists_are_lists() throws Exception {
        BrokerConfig config =
                new ConfigSources()
                        .file(
                                file(
                                        """
                                        data-dir: /var/lib/chasqui
                                        listeners:
                                          amqp:
                                            hosts: [0.0.0.0, "::"]
                                          amqp.port: 5673
                                        limits.heartbeat: 2m
                                        store: {ring-size: 32MiB}
                                        event-loops: 3
                                        """))
                        .build();
        assertThat(config.dataDir()).isEqualTo(Path.of("/var/lib/chasqui"));
        assertThat(config.amqp())
                .isEqualTo(new BrokerConfig.AmqpListener(List.of("0.0.0.0", "::"), 5673));
        assertThat(config.limits().heartbeatSeconds()).isEqualTo(120);
        assertThat(config.store().ringBytes()).contains(32L << 20);
        assertThat(config.eventLoops()).isEqualTo(Optional.of(3));
    }

    @Test
    void the_environment_overrules_the_file_and_an_option_both() throws Exception {
        Path file = file("limits: {channel-max: 1, frame-max: 8192}\ntransport: nio");
        BrokerConfig config =
                new ConfigSources()
                        .file(file)
                        .environment(
                                Map.of(
                                        "CHASQUI_LIMITS_CHANNEL_MAX", "2",
                                        "CHASQUI_TRANSPORT", "auto",
                                        "CHASQUI_JAVA_HOME", "/opt/java"))
                        .option("limits.channel-max", "3", "--set")
                        .build();
        assertThat(config.limits().frameMax()).isEqualTo(8192);
        assertThat(config.transport()).isEqualTo("auto");
        assertThat(config.limits().channelMax()).isEqualTo(3);
    }

    @Test
    void an_unknown_key_is_refused_with_its_place_and_the_nearest_one() throws Exception {
        Path file = file("limits:\n  frame-mx: 1\nstoore: 1\n");
        assertThat(problems(new ConfigSources().file(file)))
                .containsExactly(
                        file
                                + ":2:3: unknown setting 'limits.frame-mx'; did you mean"
                                + " 'limits.frame-max'?",
                        file + ":3:1: unknown setting 'stoore'; did you mean 'store'?");
    }

    @Test
    void all_problems_are_told_at_once() throws Exception {
        Path file = file("event-loops: 0\nlimits: {heartbeat: soon}\nhttp: {port: 99999}\n");
        assertThat(problems(new ConfigSources().file(file).option("transport", "tcp", "--set")))
                .containsExactlyInAnyOrder(
                        file
                                + ":1:14: event-loops must be auto, or a whole number from 1 to"
                                + " 1024, not '0'",
                        file
                                + ":2:21: limits.heartbeat must be a time from 0ms to 65535s, such"
                                + " as 10s, not 'soon'",
                        file
                                + ":3:14: http.port must be auto, off, or a whole number from 0 to"
                                + " 65535, not '99999'",
                        "--set: transport must be one of auto, epoll, nio, not 'tcp'");
    }

    @Test
    void broken_yaml_is_told_with_its_place() throws Exception {
        Path file = file("limits: [1, 2\n");
        assertThat(problems(new ConfigSources().file(file)))
                .singleElement()
                .asString()
                .startsWith(file + ":2:1: ");
    }

    @Test
    void a_setting_given_twice_or_with_levels_below_it_is_refused() throws Exception {
        Path file = file("data-dir: a\ndata-dir: b\nevent-loops: {x: 1}\n");
        assertThat(problems(new ConfigSources().file(file)))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("data-dir") && problem.contains(":2:1"))
                .anyMatch(problem -> problem.contains("event-loops must be a single value"));
    }

    @Test
    void a_missing_file_is_a_problem() {
        assertThat(problems(new ConfigSources().file(directory.resolve("nosuch.yaml"))))
                .singleElement()
                .asString()
                .contains("cannot be read");
    }

    @Test
    void passwords_are_not_printed() {
        assertThat(BrokerConfig.standard().toString()).doesNotContain("password=guest");
    }

    @Test
    void every_default_is_valid() {
        for (Setting<?> setting : Settings.ALL) {
            assertThat(setting.kind().parse(setting.standard())).as(setting.key()).isNotNull();
        }
        assertThatThrownBy(() -> Kind.bytes(0, 10).parse("1TiB"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
