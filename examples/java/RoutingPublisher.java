import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.ConnectionFactory;

/**
 * Publishes one message for each severity given to the direct exchange "direct_logs":
 * {@code RoutingPublisher SEVERITY...}.
 */
public class RoutingPublisher {
    public static void main(String[] severities) throws Exception {
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.exchangeDeclare("direct_logs", "direct", true);
            for (var severity : severities) {
                // A direct exchange leads to the queues bound with exactly this routing key.
                channel.basicPublish("direct_logs", severity, null, "it happened".getBytes(UTF_8));
                System.out.println("sent " + severity);
            }
        }
    }
}
