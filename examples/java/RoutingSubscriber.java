import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;

/**
 * Receives the messages of the given severities from the direct exchange "direct_logs":
 * {@code RoutingSubscriber COUNT SEVERITY...}.
 */
public class RoutingSubscriber {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            throw new IllegalArgumentException("usage: RoutingSubscriber COUNT SEVERITY...");
        }
        var count = Integer.parseInt(args[0]);
        var severities = List.of(args).subList(1, args.length);
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.exchangeDeclare("direct_logs", "direct", true);
            var queue = channel.queueDeclare("", false, true, false, null).getQueue();
            for (var severity : severities) {
                channel.queueBind(queue, "direct_logs", severity);
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
