import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.amqp.impl.AmqpEnvironmentBuilder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

/** Receives greetings from the queue "hello": {@code HelloConsumer [count]}. */
public class HelloConsumer {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        var url = System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F");

        try (var environment = new AmqpEnvironmentBuilder().build();
                var connection = environment.connectionBuilder().uri(url).build();
                var management = connection.management()) {
            management.queue("hello").declare();
            System.out.println("waiting");
            var missing = new CountDownLatch(count);
            // One message at a time: the next is sent when this one is accepted. What is not accepted goes back.
            try (var consumer =
                    connection
                            .consumerBuilder()
                            .queue("hello")
                            .initialCredits(1)
                            .messageHandler(
                                    (context, message) -> {
                                        if (missing.getCount() > 0) {
                                            System.out.println("received " + new String(message.body(), UTF_8));
                                            context.accept();
                                            missing.countDown();
                                        }
                                    })
                            .build()) {
                if (!missing.await(PATIENCE_SECONDS, SECONDS)) {
                    throw new TimeoutException("no message came");
                }
                consumer.pause();
            }
        }
    }
}
