import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.ConnectionFactory;

/** Broadcasts to everyone who listens to the fanout exchange "logs": {@code PubsubPublisher [count]}. */
public class PubsubPublisher {
    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.exchangeDeclare("logs", "fanout", true);
            for (var i = 1; i <= count; i++) {
                var body = "news " + i;
                // A fanout exchange ignores the routing key. With nobody listening the message is dropped.
                channel.basicPublish("logs", "", null, body.getBytes(UTF_8));
                System.out.println("sent " + body);
            }
        }
    }
}
