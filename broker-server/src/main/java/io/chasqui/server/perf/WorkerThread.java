package io.chasqui.server.perf;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;

/** Runs a {@link Worker} in a thread of its own, and ends it politely if the broker lets it. */
final class WorkerThread {

    /** Enough for a worker that is not waiting for the broker. */
    private static final Duration NOTICE = Duration.ofMillis(200);

    /** For the broker to work through what was sent; after that it does without good-bye. */
    private static final Duration GOOD_BYE = Duration.ofSeconds(2);

    private final Worker worker;
    private final Runnable failed;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile @Nullable Exception failure;

    /** {@code failed} is run by the thread if it ends unasked. */
    WorkerThread(String name, Worker worker, Runnable failed) {
        this.worker = worker;
        this.failed = failed;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (PerfConnection _ = worker.connection()) {
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

    /** Waits for the end of a stopped thread, and brings it about. */
    void join() throws IOException, InterruptedException {
        if (!thread.join(NOTICE)) {
            worker.connection().wake();
        }
        if (!thread.join(GOOD_BYE)) {
            worker.connection().abort();
            thread.join();
        }
    }
}
