package io.chasqui.server.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Looking at a configuration without starting a broker. */
class ConfigCommandTest {

    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new ConfigCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private String file(String yaml) throws Exception {
        return Files.writeString(directory.resolve("broker.yaml"), yaml).toString();
    }

    @Test
    void a_good_configuration_ends_with_0() throws Exception {
        assertThat(run("check", "--config", file("event-loops: 1"))).isZero();
        assertThat(out).hasToString("the configuration is good" + System.lineSeparator());
    }

    @Test
    void a_bad_one_ends_with_78_and_every_mistake() throws Exception {
        String file = file("event-lops: 1");
        assertThat(run("check", "--config", file, "--set", "transport=x")).isEqualTo(78);
        assertThat(err.toString())
                .startsWith("chasqui: the configuration has 2 mistakes:")
                .contains(file + ":1:1: unknown setting 'event-lops'", "--set: transport must be");
        assertThat(run("print", "--config", file)).isEqualTo(78);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void what_is_printed_says_where_it_comes_from_and_is_itself_a_configuration() throws Exception {
        String file = file("event-loops: 3\ndefault-user.password: swordfish");
        assertThat(run("print", "--origins", "--config", file, "--set", "limits.heartbeat=5s"))
                .isZero();
        assertThat(out.toString())
                .containsPattern("event-loops: 3 +# " + file + ":1:14\n")
                .containsPattern("limits.heartbeat: 5s +# --set\n")
                .containsPattern("limits.channel-max: 2047 +# default\n")
                .containsPattern("listeners.amqp.hosts: \\[127.0.0.1, \"::1\"\\] +# ")
                .doesNotContain("swordfish");
        String printed = file(out.toString());
        assertThat(run("check", "--config", printed)).isZero();
    }

    @Test
    void settings_are_explained() {
        assertThat(run("describe", "limits.heartbeat")).isZero();
        assertThat(out.toString()).startsWith("limits.heartbeat\n").contains("Default: 60s");
    }
}
