package io.chasqui.server.launch;

import io.chasqui.core.store.RealDisk;
import io.chasqui.core.store.StoreException;
import io.chasqui.core.time.SystemClock;
import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.logging.Logging;
import io.chasqui.server.net.Patience;
import io.chasqui.server.net.Supervisor;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process around a broker, from its start to its exit status.
 *
 * <pre>
 *   STARTING ------- ready ------> RUNNING -- signal, or the disk fails --> STOPPING ----> ENDED
 *      |  \----- cannot start --------------------------------------------------------------^
 *      | signal
 *      v
 *   ABANDONED: nothing was accepted, so the process ends at once
 * </pre>
 *
 * <p>A signal arrives as the shutdown hook, which waits for {@link #run} and then ends the process
 * with its status; left alone, the virtual machine would report every signal as a failure.
 */
final class BrokerProcess {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerProcess.class);

    private static final int STOPPED = 0;

    /** As sysexits.h names them: service unavailable, internal error, input/output error. */
    private static final int CANNOT_START = 69;

    private static final int FAILED = 70;
    private static final int STORE_FAILED = 74;

    /** A predecessor that was killed keeps its lock until the system has cleared it away. */
    private static final int LOCK_TRIES = 300;

    private static final long LOCK_RETRY_MS = 10;

    /** How often repeated messages that were left out of the log are told of. */
    private static final long LOG_SWEEP_MS = 1000;

    private enum Stage {
        STARTING,
        ABANDONED,
        RUNNING,
        STOPPING,
        ENDED
    }

    private final BrokerConfig configuration;
    private final Logging logging;
    private final long startedNs;
    private final Patience patience;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.STARTING);
    private final CountDownLatch toStop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int status = FAILED;
    private Consumer<Server> whenReady = _ -> {};

    /** Set when the disk failed: what went wrong. */
    private volatile @Nullable StoreException failure;

    /**
     * @param startedNs when the start began, on the clock of {@link System#nanoTime}
     */
    BrokerProcess(BrokerConfig configuration, Logging logging, long startedNs) {
        this.configuration = configuration;
        this.logging = logging;
        this.startedNs = startedNs;
        this.patience = Patience.of(configuration.shutdownGraceMs());
    }

    /** What to do once connections are accepted, before the wait for a signal; to be quick. */
    void whenReady(Consumer<Server> action) {
        whenReady = action;
    }

    /** Has {@link #run} end as on a signal. Any thread. */
    void stopSoon() {
        toStop.countDown();
    }

    /** Runs the broker until it is told to stop; the exit status. */
    int run() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndHalt, "chasqui-stop"));
        try (Supervisor supervisor = Supervisor.of(System.getenv());
                RealDisk disk = open(configuration.dataDir())) {
            supervisor.starting();
            serve(disk, supervisor);
        } catch (IOException | StoreException e) {
            LOG.error("cannot start: {}", e.getMessage());
            status = CANNOT_START;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            stage.set(Stage.ENDED);
            ended.countDown();
        }
        return status;
    }

    private RealDisk open(Path directory) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return RealDisk.open(directory);
            } catch (AccessDeniedException denied) {
                throw new IOException(
                        "data directory " + directory + ": no permission for " + denied.getFile(),
                        denied);
            } catch (RealDisk.InUse inUse) {
                if (tries == 1) {
                    LOG.warn("{}, waiting a little for it to go", inUse.getMessage());
                }
                boolean toldToStop = toStop.await(LOCK_RETRY_MS, TimeUnit.MILLISECONDS);
                if (toldToStop || tries == LOCK_TRIES) {
                    throw inUse;
                }
            }
        }
    }

    private void serve(RealDisk disk, Supervisor supervisor)
            throws IOException, InterruptedException {
        Server server =
                Server.start(
                        configuration,
                        Version.current(),
                        disk,
                        new SystemClock(),
                        new SecureRandom(),
                        this::storeFailed);
        if (stage.compareAndSet(Stage.STARTING, Stage.RUNNING)) {
            Banner.print(configuration, server, System.out);
            long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);
            System.out.println("ready" + Banner.urls(server) + " in " + ms + " ms");
            supervisor.ready();
            whenReady.accept(server);
        }
        while (!toStop.await(LOG_SWEEP_MS, TimeUnit.MILLISECONDS)) {
            logging.sweep();
        }
        supervisor.stopping();
        stop(server);
    }

    private void stop(Server server) {
        stage.set(Stage.STOPPING);
        LOG.info("stopping, {} connections", server.connections());
        try {
            server.stop(patience);
        } catch (StoreException e) {
            LOG.error("not stopped cleanly: {}", e.toString());
            failure = e;
        }
        StoreException why = failure;
        if (why != null) {
            LOG.error("stopped: {}", why.getMessage());
            status = STORE_FAILED;
        } else {
            LOG.info("stopped");
            status = STOPPED;
        }
    }

    /** Any thread. */
    private void storeFailed(StoreException why) {
        failure = why;
        LOG.error("the disk failed, nothing more is confirmed, stopping: {}", why.getMessage());
        if (stage.get() == Stage.STOPPING) {
            patience.lose(); // what it waits for will not come
        }
        toStop.countDown();
    }

    /** The shutdown hook. */
    private void stopAndHalt() {
        if (stage.compareAndSet(Stage.STARTING, Stage.ABANDONED)) {
            status = STOPPED;
        } else {
            if (stage.get() != Stage.ENDED) {
                FurtherSignals.onEach(this::hasten); // before anybody can see that it stops
            }
            toStop.countDown();
            awaitEnd();
        }
        System.out.flush();
        Runtime.getRuntime().halt(status);
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void hasten() {
        LOG.warn("told to stop again: no longer waiting for clients");
        patience.lose();
    }
}
