package io.chasqui.core.exchange;

import io.chasqui.core.queue.Queue;

/** What a binding leads to. */
public sealed interface Destination {

    /** Compared by the identity of the queue, so a queue's successor is another destination. */
    record ToQueue(Queue queue) implements Destination {}

    /** RabbitMQ's binding between exchanges; compared by the identity of the exchange. */
    record ToExchange(Exchange exchange) implements Destination {}
}
