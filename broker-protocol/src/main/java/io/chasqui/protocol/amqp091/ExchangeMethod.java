package io.chasqui.protocol.amqp091;

/** Class 40: exchanges (grammar "exchange"), with RabbitMQ's bindings between exchanges. */
public sealed interface ExchangeMethod extends Method {

    /** {@code autoDelete} and {@code internal} are reserved in 0-9-1 and revived by RabbitMQ. */
    record Declare(
            String exchange,
            String type,
            boolean passive,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            boolean noWait,
            FieldTable arguments)
            implements ExchangeMethod {}

    record DeclareOk() implements ExchangeMethod {}

    record Delete(String exchange, boolean ifUnused, boolean noWait) implements ExchangeMethod {}

    record DeleteOk() implements ExchangeMethod {}

    record Bind(
            String destination,
            String source,
            String routingKey,
            boolean noWait,
            FieldTable arguments)
            implements ExchangeMethod {}

    record BindOk() implements ExchangeMethod {}

    record Unbind(
            String destination,
            String source,
            String routingKey,
            boolean noWait,
            FieldTable arguments)
            implements ExchangeMethod {}

    record UnbindOk() implements ExchangeMethod {}
}
