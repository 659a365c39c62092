import com.rabbitmq.client.ConnectionFactory;

/** Deletes the queue that the other examples use. */
public class Cleanup {
    public static void main(String[] args) throws Exception {
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));
        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.queueDelete("jms");
            System.out.println("clean");
        }
    }
}
