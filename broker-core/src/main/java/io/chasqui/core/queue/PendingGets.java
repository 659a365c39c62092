package io.chasqui.core.queue;

import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/**
 * Those who asked for one message of a queue and wait for the answer, in order: the first message may
 * have to be read first. Belongs to the queue's shard.
 */
final class PendingGets {

    private final Queue queue;
    private final QueueTime time;
    private final QueueCounters counters;
    private final ArrayDeque<PendingGet> waiting = new ArrayDeque<>();

    private record PendingGet(QueueConsumer consumer, LongConsumer found, Runnable empty) {}

    PendingGets(Queue queue, QueueTime time) {
        this.queue = queue;
        this.time = time;
        this.counters = queue.counters();
    }

    void add(QueueConsumer consumer, LongConsumer found, Runnable empty) {
        waiting.add(new PendingGet(consumer, found, empty));
    }

    /** Answers those that can be answered. */
    void answer() {
        if (!waiting.isEmpty()) {
            queue.dispatch().catchUp();
        }
        for (PendingGet get = waiting.peek(); get != null; get = waiting.peek()) {
            long seq = queue.isDeleted() ? QueueIndex.NONE : time.take();
            if (seq == QueueIndex.LOADING) {
                return;
            }
            waiting.remove();
            if (seq == QueueIndex.NONE) {
                counters.getEmpty++;
                get.empty.run();
            } else {
                count(get.consumer);
                time.look(); // what is told to remain has not expired
                get.found.accept(queue.ready());
                queue.dispatch().give(get.consumer, seq);
            }
        }
    }

    private void count(QueueConsumer consumer) {
        if (consumer.autoAck()) {
            counters.gotAutoAck++;
        } else {
            counters.gotManualAck++;
        }
    }
}
