package io.chasqui.server.launch;

import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.config.ConfigException;
import io.chasqui.server.config.ConfigSources;
import io.chasqui.server.logging.Logging;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code chasqui broker start} was told, and starting accordingly.
 *
 * <p>{@link #read} understands the usual command lines by itself. {@link BrokerStart} understands all
 * of them, has the help and the complaints, but loading picocli takes longer than starting a broker:
 * it was compiled for a Java so old that the ahead-of-time cache cannot hold its classes.
 *
 * @param config the configuration file, if one is named
 * @param settings keys and values of {@code --set}, in their order
 */
public record StartArguments(
        @Nullable Path config,
        @Nullable String dataDir,
        @Nullable String amqpPort,
        @Nullable String httpPort,
        Map<String, String> settings) {

    /** The arguments of a plain {@code broker start}; empty for anything out of the ordinary. */
    public static Optional<StartArguments> read(String... arguments) {
        if (arguments.length < 2
                || !arguments[0].equals("broker")
                || !arguments[1].equals("start")) {
            return Optional.empty();
        }
        Map<String, String> options = new LinkedHashMap<>();
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 2; i < arguments.length; i++) {
            String name = arguments[i];
            String value;
            int equals = name.indexOf('=');
            if (equals >= 0) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            } else if (i + 1 < arguments.length) {
                i++;
                value = arguments[i];
            } else {
                return Optional.empty();
            }
            if (!take(name, value, options, settings)) {
                return Optional.empty();
            }
        }
        String file = options.get("--config");
        return Optional.of(
                new StartArguments(
                        file == null ? null : Path.of(file),
                        options.get("--data-dir"),
                        options.get("--amqp-port"),
                        options.get("--http-port"),
                        settings));
    }

    private static boolean take(
            String name, String value, Map<String, String> options, Map<String, String> settings) {
        if (value.isEmpty() || value.startsWith("-") || value.startsWith("\"")) {
            return false;
        }
        return switch (name) {
            case "--config", "--data-dir", "--amqp-port", "--http-port" ->
                    options.put(name, value) == null;
            case "--set" -> {
                int equals = value.indexOf('=');
                yield equals > 0
                        && settings.put(value.substring(0, equals), value.substring(equals + 1))
                                == null;
            }
            default -> false;
        };
    }

    /** Runs a broker until it is told to stop; the exit status. */
    public int run() {
        try {
            return process().run();
        } catch (ConfigException | IOException e) {
            System.err.println("chasqui: " + e.getMessage());
            return ConfigCommand.BAD_CONFIGURATION;
        }
    }

    /**
     * A process as it was asked for, still to be run.
     *
     * @throws IOException if its log cannot be written
     */
    BrokerProcess process() throws ConfigException, IOException {
        long started = System.nanoTime();
        ConfigSources sources = ConfigOptions.sources(config, settings);
        addOption(sources, "data-dir", dataDir, "--data-dir");
        addOption(sources, "listeners.amqp.port", amqpPort, "--amqp-port");
        addOption(sources, "http.port", httpPort, "--http-port");
        BrokerConfig configuration = sources.build();
        Logging logging = Logging.start(configuration.log(), System::currentTimeMillis);
        return new BrokerProcess(configuration, logging, started);
    }

    private static void addOption(
            ConfigSources sources, String key, @Nullable String value, String where) {
        if (value != null) {
            sources.option(key, value, where);
        }
    }
}
