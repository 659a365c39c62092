import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;

/**
 * Receives the messages whose topic matches one of the patterns from the topic exchange "topic_logs":
 * {@code TopicsSubscriber COUNT PATTERN...}.
 */
public class TopicsSubscriber {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            throw new IllegalArgumentException("usage: TopicsSubscriber COUNT PATTERN...");
        }
        var count = Integer.parseInt(args[0]);
        var patterns = List.of(args).subList(1, args.length);
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.exchangeDeclare("topic_logs", "topic", true);
            var queue = channel.queueDeclare("", false, true, false, null).getQueue();
            for (var pattern : patterns) {
                // In a pattern * stands for exactly one word, # for any number of words, even none.
                channel.queueBind(queue, "topic_logs", pattern);
            }
            var deliveries = new LinkedBlockingQueue<Delivery>();
            channel.basicConsume(queue, true, (tag, delivery) -> deliveries.add(delivery), tag -> {});
            System.out.println("waiting");
            for (var i = 0; i < count; i++) {
                var delivery = deliveries.poll(PATIENCE_SECONDS, SECONDS);
                if (delivery == null) {
                    throw new TimeoutException("no message came");
                }
                System.out.println(
                        "received " + delivery.getEnvelope().getRoutingKey() + ": " + new String(delivery.getBody(), UTF_8));
            }
        }
    }
}
