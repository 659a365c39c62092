import jakarta.jms.Message;

/** Shows what the queue "jms" holds and takes nothing. */
public class Browse {
    public static void main(String[] args) throws Exception {
        try (var context = Broker.factory().createContext();
                var browser = context.createBrowser(context.createQueue("/queues/jms"))) {
            var found = browser.getEnumeration();
            while (found.hasMoreElements()) {
                var message = (Message) found.nextElement();
                System.out.println("there is " + message.getBody(String.class));
            }
        }
    }
}
