package io.chasqui.server.launch;

import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.config.ConfigException;
import io.chasqui.server.config.ConfigSources;
import io.chasqui.server.logging.Logging;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code chasqui broker start}: runs a broker in the foreground until it is told to stop (SIGTERM,
 * SIGINT) or its disk fails. Prints one line that starts with {@code ready} when it accepts
 * connections.
 */
@Command(
        name = "start",
        description = "Starts a broker and runs it until it is stopped.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BrokerStart implements Callable<Integer> {

    @Mixin private ConfigOptions options = new ConfigOptions();

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Same as --set data-dir=DIR.")
    private @Nullable String dataDir;

    @Option(
            names = "--amqp-port",
            paramLabel = "PORT",
            description = "Same as --set listeners.amqp.port=PORT.")
    private @Nullable String amqpPort;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Same as --set http.port=PORT.")
    private @Nullable String httpPort;

    @Override
    public Integer call() {
        long started = System.nanoTime();
        BrokerConfig configuration;
        Logging logging;
        try {
            configuration = sources().build();
        } catch (ConfigException e) {
            System.err.println("chasqui: " + e.getMessage());
            return ConfigCommand.BAD_CONFIGURATION;
        }
        try {
            logging = Logging.start(configuration.log(), System::currentTimeMillis);
        } catch (IOException e) {
            System.err.println("chasqui: " + e.getMessage());
            return ConfigCommand.BAD_CONFIGURATION;
        }
        return new BrokerProcess(configuration, logging, started).run();
    }

    private ConfigSources sources() {
        ConfigSources sources = options.sources();
        addOption(sources, "data-dir", dataDir, "--data-dir");
        addOption(sources, "listeners.amqp.port", amqpPort, "--amqp-port");
        addOption(sources, "http.port", httpPort, "--http-port");
        return sources;
    }

    private static void addOption(
            ConfigSources sources, String key, @Nullable String value, String where) {
        if (value != null) {
            sources.option(key, value, where);
        }
    }
}
