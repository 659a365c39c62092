import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.util.HashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;

/** Asks the server behind the queue "rpc" for Fibonacci numbers: {@code RpcClient N...}. */
public class RpcClient {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] numbers) throws Exception {
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            var replyQueue = channel.queueDeclare("", false, true, false, null).getQueue();
            var answers = new LinkedBlockingQueue<Delivery>();
            channel.basicConsume(replyQueue, true, (tag, answer) -> answers.add(answer), tag -> {});

            // Ask everything at once; the correlation id tells which answer belongs to which question.
            var questions = new HashMap<String, String>();
            for (var n : numbers) {
                var id = "question-" + questions.size();
                questions.put(id, n);
                var question = new BasicProperties.Builder().replyTo(replyQueue).correlationId(id).build();
                channel.basicPublish("", "rpc", question, n.getBytes(UTF_8));
            }
            while (!questions.isEmpty()) {
                var answer = answers.poll(PATIENCE_SECONDS, SECONDS);
                if (answer == null) {
                    throw new TimeoutException("no answer came");
                }
                var n = questions.remove(answer.getProperties().getCorrelationId());
                if (n != null) {
                    System.out.println("fibonacci(" + n + ") = " + new String(answer.getBody(), UTF_8));
                }
            }
        }
    }
}
