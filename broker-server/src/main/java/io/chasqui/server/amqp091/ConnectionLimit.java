package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections may be open at once, on all event loops together. */
final class ConnectionLimit {

    private final Optional<Integer> limit;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param limit empty for none
     */
    ConnectionLimit(Optional<Integer> limit) {
        this.limit = limit;
    }

    /**
     * Counts one more.
     *
     * @throws ProtocolException 530 if there are as many as there may be
     */
    void enter() {
        int most = limit.orElse(Integer.MAX_VALUE);
        if (open.getAndUpdate(count -> count < most ? count + 1 : count) >= most) {
            throw new ProtocolException(
                            ReplyCode.NOT_ALLOWED,
                            "connection refused: node connection limit (" + most + ") is reached")
                    .during(MethodId.CONNECTION_OPEN);
        }
    }

    /** Counts one less. */
    void leave() {
        open.decrementAndGet();
    }
}
