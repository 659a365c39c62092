package io.chasqui.protocol.amqp091;

/** Class 50: queues (grammar "queue"). An empty queue name means the channel's last one. */
public sealed interface QueueMethod extends Method {

    record Declare(
            String queue,
            boolean passive,
            boolean durable,
            boolean exclusive,
            boolean autoDelete,
            boolean noWait,
            FieldTable arguments)
            implements QueueMethod {}

    record DeclareOk(String queue, long messageCount, long consumerCount) implements QueueMethod {}

    record Bind(
            String queue, String exchange, String routingKey, boolean noWait, FieldTable arguments)
            implements QueueMethod {}

    record BindOk() implements QueueMethod {}

    record Purge(String queue, boolean noWait) implements QueueMethod {}

    record PurgeOk(long messageCount) implements QueueMethod {}

    record Delete(String queue, boolean ifUnused, boolean ifEmpty, boolean noWait)
            implements QueueMethod {}

    record DeleteOk(long messageCount) implements QueueMethod {}

    /** The one queue method that cannot go without an answer. */
    record Unbind(String queue, String exchange, String routingKey, FieldTable arguments)
            implements QueueMethod {}

    record UnbindOk() implements QueueMethod {}
}
