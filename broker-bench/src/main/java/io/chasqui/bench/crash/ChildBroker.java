package io.chasqui.bench.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A broker that is a child process of ours: it prints a line that starts with {@code ready}, and is
 * killed with SIGKILL. All it prints goes to the log.
 */
final class ChildBroker implements CrashableBroker {

    private static final long GRACE_SECONDS = 20;

    private final List<String> command;
    private final PrintStream log;
    private @Nullable Process process;
    private CountDownLatch ready = new CountDownLatch(1);

    ChildBroker(List<String> command, PrintStream log) {
        this.command = command;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(this::abandon));
    }

    @Override
    public synchronized void launch() throws IOException {
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        CountDownLatch readyNow = new CountDownLatch(1);
        Thread.ofPlatform().name("broker-output").daemon().start(() -> drain(started, readyNow));
        started.onExit().thenRun(readyNow::countDown); // nobody needs to wait for it any longer
        ready = readyNow;
        process = started;
    }

    private void drain(Process started, CountDownLatch readyNow) {
        try (BufferedReader lines = started.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = lines.readLine()) != null) {
                log.println(line);
                if (line.startsWith("ready")) {
                    readyNow.countDown();
                }
            }
        } catch (IOException e) {
            log.println("(killed: " + e.getMessage() + ")");
        }
    }

    @Override
    public void awaitReady(Duration patience) throws IOException, InterruptedException {
        if (!ready.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("the broker is not ready after " + patience);
        }
        letLive(0);
    }

    @Override
    public void letLive(long ms) throws IOException, InterruptedException {
        if (running().waitFor(ms, TimeUnit.MILLISECONDS)) {
            throw new IOException("the broker ended with " + running().exitValue());
        }
    }

    @Override
    public void kill() throws InterruptedException {
        Process dying = running();
        dying.destroyForcibly();
        dying.waitFor();
    }

    private Process running() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("not launched");
        }
        return current;
    }

    /** Lets no broker outlive an interrupted test. */
    private synchronized void abandon() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        if (process == null) {
            return;
        }
        running().destroy();
        if (!running().waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
            kill();
            throw new IOException("the broker did not end within " + GRACE_SECONDS + " s");
        }
    }
}
