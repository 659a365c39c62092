import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;

/** Does tasks from the durable queue "tasks"; run as many workers as you like: {@code WorkWorker [count]}. */
public class WorkWorker {
    private static final int PATIENCE_SECONDS = 30;

    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.queueDeclare("tasks", true, false, false, null);
            // One unacknowledged task at a time, so that a slow worker does not hoard what others could do.
            channel.basicQos(1);
            var tasks = new LinkedBlockingQueue<Delivery>();
            channel.basicConsume("tasks", false, (tag, task) -> tasks.add(task), tag -> {});
            System.out.println("waiting");
            for (var i = 0; i < count; i++) {
                var task = tasks.poll(PATIENCE_SECONDS, SECONDS);
                if (task == null) {
                    throw new TimeoutException("no task came");
                }
                System.out.println("done " + new String(task.getBody(), UTF_8));
                // Were this worker to die before the ack, another one would get the task.
                channel.basicAck(task.getEnvelope().getDeliveryTag(), false);
            }
        }
    }
}
