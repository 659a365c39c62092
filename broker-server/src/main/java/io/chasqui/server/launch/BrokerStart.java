package io.chasqui.server.launch;

import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.config.ConfigException;
import io.chasqui.server.config.ConfigSources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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

    private static final int BAD_CONFIGURATION = 78; // EX_CONFIG of sysexits.h

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with settings; config/broker.yaml shows all of them.")
    private @Nullable Path config;

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

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one setting; counts more than the file and the environment.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Override
    public Integer call() {
        long started = System.nanoTime();
        BrokerConfig configuration;
        try {
            configuration = sources().build();
        } catch (ConfigException e) {
            e.problems().forEach(problem -> System.err.println("chasqui: " + problem));
            return BAD_CONFIGURATION;
        }
        return new BrokerProcess(configuration, started).run();
    }

    private ConfigSources sources() {
        ConfigSources sources = new ConfigSources();
        if (config != null) {
            sources.file(config);
        }
        sources.environment(System.getenv());
        settings.forEach((key, value) -> sources.option(key, value, "--set"));
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
