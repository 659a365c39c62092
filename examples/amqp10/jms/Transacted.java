import jakarta.jms.JMSContext;

/** Takes a message and sends another in one local transaction: undone first, then done. */
public class Transacted {
    public static void main(String[] args) throws Exception {
        try (var context = Broker.factory().createContext(JMSContext.SESSION_TRANSACTED)) {
            var queue = context.createQueue("/queues/jms");
            context.createProducer().send(queue, "one");
            context.commit();

            try (var consumer = context.createConsumer(queue)) {
                System.out.println("took " + consumer.receive(Broker.PATIENCE_MS).getBody(String.class));
                context.createProducer().send(queue, "never");
                context.rollback();

                var again = consumer.receive(Broker.PATIENCE_MS);
                System.out.println("took " + again.getBody(String.class) + " again: " + again.getJMSRedelivered());
                context.createProducer().send(queue, "two");
                context.commit();

                System.out.println("took " + consumer.receive(Broker.PATIENCE_MS).getBody(String.class));
                context.commit();
            }
        }
    }
}
