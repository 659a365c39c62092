package io.chasqui.core.definition;

/**
 * A queue as declared (0-9-1 queue.declare).
 *
 * @param id unique in the whole broker and never used again, so that a record in the commit log
 *     that names a deleted queue cannot be taken for one of its successor's
 * @param durable never true for an exclusive queue, which dies with its connection (as in RabbitMQ)
 * @param arguments with {@code x-queue-type} always in it, as the broker puts the default there
 */
public record QueueDefinition(
        long id,
        String name,
        boolean durable,
        boolean exclusive,
        boolean autoDelete,
        Arguments arguments) {}
