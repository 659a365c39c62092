package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.GetSink;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.Subscription;
import io.chasqui.server.message.FetchedMessage;
import io.chasqui.server.message.WholeMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes some messages from a queue, one after the other, and settles them together at the end, so
 * that none that goes back is taken twice. Lives on the session's shard.
 */
final class Fetch implements GetSink {

    private final Session session;
    private final String queue;
    private final int most;
    private final Settlement settlement;
    private final Reply<List<FetchedMessage>> reply;
    private final DeliveredMessage message = new DeliveredMessage();
    private final List<FetchedMessage> messages = new ArrayList<>();
    private final List<Taken> taken = new ArrayList<>();
    private long remaining;

    /** Tasks under way for deliveries that were taken back. */
    private int tasksOfUndone;

    private record Taken(Subscription owner, long seq) {}

    Fetch(
            Session session,
            String queue,
            int most,
            Settlement settlement,
            Reply<List<FetchedMessage>> reply) {
        this.session = session;
        this.queue = queue;
        this.most = most;
        this.settlement = settlement;
        this.reply = reply;
    }

    /**
     * @throws Refusal if nothing may be taken
     */
    void begin() {
        if (most <= 0) {
            finish();
        } else {
            session.subscriptions().get(queue, false, this);
        }
    }

    private void next() {
        if (tasksOfUndone > 0) {
            tasksOfUndone--; // its message comes again, and brings another task
            return;
        }
        if (messages.size() >= most) {
            finish();
            return;
        }
        try {
            session.subscriptions().get(queue, false, this);
        } catch (Refusal refusal) {
            settle();
            reply.refused(refusal);
        }
    }

    private void finish() {
        settle();
        reply.ok(List.copyOf(messages));
    }

    private void settle() {
        taken.forEach(each -> each.owner.settle(each.seq, settlement));
        taken.clear();
    }

    @Override
    public void found(long more) {
        remaining = more;
    }

    @Override
    public void deliver(
            Subscription owner,
            long seq,
            long position,
            boolean redelivered,
            ByteBuffer record,
            int at) {
        taken.add(new Taken(owner, seq));
        message.read(record, at);
        if (redelivered) {
            message.tellCounts(owner.acquiredCount(), owner.failureCount());
        }
        messages.add(new FetchedMessage(whole(), redelivered, remaining));
        session.shard().counters().gotManualAck++;
        session.shard().submit(this::next);
    }

    private WholeMessage whole() {
        ByteBuffer memory = message.memory();
        int exchangeAt = message.namesAt();
        int exchangeBytes = memory.get(exchangeAt) & 0xFF;
        int keyAt = exchangeAt + 1 + exchangeBytes;
        return new WholeMessage(
                text(memory, exchangeAt + 1, exchangeBytes),
                text(memory, keyAt + 1, memory.get(keyAt) & 0xFF),
                message.properties(),
                message.body());
    }

    private static String text(ByteBuffer record, int at, int bytes) {
        byte[] octets = new byte[bytes];
        record.get(at, octets);
        return new String(octets, UTF_8);
    }

    @Override
    public void undo() {
        taken.removeLast();
        messages.removeLast();
        session.shard().counters().gotManualAck--;
        tasksOfUndone++;
    }

    /** One that cannot be read is the last. */
    @Override
    public void passedOver() {
        finish();
    }

    @Override
    public void empty() {
        session.shard().counters().getEmpty++;
        finish();
    }

    /** Everything is settled within the request; nobody is left to be told. */
    @Override
    public void timedOut(Subscription subscription, long timeoutMs) {}

    @Override
    public void queueDeleted() {
        finish();
    }

    @Override
    public int channel() {
        return 0;
    }

    @Override
    public boolean writable() {
        return true;
    }
}
