package io.chasqui.server.launch;

import io.chasqui.server.config.ConfigException;
import io.chasqui.server.health.HealthCommand;
import io.chasqui.server.perf.TrainingLoad;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Does for some seconds what a broker does, on a port and in a directory of its own, while the
 * virtual machine takes notes. The launcher has it make an ahead-of-time cache of them, with which
 * later starts are twice as fast.
 *
 * <p>The second round recovers what the first one left behind. Nothing of picocli is used: classes
 * that do would get into the cache, and have each start open picocli's jar to verify them.
 */
public final class Training {

    private static final List<List<TrainingLoad>> ROUNDS =
            List.of(
                    List.of(TrainingLoad.QUEUE, TrainingLoad.FANOUT, TrainingLoad.BACKLOG),
                    List.of(TrainingLoad.CONFIRMS));

    private Training() {}

    /** Whether {@code broker train} is asked for, and nothing else. */
    public static boolean isAskedFor(String... arguments) {
        return List.of(arguments).equals(List.of("broker", "train"));
    }

    /**
     * Does all of it; the exit status.
     *
     * @throws IOException if the temporary directory cannot be used
     */
    public static int run() throws IOException, ConfigException {
        Path directory = Files.createTempDirectory("chasqui-training");
        try {
            for (List<TrainingLoad> loads : ROUNDS) {
                int status = round(directory.resolve("data"), loads);
                if (status != 0) {
                    return status;
                }
            }
            return 0;
        } finally {
            delete(directory);
        }
    }

    private static int round(Path dataDir, List<TrainingLoad> loads)
            throws ConfigException, IOException {
        BrokerProcess broker = process(dataDir);
        broker.whenReady(server ->
                Thread.ofPlatform()
                        .name("chasqui-training")
                        .start(() -> {
                            int port = server.addresses().getFirst().getPort();
                            loads.forEach(load -> put(load, port));
                            askAfterItsHealth(server);
                            broker.stopSoon();
                        }));
        return broker.run();
    }

    private static BrokerProcess process(Path dataDir) throws ConfigException, IOException {
        return StartArguments.read(
                        "broker",
                        "start",
                        "--data-dir=" + dataDir,
                        "--amqp-port=0",
                        "--http-port=0",
                        "--set=listeners.metrics.port=0",
                        "--set=listeners.amqp.hosts=127.0.0.1",
                        "--set=store.disk-free-limit=0")
                .orElseThrow()
                .process();
    }

    private static void put(TrainingLoad load, int port) {
        try {
            load.put("amqp://guest:guest@127.0.0.1:" + port, System::nanoTime);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void askAfterItsHealth(Server server) {
        int port = server.httpAddresses().getFirst().getPort();
        new HealthCommand("http://127.0.0.1:" + port + "/health/ready").call();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
