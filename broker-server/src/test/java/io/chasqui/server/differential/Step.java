package io.chasqui.server.differential;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.util.Map;

/** What a client does next; the same on both brokers. */
sealed interface Step {

    record DeclareExchange(
            String exchange,
            String type,
            boolean autoDelete,
            boolean internal,
            Map<String, Object> arguments)
            implements Step {}

    record DeleteExchange(String exchange, boolean ifUnused) implements Step {}

    record DeclareQueue(
            String queue, boolean durable, boolean exclusive, Map<String, Object> arguments)
            implements Step {}

    record DeleteQueue(String queue, boolean ifEmpty) implements Step {}

    record Purge(String queue) implements Step {}

    record Bind(String queue, String exchange, String key, Map<String, Object> arguments)
            implements Step {}

    record Unbind(String queue, String exchange, String key, Map<String, Object> arguments)
            implements Step {}

    record BindExchange(
            String destination, String source, String key, Map<String, Object> arguments)
            implements Step {}

    record UnbindExchange(
            String destination, String source, String key, Map<String, Object> arguments)
            implements Step {}

    record Publish(
            String exchange, String key, boolean mandatory, BasicProperties properties, int number)
            implements Step {}

    /** Takes the first message and settles it, or keeps it for {@link Settle}. */
    record Get(String queue, Settlement settlement) implements Step {}

    /** Settles what was kept: the oldest of it, or all of it at once. */
    record Settle(Settlement settlement, boolean multiple) implements Step {}

    enum Settlement {
        AUTOMATIC,
        ACKNOWLEDGE,
        REQUEUE,
        REJECT,
        KEEP
    }
}
