import jakarta.jms.JMSContext;

/** A durable subscription to a topic hears of what was published while nobody was there. */
public class DurableSubscriber {
    public static void main(String[] args) throws Exception {
        try (var context = connect()) {
            var topic = context.createTopic("news.sport");
            context.createDurableConsumer(topic, "fan").close(); // subscribed from now on
            context.createProducer().send(topic, "one");
        }
        try (var context = connect()) {
            var topic = context.createTopic("news.sport");
            context.createProducer().send(topic, "two");
            try (var consumer = context.createDurableConsumer(topic, "fan")) {
                System.out.println("heard " + consumer.receiveBody(String.class, Broker.PATIENCE_MS));
                System.out.println("heard " + consumer.receiveBody(String.class, Broker.PATIENCE_MS));
            }
            context.unsubscribe("fan");
            System.out.println("unsubscribed");
        }
    }

    private static JMSContext connect() {
        var context = Broker.factory().createContext();
        context.setClientID("chasqui-example"); // whose subscriptions these are
        return context;
    }
}
