package io.chasqui.core.queue;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.QueueArgument;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.message.StoredMessage;
import java.util.Optional;

/**
 * What a queue makes of its messages' priorities.
 *
 * @param highest level of every message whose priority is at least that
 * @param withoutPriority level of a message that has none
 */
record PriorityScale(int highest, int withoutPriority) {

    /** Quorum queues have 32 levels, whatever their arguments, with most messages in between. */
    private static final PriorityScale QUORUM = new PriorityScale(31, 4);

    /** The scale that a queue's arguments ask for; empty if it takes no notice of priorities. */
    static Optional<PriorityScale> of(Arguments arguments) {
        if (QueueType.of(arguments) == QueueType.QUORUM) {
            return Optional.of(QUORUM);
        }
        // RabbitMQ makes two levels of an x-max-priority of 0, too.
        return arguments.integer(QueueArgument.MAX_PRIORITY.wireName()).stream()
                .mapToObj(max -> new PriorityScale(Math.max(1, (int) max), 0))
                .findAny();
    }

    int level(int priority) {
        return priority == StoredMessage.NO_PRIORITY
                ? withoutPriority
                : Math.min(priority, highest);
    }
}
