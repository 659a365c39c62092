package io.chasqui.metrics;

import io.chasqui.core.boot.Broker;
import java.util.concurrent.TimeoutException;

/** The sums over all queues, as they were when last refreshed. Safe for use by any thread. */
public final class QueueTotals {

    private final Broker broker;
    private volatile Sums sums = new Sums(0, 0, 0, 0, 0);

    private record Sums(long queues, long ready, long unacked, long readyBytes, long consumers) {}

    public QueueTotals(Broker broker) {
        this.broker = broker;
    }

    /**
     * Adds up anew. Waits for the shards.
     *
     * @throws TimeoutException if an event loop does not answer
     */
    public void refresh() throws InterruptedException, TimeoutException {
        QueueFigures figures = QueueFigures.read(broker, _ -> true);
        sums =
                new Sums(
                        figures.size(),
                        figures.sum(QueueFigure.READY),
                        figures.sum(QueueFigure.UNACKED),
                        figures.sum(QueueFigure.READY_BYTES),
                        figures.sum(QueueFigure.CONSUMERS));
    }

    public long queues() {
        return sums.queues;
    }

    public long ready() {
        return sums.ready;
    }

    public long unacked() {
        return sums.unacked;
    }

    public long readyBytes() {
        return sums.readyBytes;
    }

    public long consumers() {
        return sums.consumers;
    }
}
