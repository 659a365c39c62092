import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Return;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Publishes and lets the broker confirm each message; then one message that no queue wants:
 * {@code Confirms [count]}.
 */
public class Confirms {
    private static final int PATIENCE_MS = 30_000;

    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            var queue = channel.queueDeclare("", false, true, false, null).getQueue();
            channel.confirmSelect();

            // Publish everything first, then wait: far quicker than waiting after each message.
            for (var i = 1; i <= count; i++) {
                channel.basicPublish("", queue, null, ("message " + i).getBytes(UTF_8));
            }
            channel.waitForConfirmsOrDie(PATIENCE_MS);
            System.out.println("confirmed " + count);

            // A mandatory message that reaches no queue comes back before it is confirmed.
            var returns = new LinkedBlockingQueue<Return>();
            channel.addReturnListener(returns::add);
            channel.basicPublish("", "no-such-queue", true, null, "lost".getBytes(UTF_8));
            channel.waitForConfirmsOrDie(PATIENCE_MS);
            var r = returns.remove();
            System.out.println(
                    "returned " + new String(r.getBody(), UTF_8) + ": " + r.getReplyCode() + " " + r.getReplyText());
        }
    }
}
