import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;

/** Puts tasks into the durable queue "tasks", to be shared among workers: {@code WorkProducer [count]}. */
public class WorkProducer {
    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            // A durable queue and persistent messages: both are there again after the broker restarts.
            channel.queueDeclare("tasks", true, false, false, null);
            for (var i = 1; i <= count; i++) {
                var body = "task " + i;
                channel.basicPublish("", "tasks", MessageProperties.PERSISTENT_TEXT_PLAIN, body.getBytes(UTF_8));
                System.out.println("sent " + body);
            }
        }
    }
}
