import com.rabbitmq.client.ConnectionFactory;

/** Declares the durable queue "jms": JMS itself cannot, so this is done by AMQP 0-9-1. */
public class Setup {
    public static void main(String[] args) throws Exception {
        var broker = new ConnectionFactory();
        broker.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));
        try (var connection = broker.newConnection(); var channel = connection.createChannel()) {
            channel.queueDeclare("jms", true, false, false, null);
            System.out.println("ready");
        }
    }
}
