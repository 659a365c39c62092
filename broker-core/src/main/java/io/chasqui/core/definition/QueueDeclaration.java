package io.chasqui.core.definition;

/**
 * A queue as a client asks for it (0-9-1 queue.declare).
 *
 * @param name empty if the broker is to make one up
 */
public record QueueDeclaration(
        String name, boolean durable, boolean exclusive, boolean autoDelete, Arguments arguments) {

    public QueueDefinition withId(long id) {
        return new QueueDefinition(id, name, durable, exclusive, autoDelete, arguments);
    }
}
