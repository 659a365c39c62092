package io.chasqui.server.amqp091;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.session.GetSink;
import io.chasqui.core.session.Subscription;
import io.chasqui.core.shard.ShardCounters;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.DeliverWriter;
import java.nio.ByteBuffer;

/** Writes the answer to one basic.get. */
final class GetReply implements GetSink {

    private final Link link;
    private final int channel;
    private final Answers answers;
    private final Unsettled unsettled;
    private final ShardCounters counters;
    private final DeliveredMessage message = new DeliveredMessage();
    private long remaining;
    private boolean lastAutoAck;

    GetReply(Link link, int channel, Answers answers, Unsettled unsettled) {
        this.link = link;
        this.channel = channel;
        this.answers = answers;
        this.unsettled = unsettled;
        this.counters = link.session().shard().counters();
        link.awaitAnswer();
    }

    @Override
    public void empty() {
        counters.getEmpty++;
        if (!answers.isClosed()) {
            link.send(channel, new BasicMethod.GetEmpty());
        }
        link.answered();
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
        if (answers.isClosed()) {
            // Nobody is there to take it: back to its place, unless nobody would have settled it.
            if (!owner.autoAck()) {
                owner.settle(seq, Settlement.REQUEUED);
            }
            return;
        }
        message.read(record, at);
        if (redelivered) {
            message.tellCounts(owner.acquiredCount(), owner.failureCount());
        }
        int frameMax = link.frameMax();
        ByteBuffer out =
                link.output()
                        .begin(
                                DeliverWriter.getOkSize(message.namesLength())
                                        + message.contentSize(frameMax));
        DeliverWriter.getOk(
                out,
                channel,
                unsettled.tagFor(owner, seq, position),
                redelivered,
                record,
                message.namesAt(),
                message.namesLength(),
                remaining);
        message.writeContent(out, channel, frameMax);
        lastAutoAck = owner.autoAck();
        count(1);
        link.answered();
    }

    @Override
    public void undo() {
        if (answers.isClosed()) {
            return;
        }
        link.output().takeBack();
        unsettled.undo();
        count(-1);
        link.awaitAnswer();
    }

    private void count(int messages) {
        if (lastAutoAck) {
            counters.gotAutoAck += messages;
        } else {
            counters.gotManualAck += messages;
        }
    }

    /** The client waits for an answer, and there is no message to give it. */
    @Override
    public void passedOver() {
        empty();
    }

    @Override
    public int channel() {
        return channel;
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void timedOut(Subscription owner, long timeoutMs) {
        unsettled.ledger().giveBack(owner);
        if (!answers.isClosed()) {
            link.fail(channel, Violations.timedOut(channel, timeoutMs));
        }
    }

    @Override
    public void queueDeleted() {
        empty();
    }
}
