package io.chasqui.core.definition;

/**
 * An exchange as declared (0-9-1 exchange.declare).
 *
 * @param autoDelete it goes when the last binding it is the source of goes, not before it had one
 * @param internal clients may not publish to it, bindings and dead letters reach it
 */
public record ExchangeDefinition(
        String name,
        ExchangeType type,
        boolean durable,
        boolean autoDelete,
        boolean internal,
        Arguments arguments) {}
