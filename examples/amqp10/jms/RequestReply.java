/** Asks and answers over the queue "jms" and a temporary queue for the answer. */
public class RequestReply {
    public static void main(String[] args) throws Exception {
        try (var client = Broker.factory().createContext(); var server = Broker.factory().createContext()) {
            var requests = server.createConsumer(server.createQueue("/queues/jms"));
            var answers = client.createTemporaryQueue();
            var consumer = client.createConsumer(answers);

            var question = client.createTextMessage("hello");
            question.setJMSReplyTo(answers);
            client.createProducer().send(client.createQueue("/queues/jms"), question);

            var request = requests.receive(Broker.PATIENCE_MS);
            var answer = server.createTextMessage(request.getBody(String.class).toUpperCase());
            answer.setJMSCorrelationID(request.getJMSMessageID());
            server.createProducer().send(request.getJMSReplyTo(), answer);

            var reply = consumer.receive(Broker.PATIENCE_MS);
            var fits = question.getJMSMessageID().equals(reply.getJMSCorrelationID());
            System.out.println("answered " + reply.getBody(String.class) + (fits ? "" : " to another question"));
        }
    }
}
