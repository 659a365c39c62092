package io.chasqui.core.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of a queue, and whose turn it is: all take part ({@link ConsumerRing}), or one at a
 * time does ({@link SingleActiveConsumer}).
 */
sealed interface ConsumerLine permits ConsumerRing, SingleActiveConsumer {

    boolean isEmpty();

    int size();

    void add(QueueConsumer consumer);

    /** Takes a consumer out; false if it was not there. */
    boolean remove(QueueConsumer consumer);

    boolean anyExclusive();

    /**
     * The consumer whose turn it is to take a message, or null if none may. It must be given one, or
     * told {@link QueueConsumer#nothingCame()}.
     */
    @Nullable QueueConsumer nextReady();

    /** Whether the consumer takes part, or waits for another one to go. */
    boolean isActive(QueueConsumer consumer);

    /** Everyone in it. */
    List<QueueConsumer> all();

    /** Empties the line and returns who was in it. */
    List<QueueConsumer> clear();
}
