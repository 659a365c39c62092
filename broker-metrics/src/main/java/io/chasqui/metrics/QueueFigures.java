package io.chasqui.metrics;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of many queues, read by their own shards a slice at a time, so that a hundred thousand
 * queues never hold an event loop up for longer than a slice takes, and nothing is locked.
 */
final class QueueFigures {

    /** Queues read in one task: some tens of microseconds. */
    private static final int SLICE = 500;

    private final List<String> vhosts = new ArrayList<>();
    private final List<Queue> queues = new ArrayList<>();

    /** Made when they are asked for: who wants sums needs none. */
    private final @Nullable String[] labels;

    private final double[] figures;

    private QueueFigures(Broker broker, Predicate<String> wanted) {
        for (VirtualHost vhost : broker.vhosts().all()) {
            if (wanted.test(vhost.name())) {
                for (Queue queue : vhost.queues()) {
                    queues.add(queue);
                    vhosts.add(vhost.name());
                }
            }
        }
        labels = new String[queues.size()];
        figures = new double[queues.size() * QueueFigure.ALL.size()];
    }

    /**
     * Reads all queues of the virtual hosts wanted. Waits for the shards.
     *
     * @throws TimeoutException if an event loop does not answer
     */
    static QueueFigures read(Broker broker, Predicate<String> vhosts)
            throws InterruptedException, TimeoutException {
        QueueFigures result = new QueueFigures(broker, vhosts);
        for (Shard shard : broker.shards()) {
            List<Integer> there =
                    IntStream.range(0, result.size())
                            .filter(queue -> result.queue(queue).shard() == shard)
                            .boxed()
                            .toList();
            ShardReading.read(shard, there, SLICE, result::read);
        }
        return result;
    }

    private void read(int queue) {
        int at = queue * QueueFigure.ALL.size();
        for (QueueFigure figure : QueueFigure.ALL) {
            figures[at++] = figure.of().applyAsDouble(queues.get(queue));
        }
    }

    int size() {
        return queues.size();
    }

    Queue queue(int queue) {
        return queues.get(queue);
    }

    /** A queue as the labels of its samples name it. */
    String labels(int queue) {
        String known = labels[queue];
        if (known == null) {
            known =
                    Exposition.label("vhost", vhosts.get(queue))
                            + ','
                            + Exposition.label("queue", queue(queue).name());
            labels[queue] = known;
        }
        return known;
    }

    /** @param figure its place in {@link QueueFigure#ALL} */
    double figure(int queue, int figure) {
        return figures[queue * QueueFigure.ALL.size() + figure];
    }

    /** Over all queues; what is not known of a queue is left out. */
    double sum(QueueFigure figure) {
        return known(figure).sum();
    }

    /** Of all queues; 0 if there are none. */
    double greatest(QueueFigure figure) {
        return known(figure).max().orElse(0);
    }

    private DoubleStream known(QueueFigure figure) {
        int at = QueueFigure.ALL.indexOf(figure);
        return IntStream.range(0, size())
                .mapToDouble(queue -> figure(queue, at))
                .filter(value -> !Double.isNaN(value));
    }
}
