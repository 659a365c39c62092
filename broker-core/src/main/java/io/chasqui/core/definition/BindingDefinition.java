package io.chasqui.core.definition;

/**
 * A binding. All five parts are its identity: the same queue may be bound twice under one key with
 * different arguments.
 *
 * @param source the name of the exchange that routes
 * @param destination the name of the queue or exchange that receives
 */
public record BindingDefinition(
        String source,
        DestinationKind kind,
        String destination,
        String routingKey,
        Arguments arguments) {}
