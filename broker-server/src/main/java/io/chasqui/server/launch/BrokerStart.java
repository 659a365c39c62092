package io.chasqui.server.launch;

import io.chasqui.core.store.RealDisk;
import io.chasqui.core.store.StoreException;
import io.chasqui.core.time.SystemClock;
import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.config.ConfigException;
import io.chasqui.server.config.ConfigSources;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private static final Logger LOG = LoggerFactory.getLogger(BrokerStart.class);

    /** Exit statuses as sysexits.h names them: usage, input/output error, configuration. */
    private static final int STOPPED = 0;

    private static final int CANNOT_START = 69;
    private static final int STORE_FAILED = 74;
    private static final int BAD_CONFIGURATION = 78;

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

    /** Set when the disk failed: what went wrong. */
    private volatile @Nullable StoreException failure;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile int status = STOPPED;

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
        try (RealDisk disk = RealDisk.open(configuration.dataDir())) {
            return run(configuration, disk, started);
        } catch (IOException | StoreException e) {
            LOG.error("cannot start: {}", e.getMessage());
            return CANNOT_START;
        }
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

    private int run(BrokerConfig configuration, RealDisk disk, long startedNs) throws IOException {
        Server server =
                Server.start(
                        configuration,
                        Version.current(),
                        disk,
                        new SystemClock(),
                        new SecureRandom(),
                        this::storeFailed);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndHalt, "chasqui-stop"));
        System.out.println("ready" + describe(server) + " in " + msSince(startedNs) + " ms");
        try {
            stopping.await();
            server.close();
        } catch (InterruptedException | StoreException e) {
            LOG.error("not stopped cleanly: {}", e.toString());
            status = STORE_FAILED;
        }
        StoreException why = failure;
        if (why != null) {
            LOG.error("stopped: {}", why.getMessage());
            status = STORE_FAILED;
        } else {
            LOG.info("stopped");
        }
        stopped.countDown();
        return status;
    }

    private void storeFailed(StoreException why) {
        failure = why;
        LOG.error("the disk failed, nothing more is confirmed, stopping: {}", why.getMessage());
        stopping.countDown();
    }

    /**
     * The shutdown hook: lets the broker stop, then ends the process with its own status. Left
     * alone, the virtual machine would report a signal as a failure.
     */
    private void stopAndHalt() {
        stopping.countDown();
        try {
            stopped.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        Runtime.getRuntime().halt(status);
    }

    private static String describe(Server server) {
        StringBuilder text = new StringBuilder();
        for (InetSocketAddress address : server.addresses()) {
            String host = address.getAddress().getHostAddress();
            text.append(" amqp://")
                    .append(host.contains(":") ? "[" + shortened(host) + "]" : host)
                    .append(':')
                    .append(address.getPort());
        }
        return text.toString();
    }

    /** The usual spelling of the one IPv6 address that everybody meets. */
    private static String shortened(String host) {
        return host.equals("0:0:0:0:0:0:0:1") ? "::1" : host;
    }

    private static long msSince(long startedNs) {
        return (System.nanoTime() - startedNs) / 1_000_000;
    }
}
