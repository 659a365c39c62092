package io.chasqui.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.config.ConfigFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a running broker, set up as the configuration says. */
public final class Logging {

    /** Where lines go that connections cause; they are limited where they arise, by peer. */
    public static final String CONNECTIONS = "chasqui.connection";

    private static final String LOGBACKS_OWN = "logback.configurationFile";
    private static final Logger LOG = LoggerFactory.getLogger(Logging.class);

    private final Optional<RateLimit> limit;

    private Logging(Optional<RateLimit> limit) {
        this.limit = limit;
    }

    /**
     * Sends the log where the configuration says from now on. An XML file that Logback was given by
     * {@code -Dlogback.configurationFile} overrules all of it.
     *
     * @param wallMs now, in milliseconds since 1970
     * @throws IOException if the log file cannot be written, saying why
     */
    public static Logging start(BrokerConfig.Log config, LongSupplier wallMs) throws IOException {
        if (isOverruled()
                || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return new Logging(Optional.empty());
        }
        Optional<RateLimit> limit = Optional.empty();
        if (config.linesPerSecond() > 0) {
            limit =
                    Optional.of(
                            new RateLimit(
                                    config.linesPerSecond(),
                                    List.of(CONNECTIONS, Logging.class.getName()),
                                    wallMs.getAsLong()));
        }
        OutputStreamAppender<ILoggingEvent> appender =
                config.file().isEmpty()
                        ? console(context)
                        : file(context, config.file().get(), config);
        limit.ifPresent(appender::addFilter);
        install(context, config, appender);
        return new Logging(limit);
    }

    static boolean isOverruled() {
        return System.getProperty(LOGBACKS_OWN) != null;
    }

    static OutputStreamAppender<ILoggingEvent> console(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        return console;
    }

    /** A file that makes way for a new one when it is full: name, name.1, name.2 and so on. */
    private static OutputStreamAppender<ILoggingEvent> file(
            LoggerContext context, Path path, BrokerConfig.Log config) throws IOException {
        checkWritable(path);
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setName("file");
        file.setFile(path.toString());
        FixedWindowRollingPolicy kept = new FixedWindowRollingPolicy();
        kept.setContext(context);
        kept.setParent(file);
        kept.setFileNamePattern(path.toString().replace("%", "\\%") + ".%i");
        kept.setMinIndex(1);
        kept.setMaxIndex(config.keptFiles());
        kept.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> full = new SizeBasedTriggeringPolicy<>();
        full.setContext(context);
        full.setMaxFileSize(new FileSize(config.maxFileBytes()));
        full.setCheckIncrement(Duration.buildBySeconds(1));
        full.start();
        file.setRollingPolicy(kept);
        file.setTriggeringPolicy(full);
        return file;
    }

    private static void checkWritable(Path path) throws IOException {
        try {
            Path directory = path.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new IOException(
                    "the log file " + path + " cannot be written: " + ConfigFiles.reason(e), e);
        }
    }

    static void install(
            LoggerContext context,
            BrokerConfig.Log config,
            OutputStreamAppender<ILoggingEvent> appender) {
        LineEncoder encoder = new LineEncoder(config.json() ? LineFormat.JSON : LineFormat.TEXT);
        encoder.setContext(context);
        encoder.start();
        appender.setEncoder(encoder);
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(config.level()));
        List<Appender<ILoggingEvent>> former = new ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(former::add);
        // The new one first, so that no line is lost between them.
        root.addAppender(appender);
        former.forEach(other -> {
            root.detachAppender(other);
            other.stop();
        });
        // What Netty calls INFO is of no interest to whoever runs a broker.
        context.getLogger("io.netty").setLevel(Level.WARN);
        config.levels()
                .forEach((logger, level) ->
                        context.getLogger(logger).setLevel(Level.toLevel(level)));
    }

    /** Tells what was left out since the last time; to be called about once a second. */
    public void sweep() {
        limit.ifPresent(limited ->
                limited.takeSuppressed()
                        .forEach(suppressed ->
                                LOG.warn(
                                        "{} further lines left out of {}: {}",
                                        suppressed.lines(),
                                        suppressed.message().logger(),
                                        suppressed.message().template())));
    }
}
