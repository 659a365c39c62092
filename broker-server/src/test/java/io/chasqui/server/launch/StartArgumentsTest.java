package io.chasqui.server.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The short way to a started broker, which must lead where the long one does. */
class StartArgumentsTest {

    @Test
    void both_ways_of_writing_an_option_are_read() {
        StartArguments expected =
                new StartArguments(
                        Path.of("a.yaml"),
                        "data",
                        "1",
                        "2",
                        Map.of("event-loops", "2", "a.b", "c=d"));

        assertThat(
                        StartArguments.read(
                                ("broker start --config a.yaml --data-dir data --amqp-port 1"
                                                + " --http-port 2 --set event-loops=2 --set a.b=c=d")
                                        .split(" ")))
                .contains(expected);
        assertThat(
                        StartArguments.read(
                                ("broker start --config=a.yaml --data-dir=data --amqp-port=1"
                                                + " --http-port=2 --set=event-loops=2 --set=a.b=c=d")
                                        .split(" ")))
                .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broker",
                "broker train",
                "broker start --help",
                "broker start -h",
                "broker start --no-such-option x",
                "broker start --amqp-port",
                "broker start --amqp-port=",
                "broker start --amqp-port --http-port",
                "broker start --amqp-port 1 --amqp-port 2",
                "broker start --set a",
                "broker start --set a=1 --set a=2",
                "broker start stray",
                "perf queue"
            })
    void whatever_is_out_of_the_ordinary_is_left_to_the_long_way(String commandLine) {
        assertThat(StartArguments.read(commandLine.split(" "))).isEmpty();
    }

    @Test
    void every_option_of_the_long_way_is_known_to_the_short_one() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("broker", "start"));
        for (OptionSpec option : new CommandLine(new BrokerStart()).getCommandSpec().options()) {
            if (!option.usageHelp() && !option.versionHelp()) {
                arguments.add(option.longestName());
                arguments.add(option.isMultiValue() ? "event-loops=7" : "7");
            }
        }
        assertThat(StartArguments.read(arguments.toArray(String[]::new)))
                .hasValueSatisfying(
                        read -> assertThat(read.settings()).containsEntry("event-loops", "7"));
    }
}
