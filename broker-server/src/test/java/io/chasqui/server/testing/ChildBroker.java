package io.chasqui.server.testing;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import io.chasqui.server.Chasqui;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A broker in a process of its own, for what only a process can do: get signals, be killed. */
public final class ChildBroker implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("ready amqp://127\\.0\\.0\\.1:(\\d+) .*");
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private ChildBroker(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /**
     * Starts a broker on a port that the system chooses.
     *
     * @param settings as {@code --set} takes them
     */
    public static ChildBroker launch(Path dataDir, String... settings) throws IOException {
        return launch(Map.of(), dataDir, settings);
    }

    /** Starts a broker with further environment variables. */
    public static ChildBroker launch(
            Map<String, String> environment, Path dataDir, String... settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Chasqui.class.getName(),
                        "broker",
                        "start",
                        "--data-dir=" + dataDir,
                        "--amqp-port=0",
                        "--http-port=0",
                        "--set=listeners.metrics.port=0",
                        "--set=listeners.amqp.hosts=127.0.0.1",
                        "--set=store.disk-free-limit=0"));
        for (String setting : settings) {
            command.add("--set=" + setting);
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ChildBroker(builder.start());
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            lines.lines().forEach(output::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything it has printed until now. */
    public List<String> output() {
        return List.copyOf(output);
    }

    /** Waits until it accepts connections. */
    public ChildBroker awaitReady() throws Exception {
        awaitLine("ready ");
        return this;
    }

    /** Waits for a line in which {@code text} occurs. */
    public void awaitLine(String text) throws Exception {
        eventually(() -> assertThat(output).anySatisfy(line -> assertThat(line).contains(text)));
    }

    public int port() {
        return output.stream()
                .map(READY::matcher)
                .filter(Matcher::matches)
                .mapToInt(ready -> Integer.parseInt(ready.group(1)))
                .findFirst()
                .orElseThrow();
    }

    public ConnectionFactory factory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.toHandle().destroy(); // Process.destroy would close its output too
    }

    /** Waits for its end; the exit status. */
    public int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        reader.join();
        return process.exitValue();
    }

    /** Kills it, if it still runs. */
    @Override
    public void close() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }
}
