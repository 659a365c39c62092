package io.chasqui.server.perf;

import io.chasqui.server.client.BrokerConnection;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Sends messages as fast as the broker, the confirm window and the rate allow, one write a batch.
 *
 * <p>It reads confirms itself, between two batches: when something has arrived, and when the window
 * is full.
 */
final class Publisher implements Worker {

    /**
     * How long a publisher with a rate sleeps at most while confirms are outstanding; its confirm
     * latencies may be that much too long, about 0.1 ms with the kernel's timer slack.
     */
    private static final long POLL_NANOS = 50_000;

    /** Octets a batch may have, unless one message has more. */
    private static final int BATCH_BYTES = 1024 * 1024;

    private final Outlet outlet;
    private final BrokerConnection connection;
    private final LongSupplier nanoTime;
    private final int batch;
    private final boolean confirms;
    private final Histogram confirmLatencies = new Histogram();
    private final ConfirmWindow window;
    private final Pace pace;
    private final Count sent = new Count();
    private final Count confirmed = new Count();
    private final Count nacked = new Count();
    private volatile boolean stopping;

    Publisher(Outlet outlet, PerfPlan.Publishing plan, LongSupplier nanoTime) {
        this.outlet = outlet;
        this.connection = outlet.connection();
        this.nanoTime = nanoTime;
        this.batch = Math.clamp(BATCH_BYTES / outlet.messageBytes(), 1, plan.batch());
        this.confirms = plan.confirmWindow() > 0;
        this.window = new ConfirmWindow(plan.confirmWindow(), confirmLatencies);
        this.pace = new Pace(plan.ratePerSecond());
        connection.reserve(batch * outlet.messageBytes());
    }

    @Override
    public void work() throws IOException {
        pace.start(nanoTime.getAsLong());
        while (!stopping) {
            int free = outlet.free(confirms ? Math.min(batch, window.free()) : batch);
            if (free == 0) {
                outlet.read(this::settle);
                continue;
            }
            int due = pace.due(free, nanoTime.getAsLong());
            if (due == 0) {
                sleep();
            } else {
                send(due);
            }
            while (connection.hasInput()) {
                outlet.read(this::settle);
            }
        }
    }

    private void sleep() {
        long nanos = pace.untilNext(nanoTime.getAsLong());
        boolean waiting = confirms && !window.isEmpty();
        LockSupport.parkNanos(waiting ? Math.min(nanos, POLL_NANOS) : nanos);
    }

    private void send(int messages) throws IOException {
        long now = nanoTime.getAsLong();
        for (int i = 0; i < messages; i++) {
            long stamp = pace.stamp(now);
            outlet.write(stamp);
            if (confirms) {
                window.sent(stamp);
            }
        }
        connection.flush();
        sent.add(messages);
    }

    private void settle(long tag, boolean multiple, boolean taken) {
        int messages = window.settled(tag, multiple, nanoTime.getAsLong());
        (taken ? confirmed : nacked).add(messages);
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public BrokerConnection connection() {
        return connection;
    }

    @Override
    public Sample addTo(Sample sample) {
        return sample.plusPublisher(
                sent.get(), confirmed.get(), nacked.get(), confirmLatencies.snapshot());
    }
}
