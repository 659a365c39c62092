package io.chasqui.bench.crash;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A broker that other commands start and kill: the one returns when the broker is ready, the other
 * when its process is gone. It is left running in the end.
 */
final class ExternalBroker implements CrashableBroker {

    private static final Duration KILL_PATIENCE = Duration.ofSeconds(30);

    private final String startCommand;
    private final String killCommand;
    private final PrintStream log;

    ExternalBroker(String startCommand, String killCommand, PrintStream log) {
        this.startCommand = startCommand;
        this.killCommand = killCommand;
        this.log = log;
    }

    /** Nothing yet; {@link #awaitReady} runs the command. */
    @Override
    public void launch() {}

    @Override
    public void awaitReady(Duration patience) throws IOException, InterruptedException {
        run(startCommand, patience);
    }

    /** Its process is not ours to look at. */
    @Override
    public void letLive(long ms) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(ms);
    }

    @Override
    public void kill() throws IOException, InterruptedException {
        run(killCommand, KILL_PATIENCE);
    }

    @Override
    public void stop() {}

    private void run(String command, Duration patience) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
        Thread reader =
                Thread.ofPlatform().name("command-output").daemon().start(() -> drain(process));
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException("not done after " + patience + ": " + command);
        }
        reader.join(Duration.ofSeconds(1)); // a daemon it started may keep the pipe open
        if (process.exitValue() != 0) {
            throw new IOException("ended with " + process.exitValue() + ": " + command);
        }
    }

    private void drain(Process process) {
        process.inputReader(StandardCharsets.UTF_8).lines().forEach(log::println);
    }
}
