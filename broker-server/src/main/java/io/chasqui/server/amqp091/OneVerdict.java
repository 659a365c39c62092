package io.chasqui.server.amqp091;

import io.chasqui.core.queue.Queue;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.Verdicts;
import io.chasqui.server.message.PublishOutcome;
import java.util.List;

/** Waits for what the queues say to a single message. Lives on the session's shard. */
final class OneVerdict implements Verdicts {

    private final Session session;
    private final Reply<PublishOutcome> reply;
    private long durable;
    private int awaited;
    private boolean isRefused;

    OneVerdict(Session session, Reply<PublishOutcome> reply) {
        this.session = session;
        this.reply = reply;
    }

    @Override
    public long asked(long position, List<Queue> queues) {
        durable = position;
        awaited = queues.size();
        if (awaited == 0) {
            finish();
        }
        return 0;
    }

    @Override
    public void receive(long number, long taken, long unused) {
        isRefused |= taken == 0;
        awaited--;
        if (awaited == 0) {
            finish();
        }
    }

    private void finish() {
        if (isRefused) {
            reply.ok(PublishOutcome.REFUSED);
        } else {
            session.whenDurable(durable, () -> reply.ok(PublishOutcome.ROUTED));
        }
    }
}
