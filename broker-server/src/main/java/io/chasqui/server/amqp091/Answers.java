package io.chasqui.server.amqp091;

import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Reply;
import io.chasqui.protocol.amqp091.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How one channel answers requests that may have to wait for another shard or for the disk. While
 * one is open nothing more is read from the connection, so that answers come in the order of the
 * requests; a request with no-wait waits too, but is not answered.
 */
final class Answers {

    private final Link link;
    private final int channel;
    private final List<Method> after = new ArrayList<>();
    private int open;
    private boolean closed;

    Answers(Link link, int channel) {
        this.link = link;
        this.channel = channel;
    }

    /** Answers at once. */
    void now(boolean noWait, Method ok) {
        if (!noWait) {
            link.send(channel, ok);
        }
    }

    /** Begins to wait; what is returned ends it and sends the answer. */
    Runnable later(boolean noWait, Method ok) {
        begin();
        return () -> answer(noWait, ok);
    }

    /**
     * Begins to wait; what is returned ends it and sends the answer.
     *
     * @param methodId the request, to be named when it is refused
     * @param toMethod makes the answer; called even if none is sent
     */
    <T> Reply<T> later(boolean noWait, int methodId, Function<T, Method> toMethod) {
        begin();
        return new Reply<>() {
            @Override
            public void ok(T result) {
                answer(noWait, toMethod.apply(result));
            }

            @Override
            public void refused(Refusal refusal) {
                answered();
                if (!closed) {
                    link.fail(channel, Refusals.during(methodId, refusal));
                }
            }
        };
    }

    private void answer(boolean noWait, Method ok) {
        if (!closed && !noWait) {
            link.send(channel, ok);
        }
        answered();
    }

    private void begin() {
        open++;
        link.awaitAnswer();
    }

    private void answered() {
        open--;
        link.answered();
        if (open == 0) {
            after.forEach(this::tell);
            after.clear();
        }
    }

    /**
     * Tells the client something it did not ask for. What happens because of a request comes after
     * its answer: who deletes a queue hears first that it is deleted, then that a consumer ended.
     */
    void tell(Method news) {
        if (open > 0) {
            after.add(news);
        } else if (!closed) {
            link.send(channel, news);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** The channel is closed: what is still to come is not sent. */
    void close() {
        closed = true;
    }
}
