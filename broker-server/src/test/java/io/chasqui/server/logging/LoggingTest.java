package io.chasqui.server.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import io.chasqui.server.config.BrokerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a broker: levels, formats, files, limits. */
class LoggingTest {

    private static final Logger LOG = LoggerFactory.getLogger("test.Talker");

    @TempDir private Path directory;

    private Path file;

    @BeforeEach
    void choose_a_file() {
        file = directory.resolve("logs/broker.log");
    }

    @AfterEach
    void restore() {
        new ConsoleLogging().configure((LoggerContext) LoggerFactory.getILoggerFactory());
        ((ch.qos.logback.classic.Logger) LOG).setLevel(null);
    }

    private Logging start(boolean json, int linesPerSecond) throws IOException {
        return start(json, linesPerSecond, Map.of(), 1 << 20);
    }

    private Logging start(
            boolean json, int linesPerSecond, Map<String, String> levels, long maxFileBytes)
            throws IOException {
        return Logging.start(
                new BrokerConfig.Log(
                        "info", levels, json, Optional.of(file), maxFileBytes, 2, linesPerSecond),
                System::currentTimeMillis);
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file);
    }

    private static RuntimeException fault() {
        return new IllegalStateException("a\nb", new IOException("disk \"gone\""));
    }

    @Test
    void an_event_is_one_line_of_text_whatever_it_holds() throws Exception {
        start(false, 0);
        LOG.info("queue '{}' declared", "x\r\n2026-01-01 ERROR Broker: all is lost");
        LOG.error("failed", fault());
        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst())
                .matches(
                        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d\\d:\\d\\d INFO "
                                + " Talker: queue 'x\\\\u000d\\\\u000a2026-01-01 ERROR Broker: all"
                                + " is lost' declared");
        assertThat(lines().get(1))
                .contains("ERROR Talker: failed: java.lang.IllegalStateException: a\\u000ab; at ")
                .contains("; caused by java.io.IOException: disk \"gone\"; ")
                .contains("LoggingTest.fault(LoggingTest.java:");
    }

    @Test
    void an_event_is_one_json_object() throws Exception {
        start(true, 0);
        LOG.warn("say \"{}\" \\", "a\nb\u009b");
        LOG.error("failed", fault());
        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst())
                .matches(
                        "\\{\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\","
                                + "\"level\":\"warn\",\"logger\":\"test\\.Talker\","
                                + "\"thread\":\"[^\"]+\","
                                + "\"message\":\"say \\\\\"a\\\\\\\\u000ab\\\\\\\\u009b\\\\\""
                                + " \\\\\\\\\"}");
        assertThat(lines().get(1))
                .contains("\"message\":\"failed\",\"error\":\"java.lang.IllegalStateException: a")
                .endsWith("\"}");
    }

    @Test
    void a_deep_stack_and_a_long_message_are_cut() throws Exception {
        start(false, 0);
        Exception deep = new Exception("x".repeat(100_000));
        for (int i = 0; i < 50; i++) {
            deep = new Exception("layer " + i, deep);
        }
        LOG.error("y".repeat(100_000), deep);
        assertThat(lines()).singleElement().asString().hasSizeLessThan(40_000);
        assertThat(lines().getFirst()).contains("further causes left out", " more", "yyy...: java");
    }

    @Test
    void single_loggers_may_have_levels_of_their_own() throws Exception {
        start(false, 0, Map.of("test.Talker", "debug"), 1 << 20);
        LOG.debug("heard");
        LoggerFactory.getLogger("other").debug("not heard");
        assertThat(lines()).singleElement().asString().endsWith("DEBUG Talker: heard");
    }

    @Test
    void one_message_is_held_to_so_many_lines_and_what_is_left_out_is_counted() throws Exception {
        Logging logging = start(false, 5);
        for (int i = 0; i < 1000; i++) {
            LOG.warn("bad input {}", i);
        }
        LOG.warn("another message");
        assertThat(lines().stream().filter(line -> line.contains("bad input")).count())
                .isBetween(5L, 20L);
        assertThat(lines().getLast()).endsWith("another message");
        logging.sweep();
        assertThat(lines().getLast())
                .matches(
                        ".* WARN  Logging: 9\\d\\d further lines left out of test.Talker: bad"
                                + " input \\{\\}");
        int before = lines().size();
        logging.sweep();
        assertThat(lines()).hasSize(before);
    }

    @Test
    void all_messages_together_are_held_to_ten_times_that() throws Exception {
        start(false, 5);
        for (int i = 0; i < 3000; i++) {
            LOG.warn("bad input " + i);
        }
        assertThat(lines()).hasSizeBetween(50, 200);
    }

    @Test
    void a_full_file_makes_way_for_a_new_one() throws Exception {
        start(false, 0, Map.of(), 64 * 1024);
        String text = "x".repeat(1000);
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!Files.exists(file.resolveSibling("broker.log.1"))) {
            LOG.info(text);
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(Files.size(file.resolveSibling("broker.log.1"))).isGreaterThan(64 * 1024);
    }

    @Test
    void a_file_that_cannot_be_written_is_told() throws Exception {
        Path taken = Files.writeString(directory.resolve("taken"), "");
        file = taken.resolve("broker.log");
        assertThatThrownBy(() -> start(false, 0))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the log file " + file + " cannot be written: ");
    }
}
