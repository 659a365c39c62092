import jakarta.jms.DeliveryMode;

/** Sends durable messages to the queue "jms": {@code Send [count]}. */
public class Send {
    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        try (var context = Broker.factory().createContext()) {
            var queue = context.createQueue("/queues/jms");
            // Persistent is the default of JMS. send() returns once the broker has the message on disk.
            var producer = context.createProducer().setDeliveryMode(DeliveryMode.PERSISTENT);
            for (var i = 1; i <= count; i++) {
                var colour = i % 2 == 0 ? "red" : "blue";
                producer.setProperty("colour", colour).send(queue, "message " + i);
                System.out.println("sent message " + i);
            }
        }
    }
}
