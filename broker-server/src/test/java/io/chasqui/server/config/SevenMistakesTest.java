package io.chasqui.server.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever got seven things wrong need not start the broker seven times. */
class SevenMistakesTest {

    private static final String FILE =
            """
            # Seven mistakes, one of each kind.
            data-dir: /var/lib/chasqui
            listeners:
              amqp:
                prot: 5672
                hosts: [127.0.0.1, ""]
            limits:
              heartbeat: 60
              frame-max: 4KiB
            default-user:
              name: ${BROKER_USER}
              password: swordfish
              name: guest
            transport: [epoll]
            """;

    @Test
    void all_are_told_at_once_with_place_line_and_advice(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("broker.yaml"), FILE);
        assertThatThrownBy(() -> new ConfigSources().file(file).build())
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        """
                        the configuration has 7 mistakes:
                        broker.yaml:5:5: unknown setting 'listeners.amqp.prot'; did you mean 'listeners.amqp.port'?
                                prot: 5672
                                ^
                        broker.yaml:6:24: listeners.amqp.hosts must be a list, not ''
                                hosts: [127.0.0.1, ""]
                                                   ^
                        broker.yaml:8:14: limits.heartbeat must be a time from 0ms to 65535s, such as 10s, not '60'
                              heartbeat: 60
                                         ^
                        broker.yaml:9:14: limits.frame-max must be a size from 8KiB to 16MiB, such as 64MiB, not '4KiB'
                              frame-max: 4KiB
                                         ^
                        broker.yaml:11:9: the environment has no variable BROKER_USER; ${BROKER_USER:-default} would do without
                              name: ${BROKER_USER}
                                    ^
                        broker.yaml:13:3: default-user.name is given twice in this file
                              name: guest
                              ^
                        broker.yaml:14:12: transport must be one of auto, epoll, nio
                            transport: [epoll]
                                       ^\
                        """
                                .replace("broker.yaml", file.toString()));
    }

    @Test
    void the_environment_and_options_join_in(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("broker.yaml"), FILE);
        ConfigSources sources =
                new ConfigSources()
                        .file(file)
                        .environment(Map.of("CHASQUI_EVENT_LOOPS", "0", "CHASQUI_TRANSPRT", "nio"))
                        .set("htp.port", "1");
        assertThatThrownBy(sources::build)
                .hasMessageStartingWith("the configuration has 10 mistakes:")
                .hasMessageEndingWith(
                        """
                        environment variable CHASQUI_EVENT_LOOPS: event-loops must be auto, or a whole number from 1 to 1024, not '0'
                            CHASQUI_EVENT_LOOPS=0
                                                ^
                        environment variable CHASQUI_TRANSPRT: unknown variable; did you mean 'CHASQUI_TRANSPORT'?
                            CHASQUI_TRANSPRT=nio
                            ^
                        --set: unknown setting 'htp.port'; did you mean 'http.port'?
                            --set htp.port=1
                                  ^\
                        """);
    }
}
