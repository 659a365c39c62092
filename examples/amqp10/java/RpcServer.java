import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.amqp.impl.AmqpEnvironmentBuilder;
import java.math.BigInteger;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

/** Answers requests for Fibonacci numbers that arrive in the queue "rpc": {@code RpcServer [count]}. */
public class RpcServer {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        var url = System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F");

        try (var environment = new AmqpEnvironmentBuilder().build();
                var connection = environment.connectionBuilder().uri(url).build();
                var management = connection.management()) {
            management.queue("rpc").declare();
            var missing = new CountDownLatch(count);
            // The responder sends what the handler returns to where the request's reply-to says, with its correlation id.
            try (var responder =
                    connection
                            .responderBuilder()
                            .requestQueue("rpc")
                            .handler(
                                    (context, request) -> {
                                        var n = Integer.parseInt(new String(request.body(), UTF_8));
                                        System.out.println("answered " + n);
                                        missing.countDown();
                                        return context.message(fibonacci(n).toString().getBytes(UTF_8));
                                    })
                            .build()) {
                System.out.println("waiting");
                if (!missing.await(PATIENCE_SECONDS, SECONDS)) {
                    throw new TimeoutException("no request came");
                }
                responder.pause(); // no more requests; the last answer goes out before it is closed
            }
        }
    }

    private static BigInteger fibonacci(int n) {
        var a = BigInteger.ZERO;
        var b = BigInteger.ONE;
        for (var i = 0; i < n; i++) {
            var sum = a.add(b);
            a = b;
            b = sum;
        }
        return a;
    }
}
