package io.chasqui.server.perf;

import io.chasqui.server.client.BrokerConnection;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs a {@link Worker} in a thread of its own. */
final class WorkerThread {

    private final Worker worker;
    private final Runnable failed;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile @Nullable Exception failure;

    /** Begins at once; {@code failed} is run by the thread if it ends unasked. */
    WorkerThread(String name, Worker worker, Runnable failed) {
        this.worker = worker;
        this.failed = failed;
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    private void run() {
        try (BrokerConnection _ = worker.connection()) {
            worker.work();
        } catch (IOException | RuntimeException e) {
            if (!stopping) {
                failure = e;
                failed.run();
            }
        }
    }

    Worker worker() {
        return worker;
    }

    /** Why the thread ended unasked; null if it did not. */
    @Nullable Exception failure() {
        return failure;
    }

    void stop() {
        stopping = true;
        worker.stop();
    }

    /** Returns whether the thread has ended. */
    boolean join(Duration patience) throws InterruptedException {
        return patience.isPositive() ? thread.join(patience) : !thread.isAlive();
    }
}
