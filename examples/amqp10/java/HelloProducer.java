import static com.rabbitmq.client.amqp.Publisher.Status.ACCEPTED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.amqp.Publisher;
import com.rabbitmq.client.amqp.impl.AmqpEnvironmentBuilder;
import java.util.concurrent.CompletableFuture;

/** Sends greetings to the queue "hello": {@code HelloProducer [count]}. */
public class HelloProducer {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        var url = System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F");

        try (var environment = new AmqpEnvironmentBuilder().build();
                var connection = environment.connectionBuilder().uri(url).build();
                var management = connection.management()) {
            // Either side may come first: declaring a queue that exists already changes nothing.
            management.queue("hello").declare();
            try (var publisher = connection.publisherBuilder().queue("hello").build()) {
                for (var i = 1; i <= count; i++) {
                    var body = "hello " + i;
                    var outcome = new CompletableFuture<Publisher.Status>();
                    // The client makes messages durable; one that is accepted is on disk.
                    publisher.publish(
                            publisher.message(body.getBytes(UTF_8)), told -> outcome.complete(told.status()));
                    if (outcome.get(PATIENCE_SECONDS, SECONDS) != ACCEPTED) {
                        throw new IllegalStateException("not accepted: " + outcome.get());
                    }
                    System.out.println("sent " + body);
                }
            }
        }
    }
}
