package io.chasqui.server.perf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Carries out a {@link PerfPlan} and reports each second of it. */
final class PerfRun {

    /** Is told each second, warm-up included, what happened in it. */
    interface Progress {
        void second(int number, Sample sample);
    }

    private static final long SECOND = 1_000_000_000;

    private final PerfPlan plan;
    private final LongSupplier nanoTime;
    private final Progress progress;
    private final List<WorkerThread> threads = new ArrayList<>();
    private final CountDownLatch failed = new CountDownLatch(1);

    PerfRun(PerfPlan plan, LongSupplier nanoTime, Progress progress) {
        this.plan = plan;
        this.nanoTime = nanoTime;
        this.progress = progress;
    }

    /**
     * Returns what happened after the warm-up.
     *
     * @throws IOException if the broker is not there, refuses something, or goes away
     */
    Sample run() throws IOException, InterruptedException {
        try (PerfConnection control = PerfConnection.open(plan.url())) {
            plan.topology().declare(control);
            try {
                connect();
                threads.forEach(WorkerThread::start);
                return measure();
            } finally {
                stop();
                plan.topology().delete(control);
            }
        }
    }

    private void connect() throws IOException {
        for (int i = 0; i < plan.consumers(); i++) {
            PerfConnection connection = PerfConnection.open(plan.url());
            String queue = plan.topology().queueOf(i);
            add("perf-consumer-" + i, new Consumer(connection, queue, plan.consuming(), nanoTime));
        }
        for (int i = 0; i < plan.publishers(); i++) {
            PerfConnection connection = PerfConnection.open(plan.url());
            add(
                    "perf-publisher-" + i,
                    new Publisher(
                            connection, plan.topology().publish(), plan.publishing(), nanoTime));
        }
    }

    private void add(String name, Worker worker) {
        threads.add(new WorkerThread(name, worker, failed::countDown));
    }

    private Sample measure() throws IOException, InterruptedException {
        Sample last = sample();
        Sample begin = last;
        long started = last.nanos();
        int whole = plan.warmUpSeconds() + plan.seconds();
        for (int second = 1; second <= whole; second++) {
            long wait = started + second * SECOND - nanoTime.getAsLong();
            if (failed.await(wait, TimeUnit.NANOSECONDS)) {
                throw failure();
            }
            Sample now = sample();
            progress.second(second, now.since(last));
            last = now;
            if (second == plan.warmUpSeconds()) {
                begin = now;
            }
        }
        return last.since(begin);
    }

    private Sample sample() {
        Sample sample = Sample.at(nanoTime.getAsLong());
        for (WorkerThread thread : threads) {
            sample = thread.worker().addTo(sample);
        }
        return sample;
    }

    private IOException failure() {
        for (WorkerThread thread : threads) {
            Exception cause = thread.failure();
            if (cause != null) {
                return new IOException(cause.getMessage(), cause);
            }
        }
        return new IOException("a connection ended");
    }

    private void stop() throws IOException, InterruptedException {
        threads.forEach(WorkerThread::stop);
        for (WorkerThread thread : threads) {
            thread.join();
        }
    }
}
