package io.chasqui.metrics;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The figures of many queues, read by their own shards a slice at a time, so that a hundred thousand
 * queues never hold an event loop up for longer than a slice takes, and nothing is locked.
 */
final class QueueFigures {

    /** Queues read in one task: some tens of microseconds. */
    private static final int SLICE = 500;

    /** A shard that does not answer for so long is stuck; /health/live tells more. */
    private static final long PATIENCE_MS = 10_000;

    private final List<String> labels = new ArrayList<>();
    private final List<Queue> queues = new ArrayList<>();
    private final long[] figures;

    private QueueFigures(Broker broker, Predicate<String> vhosts) {
        for (VirtualHost vhost : broker.vhosts().all()) {
            if (vhosts.test(vhost.name())) {
                String prefix = Exposition.label("vhost", vhost.name()) + ',';
                for (Queue queue : vhost.queues()) {
                    queues.add(queue);
                    labels.add(prefix + Exposition.label("queue", queue.name()));
                }
            }
        }
        figures = new long[queues.size() * QueueFigure.ALL.size()];
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
            result.read(shard);
        }
        return result;
    }

    private void read(Shard shard) throws InterruptedException, TimeoutException {
        int[] slice = new int[SLICE];
        int size = 0;
        for (int i = 0; i < queues.size(); i++) {
            if (queues.get(i).shard() == shard) {
                slice[size++] = i;
                if (size == SLICE) {
                    read(shard, slice, size);
                    size = 0;
                }
            }
        }
        if (size > 0) {
            read(shard, slice, size);
        }
    }

    private void read(Shard shard, int[] slice, int size)
            throws InterruptedException, TimeoutException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        shard.submit(() -> {
            try {
                for (int i = 0; i < size; i++) {
                    read(slice[i]);
                }
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a queue could not be read", e.getCause());
        }
    }

    private void read(int queue) {
        int at = queue * QueueFigure.ALL.size();
        for (QueueFigure figure : QueueFigure.ALL) {
            figures[at++] = figure.of().applyAsLong(queues.get(queue));
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
        return labels.get(queue);
    }

    /** @param figure its place in {@link QueueFigure#ALL} */
    long figure(int queue, int figure) {
        return figures[queue * QueueFigure.ALL.size() + figure];
    }

    /** Over all queues. */
    long sum(QueueFigure figure) {
        int at = QueueFigure.ALL.indexOf(figure);
        long sum = 0;
        for (int queue = 0; queue < size(); queue++) {
            sum += figure(queue, at);
        }
        return sum;
    }
}
