package io.chasqui.core.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue's consumers, served in turn: the next one after the last served that can take a message.
 */
final class ConsumerRing {

    private final List<QueueConsumer> consumers = new ArrayList<>();
    private int next;

    boolean isEmpty() {
        return consumers.isEmpty();
    }

    int size() {
        return consumers.size();
    }

    void add(QueueConsumer consumer) {
        consumers.add(consumer);
    }

    boolean remove(QueueConsumer consumer) {
        int at = consumers.indexOf(consumer);
        if (at < 0) {
            return false;
        }
        consumers.remove(at);
        if (at < next) {
            next--;
        }
        return true;
    }

    boolean anyExclusive() {
        return consumers.stream().anyMatch(QueueConsumer::exclusive);
    }

    /** The next consumer in turn that may take a message, or null if none may. */
    @Nullable QueueConsumer nextReady() {
        int size = consumers.size();
        for (int i = 0; i < size; i++) {
            if (next >= size) {
                next = 0;
            }
            QueueConsumer consumer = consumers.get(next++);
            if (consumer.mayTake()) {
                return consumer;
            }
        }
        return null;
    }

    /** Empties the ring and returns who was in it. */
    List<QueueConsumer> clear() {
        List<QueueConsumer> all = List.copyOf(consumers);
        consumers.clear();
        next = 0;
        return all;
    }
}
