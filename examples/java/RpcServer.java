import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;

/** Answers requests for Fibonacci numbers that arrive in the queue "rpc": {@code RpcServer [count]}. */
public class RpcServer {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.queueDeclare("rpc", false, false, false, null);
            channel.basicQos(1);
            var requests = new LinkedBlockingQueue<Delivery>();
            channel.basicConsume("rpc", false, (tag, request) -> requests.add(request), tag -> {});
            System.out.println("waiting");
            for (var i = 0; i < count; i++) {
                var request = requests.poll(PATIENCE_SECONDS, SECONDS);
                if (request == null) {
                    throw new TimeoutException("no request came");
                }
                var n = Integer.parseInt(new String(request.getBody(), UTF_8));
                // The request names the queue to answer to; its correlation id tells the client which question
                // this is about.
                var about = new BasicProperties.Builder()
                        .correlationId(request.getProperties().getCorrelationId())
                        .build();
                var answer = Long.toString(fibonacci(n));
                channel.basicPublish("", request.getProperties().getReplyTo(), about, answer.getBytes(UTF_8));
                System.out.println("answered " + n);
                channel.basicAck(request.getEnvelope().getDeliveryTag(), false);
            }
        }
    }

    private static long fibonacci(int n) {
        long a = 0;
        long b = 1;
        for (var i = 0; i < n; i++) {
            var next = a + b;
            a = b;
            b = next;
        }
        return a;
    }
}
