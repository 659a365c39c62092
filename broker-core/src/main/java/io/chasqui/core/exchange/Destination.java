package io.chasqui.core.exchange;

import io.chasqui.core.queue.Queue;

/** What a binding leads to. Only queues today; an exchange becomes a second record. */
public sealed interface Destination {

    /** Compared by the identity of the queue, so a queue's successor is another destination. */
    record ToQueue(Queue queue) implements Destination {}
}
