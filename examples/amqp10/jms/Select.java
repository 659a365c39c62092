/** Receives the red messages of the queue "jms", and leaves the others: {@code Select [count]}. */
public class Select {
    public static void main(String[] args) throws Exception {
        var count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        try (var context = Broker.factory().createContext();
                var consumer =
                        context.createConsumer(
                                context.createQueue("/queues/jms"), "colour = 'red' AND JMSPriority <= 4")) {
            for (var i = 0; i < count; i++) {
                var message = consumer.receive(Broker.PATIENCE_MS);
                if (message == null) {
                    throw new IllegalStateException("no message came");
                }
                System.out.println("selected " + message.getBody(String.class));
            }
        }
    }
}
