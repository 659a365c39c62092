import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.ConnectionFactory;

/**
 * Publishes one message for each topic given to the topic exchange "topic_logs":
 * {@code TopicsPublisher TOPIC...}.
 */
public class TopicsPublisher {
    public static void main(String[] topics) throws Exception {
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.exchangeDeclare("topic_logs", "topic", true);
            for (var topic : topics) {
                // A topic is words joined by dots, such as "kern.critical".
                channel.basicPublish("topic_logs", topic, null, "it happened".getBytes(UTF_8));
                System.out.println("sent " + topic);
            }
        }
    }
}
