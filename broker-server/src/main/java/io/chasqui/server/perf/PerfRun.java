package io.chasqui.server.perf;

import java.io.IOException;
import java.time.Duration;
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

    /** What the broker is told is connecting. */
    static final String PRODUCT = "chasqui perf";

    private static final long SECOND = 1_000_000_000;

    /** Enough for a worker that is not waiting for the broker. */
    private static final Duration NOTICE = Duration.ofMillis(200);

    /** For the broker to work through what was sent; after that it does without good-bye. */
    private static final Duration GOOD_BYE = Duration.ofSeconds(2);

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
        LoadProtocol protocol = plan.protocol().of(plan);
        protocol.declare();
        try {
            connect(protocol);
            return measure();
        } finally {
            stop();
            protocol.delete();
        }
    }

    private void connect(LoadProtocol protocol) throws IOException {
        for (int i = 0; i < plan.consumers(); i++) {
            add("perf-consumer-" + i, new Consumer(protocol.inlet(i), plan.consuming(), nanoTime));
        }
        for (int i = 0; i < plan.publishers(); i++) {
            add(
                    "perf-publisher-" + i,
                    new Publisher(protocol.outlet(), plan.publishing(), nanoTime));
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
        Sample sample = Sample.at(nanoTime.getAsLong(), brokerNanos());
        for (WorkerThread thread : threads) {
            sample = thread.worker().addTo(sample);
        }
        return sample;
    }

    private long brokerNanos() {
        return plan.broker()
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .orElse(0L);
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

    /** Politely if the broker lets the workers end, and in any case. */
    private void stop() throws IOException, InterruptedException {
        threads.forEach(WorkerThread::stop);
        for (WorkerThread thread : alive(NOTICE)) {
            thread.worker().connection().wake();
        }
        for (WorkerThread thread : alive(GOOD_BYE)) {
            thread.worker().connection().abort();
        }
    }

    /** The threads that have not ended when all together were given some time. */
    private List<WorkerThread> alive(Duration patience) throws InterruptedException {
        long deadline = nanoTime.getAsLong() + patience.toNanos();
        List<WorkerThread> alive = new ArrayList<>();
        for (WorkerThread thread : threads) {
            if (!thread.join(Duration.ofNanos(deadline - nanoTime.getAsLong()))) {
                alive.add(thread);
            }
        }
        return alive;
    }
}
