import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.amqp.Message;
import com.rabbitmq.client.amqp.impl.AmqpEnvironmentBuilder;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;

/** Asks the server behind the queue "rpc" for Fibonacci numbers: {@code RpcClient N...}. */
public class RpcClient {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] numbers) throws Exception {
        var url = System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F");

        try (var environment = new AmqpEnvironmentBuilder().build();
                var connection = environment.connectionBuilder().uri(url).build();
                // Answers come to a queue of its own, and tell by their correlation id which question is meant.
                var requester = connection.requesterBuilder().requestAddress().queue("rpc").requester().build()) {
            // Ask everything at once.
            var answers = new LinkedHashMap<String, CompletableFuture<Message>>();
            for (var n : numbers) {
                answers.put(n, requester.publish(requester.message(n.getBytes(UTF_8))));
            }
            for (var n : numbers) {
                var answer = answers.get(n).get(PATIENCE_SECONDS, SECONDS);
                System.out.println("fibonacci(" + n + ") = " + new String(answer.body(), UTF_8));
            }
        }
    }
}
