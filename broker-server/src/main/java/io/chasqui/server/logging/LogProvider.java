package io.chasqui.server.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback without its search for files and services that might configure it, which goes through
 * every jar and takes longer than all else it does at a start. The program names this one to SLF4J;
 * whoever embeds the broker has the logging of the program around it.
 */
public final class LogProvider implements SLF4JServiceProvider {

    /** The version of SLF4J's interface that this is made for. */
    private static final String SLF4J_VERSION = "2.0.99";

    private final LoggerContext context = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter values = new LogbackMDCAdapter();

    /** Has SLF4J use this, unless Logback was given a file of its own; before the first logger. */
    public static void use() {
        if (System.getProperty("logback.configurationFile") == null
                && System.getProperty("slf4j.provider") == null) {
            System.setProperty("slf4j.provider", "io.chasqui.server.logging.LogProvider");
            System.setProperty("slf4j.internal.verbosity", "WARN"); // it would tell that it does so
        }
    }

    @Override
    public void initialize() {
        context.setName("default");
        context.setMDCAdapter(values);
        context.start();
        ConsoleLogging.install(context);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return values;
    }

    @Override
    public String getRequestedApiVersion() {
        return SLF4J_VERSION;
    }
}
