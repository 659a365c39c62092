package io.chasqui.core.definition;

/**
 * A policy as kept.
 *
 * @param name unique among those of its kind in its virtual host
 * @param pattern regular expression, to be found in the names of the queues or exchanges meant
 * @param priority the highest wins where several are for the same thing
 * @param definition what it sets, by RabbitMQ's keys
 */
public record PolicyDefinition(
        PolicyKind kind,
        String name,
        String pattern,
        ApplyTo applyTo,
        long priority,
        Arguments definition) {}
