package io.chasqui.core.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue's consumers. Those of the highest priority are served first, as long as they can take
 * messages; those of one priority are served in turn: the next one after the last served that can
 * take a message.
 */
final class ConsumerRing implements ConsumerLine {

    /** Highest priority first; none is empty. Most queues have one. */
    private final List<Level> levels = new ArrayList<>(1);

    private int size;

    /** The consumers of one priority, and whose turn it is. */
    private static final class Level {
        final long priority;
        final List<QueueConsumer> consumers = new ArrayList<>();
        int next;

        Level(long priority) {
            this.priority = priority;
        }

        /** Behind all others: the one whose turn it is keeps it. */
        void add(QueueConsumer consumer) {
            consumers.add(next++, consumer);
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

        @Nullable QueueConsumer nextReady() {
            int count = consumers.size();
            for (int i = 0; i < count; i++) {
                if (next >= count) {
                    next = 0;
                }
                QueueConsumer consumer = consumers.get(next++);
                if (consumer.mayTake()) {
                    return consumer;
                }
            }
            return null;
        }
    }

    @Override
    public boolean isEmpty() {
        return size == 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void add(QueueConsumer consumer) {
        level(consumer.priority()).add(consumer);
        size++;
    }

    private Level level(long priority) {
        int at = 0;
        while (at < levels.size() && levels.get(at).priority > priority) {
            at++;
        }
        if (at == levels.size() || levels.get(at).priority < priority) {
            levels.add(at, new Level(priority));
        }
        return levels.get(at);
    }

    @Override
    public boolean remove(QueueConsumer consumer) {
        for (Level level : levels) {
            if (level.remove(consumer)) {
                size--;
                levels.removeIf(any -> any.consumers.isEmpty());
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean anyExclusive() {
        return levels.stream()
                .flatMap(level -> level.consumers.stream())
                .anyMatch(QueueConsumer::exclusive);
    }

    @Override
    public @Nullable QueueConsumer nextReady() {
        for (int i = 0; i < levels.size(); i++) {
            QueueConsumer consumer = levels.get(i).nextReady();
            if (consumer != null) {
                return consumer;
            }
        }
        return null;
    }

    @Override
    public boolean isActive(QueueConsumer consumer) {
        return true;
    }

    @Override
    public List<QueueConsumer> all() {
        return levels.stream().flatMap(level -> level.consumers.stream()).toList();
    }

    @Override
    public List<QueueConsumer> clear() {
        List<QueueConsumer> all = all();
        levels.clear();
        size = 0;
        return all;
    }
}
