package io.chasqui.server.perf;

import io.chasqui.server.client.BrokerConnection;
import java.io.IOException;
import java.util.function.LongSupplier;

/** Takes a queue's messages, and acknowledges every so many of them at once. */
final class Consumer implements Worker {

    private final Inlet inlet;
    private final BrokerConnection connection;
    private final LongSupplier nanoTime;
    private final int ackEvery;
    private final Histogram latencies = new Histogram();
    private final Count received = new Count();
    private volatile boolean stopping;
    private int unacked;

    Consumer(Inlet inlet, PerfPlan.Consuming plan, LongSupplier nanoTime) {
        this.inlet = inlet;
        this.connection = inlet.connection();
        this.nanoTime = nanoTime;
        this.ackEvery = plan.ackEvery();
    }

    @Override
    public void work() throws IOException {
        while (!stopping) {
            inlet.read(this::arrived);
            if (connection.out().position() > 0) {
                connection.flush();
            }
        }
    }

    private void arrived(long stampNanos) throws IOException {
        if (stampNanos != Inlet.NO_STAMP) {
            latencies.record(nanoTime.getAsLong() - stampNanos);
        }
        received.add(1);
        if (ackEvery > 0 && ++unacked == ackEvery) {
            unacked = 0;
            inlet.acknowledge();
        }
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
        return sample.plusConsumer(received.get(), latencies.snapshot());
    }
}
