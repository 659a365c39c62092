package io.chasqui.core.definition;

/** What a binding leads to: a queue, or another exchange (an extension of RabbitMQ's). */
public enum DestinationKind {
    QUEUE,
    EXCHANGE
}
