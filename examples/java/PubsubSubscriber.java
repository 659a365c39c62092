import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;

/** Listens to the fanout exchange "logs"; every subscriber gets every message: {@code PubsubSubscriber [count]}. */
public class PubsubSubscriber {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.exchangeDeclare("logs", "fanout", true);
            // An exclusive queue with a name chosen by the broker lives as long as this connection.
            var queue = channel.queueDeclare("", false, true, false, null).getQueue();
            channel.queueBind(queue, "logs", "");
            var deliveries = new LinkedBlockingQueue<Delivery>();
            channel.basicConsume(queue, true, (tag, delivery) -> deliveries.add(delivery), tag -> {});
            System.out.println("waiting");
            for (var i = 0; i < count; i++) {
                var delivery = deliveries.poll(PATIENCE_SECONDS, SECONDS);
                if (delivery == null) {
                    throw new TimeoutException("no message came");
                }
                System.out.println("received " + new String(delivery.getBody(), UTF_8));
            }
        }
    }
}
