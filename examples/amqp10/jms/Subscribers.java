import jakarta.jms.JMSConsumer;

/** Topics: everybody hears everything; those who share a subscription share its messages. */
public class Subscribers {
    public static void main(String[] args) throws Exception {
        try (var context = Broker.factory().createContext()) {
            var topic = context.createTopic("news.weather");
            var alone = context.createConsumer(topic);
            var wet = context.createConsumer(topic, "sky = 'rain'");
            var first = context.createSharedConsumer(topic, "team");
            var second = context.createSharedConsumer(topic, "team");
            var producer = context.createProducer();
            for (var sky : new String[] {"sun", "rain"}) {
                producer.setProperty("sky", sky).send(topic, sky);
            }
            System.out.println("alone heard " + next(alone) + " and " + next(alone));
            System.out.println("selecting heard " + next(wet));
            var team = next(first) + next(second);
            System.out.println("the team heard " + (team.contains("sun") && team.contains("rain") ? "both" : team));
        }
    }

    private static String next(JMSConsumer consumer) {
        return consumer.receiveBody(String.class, Broker.PATIENCE_MS);
    }
}
