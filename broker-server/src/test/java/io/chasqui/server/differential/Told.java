package io.chasqui.server.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Messages as text, the same for two brokers if they are alike. */
final class Told {

    private Told() {}

    /**
     * A message that went to a consumer. Of a dead letter it does not say whether it is delivered again:
     * in RabbitMQ that depends on whether the consumer was waiting for it.
     */
    static String delivery(Envelope envelope, BasicProperties properties, byte[] body) {
        boolean isLetter =
                properties.getHeaders() != null && properties.getHeaders().containsKey("x-death");
        return isLetter
                ? message(
                        new Envelope(
                                envelope.getDeliveryTag(),
                                false,
                                envelope.getExchange(),
                                envelope.getRoutingKey()),
                        properties,
                        body)
                : message(envelope, properties, body);
    }

    /** The messages of a queue in their order, as far as it is compared. */
    static String inOrder(Step.Order order, List<GetResponse> messages) {
        TreeMap<String, List<String>> sorted = new TreeMap<>();
        for (GetResponse got : messages) {
            String text = message(got.getEnvelope(), got.getProps(), got.getBody());
            sorted.computeIfAbsent(way(order, got.getProps(), text), _ -> new ArrayList<>())
                    .add(text);
        }
        return sorted.toString();
    }

    /** What a message has in common with those whose order with it is compared. */
    static String way(Step.Order order, BasicProperties properties, String text) {
        return switch (order) {
            case WHOLE -> "";
            case OF_EACH_WAY -> queuesDiedIn(properties);
            case NONE -> text;
        };
    }

    private static String queuesDiedIn(BasicProperties properties) {
        return properties.getHeaders() != null
                        && properties.getHeaders().get("x-death") instanceof List<?> deaths
                ? deaths.stream()
                        .map(death -> String.valueOf(((Map<?, ?>) death).get("queue")))
                        .toList()
                        .toString()
                : "straight";
    }

    static String message(Envelope envelope, BasicProperties properties, byte[] body) {
        return new String(body, UTF_8)
                + (envelope.isRedeliver() ? " again" : "")
                + " from "
                + envelope.getExchange()
                + "/"
                + envelope.getRoutingKey()
                + " "
                + properties(properties);
    }

    static String properties(BasicProperties properties) {
        return "mode "
                + properties.getDeliveryMode()
                + " priority "
                + properties.getPriority()
                + " expiration "
                + properties.getExpiration()
                + " "
                + value(properties.getHeaders());
    }

    /** Tables in the order of their keys; without when a message died, which no two brokers share. */
    private static String value(@Nullable Object value) {
        if (value instanceof Map<?, ?> table) {
            Map<String, String> sorted = new TreeMap<>();
            table.forEach((key, field) -> {
                if (!key.equals("time")) {
                    sorted.put(key.toString(), value(field));
                }
            });
            return sorted.toString();
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(Told::value).toList().toString();
        }
        if (value instanceof Number number) {
            return number + number.getClass().getSimpleName().substring(0, 1);
        }
        return String.valueOf(value);
    }
}
