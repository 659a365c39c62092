package io.chasqui.server.message;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import java.util.List;

/** Publishes and fetches whole messages. Called on the session's shard. */
public interface MessageDesk {

    /**
     * Publishes a message; the reply says what became of it, once it is on disk if it must be.
     *
     * @throws io.chasqui.protocol.amqp091.ProtocolException if it is refused, with the code and text
     *     that a client of AMQP gets
     */
    void publish(Session session, WholeMessage message, Reply<PublishOutcome> reply);

    /**
     * Takes messages from the head of a queue, and settles them all when it has them.
     *
     * @param most how many, if there are as many
     * @param settlement what becomes of them: acknowledged, requeued or rejected
     */
    void fetch(
            Session session,
            String queue,
            int most,
            Settlement settlement,
            Reply<List<FetchedMessage>> reply);
}
