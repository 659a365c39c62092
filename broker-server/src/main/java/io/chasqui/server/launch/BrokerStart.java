package io.chasqui.server.launch;

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
        return new StartArguments(options.config(), dataDir, amqpPort, httpPort, options.settings())
                .run();
    }
}
