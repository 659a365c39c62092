package io.chasqui.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of the log. */
final class LogSettings {

    private static final Kind<String> A_LEVEL =
            Kind.oneOf("trace", "debug", "info", "warn", "error", "off");

    static final Setting<String> LEVEL =
            new Setting<>("log.level", A_LEVEL, "info", "What is worth a line in the log.");

    static final Setting<Map<String, String>> LEVELS =
            new Setting<>(
                    "log.levels",
                    Kind.mapOf(A_LEVEL),
                    "",
                    "Other levels for single loggers, such as {chasqui.connection: warn} or"
                            + " {io.chasqui.core: debug}.");

    static final Setting<String> FORMAT =
            new Setting<>(
                    "log.format",
                    Kind.oneOf("text", "json"),
                    "text",
                    "text for people, json for programs: an object with time, level, logger, thread,"
                            + " message and, where there is one, error. One event is one line in"
                            + " both.");

    static final Setting<Optional<Path>> FILE =
            new Setting<>(
                    "log.file",
                    Kind.path().orNone(),
                    "none",
                    "File to write the log to, instead of standard output.");

    static final Setting<Long> MAX_FILE_SIZE =
            new Setting<>(
                    "log.max-file-size",
                    Kind.bytes(64L << 10, 64L << 30),
                    "64MiB",
                    "Size at which the log file is renamed, with .1 added, and a new one begun.");

    static final Setting<Integer> KEPT_FILES =
            new Setting<>(
                    "log.kept-files",
                    Kind.number(1, 20),
                    "5",
                    "How many renamed log files are kept.");

    static final Setting<Integer> RATE_LIMIT =
            new Setting<>(
                    "log.rate-limit",
                    Kind.number(0, 1_000_000),
                    "50",
                    "Lines a second of any one message, and a tenth of the lines a second of all"
                            + " together; what is left out is counted in a line of its own. 0 for"
                            + " no limit. Lines about connections are counted on each event loop apart,"
                            + " those about clients that have not logged in apart from the rest.");

    static final List<Setting<?>> ALL =
            List.of(LEVEL, LEVELS, FORMAT, FILE, MAX_FILE_SIZE, KEPT_FILES, RATE_LIMIT);

    private LogSettings() {}
}
