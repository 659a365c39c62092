import jakarta.jms.JMSContext;

/** Receives from the queue "jms" and acknowledges: {@code Receive [count]}. */
public class Receive {
    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        try (var context = Broker.factory().createContext(JMSContext.CLIENT_ACKNOWLEDGE);
                var consumer = context.createConsumer(context.createQueue("/queues/jms"))) {
            for (var i = 0; i < count; i++) {
                var message = consumer.receive(Broker.PATIENCE_MS);
                if (message == null) {
                    throw new IllegalStateException("no message came");
                }
                System.out.println("received " + message.getBody(String.class));
                message.acknowledge();
            }
        }
    }
}
