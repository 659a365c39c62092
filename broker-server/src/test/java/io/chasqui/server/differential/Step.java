package io.chasqui.server.differential;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.util.Map;

/** What a client does next; the same on both brokers. */
sealed interface Step {

    /** After which no message is on its way. */
    sealed interface Quiet extends Step {}

    /**
     * Comes first.
     *
     * @param prefetch how many messages each consumer may keep; 0 for any number
     * @param order what of the order of deliveries is compared
     */
    record Begin(int prefetch, Order order) implements Quiet {}

    record DeclareExchange(
            String exchange,
            String type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            Map<String, Object> arguments)
            implements Quiet {}

    record FindExchange(String exchange) implements Quiet {}

    record DeleteExchange(String exchange, boolean ifUnused) implements Quiet {}

    record DeclareQueue(
            String queue,
            boolean durable,
            boolean exclusive,
            boolean autoDelete,
            Map<String, Object> arguments)
            implements Quiet {}

    record FindQueue(String queue) implements Quiet {}

    record DeleteQueue(String queue, boolean ifUnused, boolean ifEmpty) implements Step {}

    record Purge(String queue) implements Step {}

    record Bind(String queue, String exchange, String key, Map<String, Object> arguments)
            implements Quiet {}

    record Unbind(String queue, String exchange, String key, Map<String, Object> arguments)
            implements Quiet {}

    record BindExchange(
            String destination, String source, String key, Map<String, Object> arguments)
            implements Quiet {}

    record UnbindExchange(
            String destination, String source, String key, Map<String, Object> arguments)
            implements Quiet {}

    /**
     * Publishes one message after the other and waits for what becomes of them.
     *
     * @param number body of the first; the others count on from it
     */
    record Publish(
            String exchange,
            String key,
            boolean mandatory,
            BasicProperties properties,
            int number,
            int messages)
            implements Step {}

    /** Takes the first message and settles it, or keeps it for {@link Settle}. */
    record Get(String queue, Settlement settlement) implements Step {}

    /**
     * Settles what was kept or delivered: one of it, or all of it at once.
     *
     * @param which of them, counted by where they came from and then in order
     */
    record Settle(Settlement settlement, boolean multiple, int which) implements Step {}

    record Consume(
            String queue,
            String tag,
            boolean autoAck,
            boolean exclusive,
            Map<String, Object> arguments)
            implements Step {}

    record Cancel(String tag) implements Step {}

    /** Sets a policy, over HTTP. */
    record SetPolicy(
            boolean operator,
            String name,
            String pattern,
            String applyTo,
            int priority,
            Map<String, Object> definition)
            implements Step {}

    record ClearPolicy(boolean operator, String name) implements Step {}

    /** Closes the channel: what it keeps goes back. */
    record CloseChannel() implements Step {}

    /** Lets all times to live pass. */
    record LetTimePass() implements Step {}

    /**
     * Takes all messages of a queue.
     *
     * @param order what of their order is compared
     */
    record Drain(String queue, Order order) implements Step {}

    /** What of an order is the same for any two brokers. */
    enum Order {
        /** All of it. */
        WHOLE,

        /** That of messages that came the same way, through the same queues. */
        OF_EACH_WAY,

        /** Nothing. */
        NONE
    }

    enum Settlement {
        AUTOMATIC,
        ACKNOWLEDGE,
        REQUEUE,
        REJECT,
        DISCARD,
        KEEP
    }
}
