package io.chasqui.server.launch;

import io.chasqui.server.config.ConfigException;
import io.chasqui.server.health.HealthCommand;
import io.chasqui.server.perf.PerfCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code chasqui broker train}: does for some seconds what a broker does, on a port and in a
 * directory of its own, while the virtual machine takes notes. The launcher has it make an
 * ahead-of-time cache of them, with which later starts are twice as fast.
 *
 * <p>The second round recovers what the first one left behind.
 */
@Command(
        name = "train",
        description = "Makes the ahead-of-time cache that shortens later starts.",
        mixinStandardHelpOptions = true)
public final class BrokerTrain implements Callable<Integer> {

    private static final List<List<String>> ROUNDS =
            List.of(
                    List.of(
                            "queue --consumers 2 --prefetch 100 --ack-every 10",
                            "fanout --consumers 3",
                            "confirms --queue training --durable --persistent --consumers 0"),
                    List.of("confirms --queue training --durable --persistent --prefetch 100"));

    @Override
    public Integer call() throws IOException, ConfigException {
        Path directory = Files.createTempDirectory("chasqui-training");
        try {
            for (List<String> loads : ROUNDS) {
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

    private static int round(Path dataDir, List<String> loads) throws ConfigException, IOException {
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

    private static void put(String load, int port) {
        String options =
                " --seconds 1 --warm-up 0 --json --url amqp://guest:guest@127.0.0.1:" + port;
        new CommandLine(new PerfCommand(System::nanoTime))
                .setOut(new PrintWriter(Writer.nullWriter()))
                .execute((load + options).split(" "));
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
