package io.chasqui.protocol.amqp091;

/** Class 60: publish, deliver and settle messages (grammar "basic"; nack from the errata). */
public sealed interface BasicMethod extends Method {

    record Qos(long prefetchSize, int prefetchCount, boolean global) implements BasicMethod {}

    record QosOk() implements BasicMethod {}

    record Consume(
            String queue,
            String consumerTag,
            boolean noLocal,
            boolean noAck,
            boolean exclusive,
            boolean noWait,
            FieldTable arguments)
            implements BasicMethod {}

    record ConsumeOk(String consumerTag) implements BasicMethod {}

    record Cancel(String consumerTag, boolean noWait) implements BasicMethod {}

    record CancelOk(String consumerTag) implements BasicMethod {}

    /** Followed by content. {@link PublishReader} reads it in place. */
    record Publish(String exchange, String routingKey, boolean mandatory, boolean immediate)
            implements BasicMethod {}

    /** Followed by content. */
    record Return(int replyCode, String replyText, String exchange, String routingKey)
            implements BasicMethod {}

    /** Followed by content. {@link DeliverWriter} writes it without this record. */
    record Deliver(
            String consumerTag,
            long deliveryTag,
            boolean redelivered,
            String exchange,
            String routingKey)
            implements BasicMethod {}

    record Get(String queue, boolean noAck) implements BasicMethod {}

    /** Followed by content. */
    record GetOk(
            long deliveryTag,
            boolean redelivered,
            String exchange,
            String routingKey,
            long messageCount)
            implements BasicMethod {}

    record GetEmpty() implements BasicMethod {}

    record Ack(long deliveryTag, boolean multiple) implements BasicMethod {}

    record Reject(long deliveryTag, boolean requeue) implements BasicMethod {}

    /** Deprecated by the spec, still spoken. */
    record RecoverAsync(boolean requeue) implements BasicMethod {}

    record Recover(boolean requeue) implements BasicMethod {}

    record RecoverOk() implements BasicMethod {}

    record Nack(long deliveryTag, boolean multiple, boolean requeue) implements BasicMethod {}
}
