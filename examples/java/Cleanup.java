import com.rabbitmq.client.ConnectionFactory;
import java.util.List;

/** Deletes the queues and exchanges that the other examples leave behind. */
public class Cleanup {
    public static void main(String[] args) throws Exception {
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));

        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            // Deleting what is not there is no error.
            for (var queue : List.of("hello", "tasks", "rpc")) {
                channel.queueDelete(queue);
            }
            for (var exchange : List.of("logs", "direct_logs", "topic_logs")) {
                channel.exchangeDelete(exchange);
            }
            System.out.println("clean");
        }
    }
}
