package io.chasqui.metrics;

import io.chasqui.core.boot.Broker;
import java.util.concurrent.TimeoutException;

/** The sums over all queues, as they were when last refreshed. Safe for use by any thread. */
public final class QueueTotals {

    private final Broker broker;
    private volatile Sums sums = new Sums(0, 0, 0, 0, 0, 0, 0);

    private record Sums(
            int queues,
            double ready,
            double unacked,
            double readyBytes,
            double unackedBytes,
            double oldestReadySeconds,
            double consumers) {}

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
                        figures.sum(QueueFigure.UNACKED_BYTES),
                        figures.greatest(QueueFigure.OLDEST_READY),
                        figures.sum(QueueFigure.CONSUMERS));
    }

    public int queues() {
        return sums.queues;
    }

    public double ready() {
        return sums.ready;
    }

    public double unacked() {
        return sums.unacked;
    }

    public double readyBytes() {
        return sums.readyBytes;
    }

    public double unackedBytes() {
        return sums.unackedBytes;
    }

    /** Age of the oldest message that is ready in any queue. */
    public double oldestReadySeconds() {
        return sums.oldestReadySeconds;
    }

    public double consumers() {
        return sums.consumers;
    }
}
