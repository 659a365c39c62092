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
                .isEqualTo(
                        new BrokerConfig.Limits(
                                131_072,
                                2047,
                                60,
                                16 << 20,
                                10_000,
                                8192,
                                Optional.empty(),
                                256,
                                256,
                                256));
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
                        .set("limits.channel-max", "3")
                        .build();
        assertThat(config.limits().frameMax()).isEqualTo(8192);
        assertThat(config.transport()).isEqualTo("auto");
        assertThat(config.limits().channelMax()).isEqualTo(3);
    }

    @Test
    void an_unknown_key_is_refused_with_its_place_and_the_nearest_one() throws Exception {
        Path file = file("limits:\n  frame-mx: 1\nstoore: 1\nfrobnicate: 1\nport: 1\n");
        assertThat(problems(new ConfigSources().file(file)))
                .containsExactly(
                        file
                                + ":2:3: unknown setting 'limits.frame-mx'; did you mean"
                                + " 'limits.frame-max'?\n      frame-mx: 1\n      ^",
                        file
                                + ":3:1: unknown setting 'stoore'; did you mean 'store'?\n"
                                + "    stoore: 1\n    ^",
                        file
                                + ":4:1: unknown setting 'frobnicate'; 'chasqui config describe'"
                                + " lists all there are\n    frobnicate: 1\n    ^",
                        file
                                + ":5:1: unknown setting 'port'; did you mean 'http.port'?\n"
                                + "    port: 1\n    ^");
    }

    @Test
    void an_option_that_is_wrong_is_shown_as_it_was_given() {
        assertThat(
                        problems(
                                new ConfigSources()
                                        .set("limits.hartbeat", "5s")
                                        .set("limits.heartbeat", "5x")
                                        .option("http.port", "x", "--http-port")))
                .containsExactly(
                        "--set: unknown setting 'limits.hartbeat'; did you mean"
                                + " 'limits.heartbeat'?\n    --set limits.hartbeat=5s\n"
                                + "          ^",
                        "--set: limits.heartbeat must be a time from 0ms to 65535s, such as 10s,"
                                + " not '5x'\n    --set limits.heartbeat=5x\n"
                                + "                           ^",
                        "--http-port: http.port must be auto, off, or a whole number from 0 to"
                                + " 65535, not 'x'\n"
                                + "    --http-port x\n                ^");
    }

    @Test
    void a_mistake_is_told_even_where_another_source_counts_more() throws Exception {
        Path file = file("event-loops: many\n");
        assertThat(problems(new ConfigSources().file(file).set("event-loops", "2"))).hasSize(1);
    }

    @Test
    void broken_yaml_is_told_with_its_place() throws Exception {
        Path file = file("limits: [1, 2\n");
        assertThat(problems(new ConfigSources().file(file)))
                .singleElement()
                .asString()
                .startsWith(file + ":2:1: this is no YAML: ");
    }

    @Test
    void a_setting_given_twice_empty_or_with_levels_below_it_is_refused() throws Exception {
        Path file =
                file(
                        """
                        data-dir: a
                        data-dir: b
                        event-loops: {x: 1}
                        transport:
                        limits: 7
                        store:
                        """);
        assertThat(problems(new ConfigSources().file(file)))
                .extracting(problem -> problem.lines().findFirst().orElseThrow())
                .containsExactly(
                        file + ":2:1: data-dir is given twice in this file",
                        file
                                + ":3:14: event-loops must be auto, or a whole number from 1 to"
                                + " 1024",
                        file + ":4:11: transport has no value; write \"\" for an empty one",
                        file + ":5:9: limits has settings below it, such as limits.frame-max");
    }

    @Test
    void an_element_that_is_wrong_is_told_with_its_own_place() throws Exception {
        Path file = file("listeners.amqp.hosts:\n  - 127.0.0.1\n  - ''\n  - [a]\n");
        assertThat(problems(new ConfigSources().file(file)))
                .extracting(problem -> problem.lines().findFirst().orElseThrow())
                .containsExactly(
                        file + ":3:5: listeners.amqp.hosts must be a list, not ''",
                        file + ":4:5: listeners.amqp.hosts must be a list");
    }

    @Test
    void a_missing_file_is_a_problem() {
        assertThat(problems(new ConfigSources().files(directory.resolve("nosuch.yaml"))))
                .containsExactly(
                        directory.resolve("nosuch.yaml")
                                + ": cannot be read: there is no such file");
    }

    @Test
    void files_of_conf_d_count_more_than_the_main_file_in_the_order_of_their_names()
            throws Exception {
        Path main = file("limits: {channel-max: 1, frame-max: 8192}\nevent-loops: 1");
        Path more = Files.createDirectory(directory.resolve("conf.d"));
        Files.writeString(more.resolve("20-b.yaml"), "limits.channel-max: 3");
        Files.writeString(more.resolve("10-a.yaml"), "limits.channel-max: 2\nevent-loops: 2");
        Files.writeString(more.resolve("30-c.yaml.bak"), "nonsense: 1");
        BrokerConfig config = new ConfigSources().files(main).build();
        assertThat(config.limits().channelMax()).isEqualTo(3);
        assertThat(config.limits().frameMax()).isEqualTo(8192);
        assertThat(config.eventLoops()).contains(2);

        Files.delete(main);
        assertThat(new ConfigSources().files(main).build().limits().channelMax()).isEqualTo(3);
    }

    @Test
    void a_value_may_refer_to_variables() throws Exception {
        Path file =
                file(
                        """
                        data-dir: ${BASE}/chasqui
                        listeners.amqp.hosts: ["${HOST:-127.0.0.1}", "::1"]
                        listeners.amqp.port: ${PORT:-5673}
                        default-user.password: a$${b}$c
                        """);
        BrokerConfig config =
                new ConfigSources(Map.of("BASE", "/srv/$1", "PORT", "")).file(file).build();
        assertThat(config.dataDir()).isEqualTo(Path.of("/srv/$1/chasqui"));
        assertThat(config.amqp().hosts()).containsExactly("127.0.0.1", "::1");
        assertThat(config.amqp().port()).isEqualTo(5673);
        assertThat(config.user().password()).isEqualTo("a${b}$c");
    }

    @Test
    void a_variable_that_is_absent_or_malformed_is_a_problem() throws Exception {
        Path file = file("data-dir: ${BASE}\ntransport: ${x\n");
        assertThat(problems(new ConfigSources().file(file)))
                .extracting(problem -> problem.lines().findFirst().orElseThrow())
                .containsExactly(
                        file
                                + ":1:11: the environment has no variable BASE; ${BASE:-default}"
                                + " would do without",
                        file
                                + ":2:12: '${' must be followed by a name and '}', as in ${NAME} or"
                                + " ${NAME:-default}; write '$${' for '${' itself");
    }

    @Test
    void passwords_are_not_printed() {
        assertThat(BrokerConfig.standard().toString()).doesNotContain("password=guest");
        assertThat(Listing.of(new ConfigSources(), true))
                .contains("default-user.password: \"******\"")
                .contains("default-user.name: guest ");
        ConfigSources wrong =
                new ConfigSources()
                        .environment(
                                Map.of(
                                        "CHASQUI_DEFAULT_PAS", "hush1",
                                        "CHASQUI_DEFAULT_USER_PASSWRD", "hush2"))
                        .set("default-user.passwrd", "hush3")
                        .set("defualt-user.password", "hush4");
        assertThat(problems(wrong)).hasSize(4).noneMatch(problem -> problem.contains("hush"));
    }

    @Test
    void a_watermark_is_a_part_or_a_size() throws Exception {
        assertThat(new ConfigSources().set("memory.high-watermark", "0.5").build().memory())
                .hasValueSatisfying(half -> assertThat(half.of(1000)).isEqualTo(500));
        assertThat(new ConfigSources().set("memory.high-watermark", "1GiB").build().memory())
                .hasValueSatisfying(size -> {
                    assertThat(size.of(4L << 30)).isEqualTo(1L << 30);
                    assertThat(size.of(1000)).isEqualTo(800);
                });
        assertThat(new ConfigSources().set("memory.high-watermark", "none").build().memory())
                .isEmpty();
        for (String wrong : List.of("0.05", "1.1", "80", "NaN.", "x")) {
            assertThat(problems(new ConfigSources().set("memory.high-watermark", wrong)))
                    .as(wrong)
                    .hasSize(1);
        }
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
