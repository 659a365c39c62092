import com.rabbitmq.client.amqp.impl.AmqpEnvironmentBuilder;

/** Deletes the queues that the other examples leave behind. */
public class Cleanup {
    public static void main(String[] args) {
        var url = System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F");

        try (var environment = new AmqpEnvironmentBuilder().build();
                var connection = environment.connectionBuilder().uri(url).build();
                var management = connection.management()) {
            // Deleting what is not there is no error.
            management.queueDelete("hello");
            management.queueDelete("rpc");
            System.out.println("clean");
        }
    }
}
