import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.ConnectionFactory;

/** Sends greetings to the queue "hello": {@code HelloProducer [count]}. */
public class HelloProducer {
    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            // Either side may come first: declaring a queue that exists already changes nothing.
            channel.queueDeclare("hello", false, false, false, null);
            for (var i = 1; i <= count; i++) {
                var body = "hello " + i;
                // The default exchange, named "", leads to the queue called like the routing key.
                channel.basicPublish("", "hello", null, body.getBytes(UTF_8));
                System.out.println("sent " + body);
            }
        }
    }
}
