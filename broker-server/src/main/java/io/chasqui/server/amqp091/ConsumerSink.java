package io.chasqui.server.amqp091;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.session.ConsumerReport;
import io.chasqui.core.session.DeliverySink;
import io.chasqui.core.session.Subscription;
import io.chasqui.core.shard.ShardCounters;
import io.chasqui.protocol.amqp091.DeliverWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes the messages of one consumer to its client, as basic.deliver. */
final class ConsumerSink implements DeliverySink {

    private final Link link;
    private final int channel;
    private final String tag;
    private final byte[] tagOctets;
    private final Unsettled unsettled;
    private final Consumers consumers;
    private final boolean exclusive;
    private final Arguments arguments;
    private final ShardCounters counters;
    private final DeliveredMessage message = new DeliveredMessage();
    private @Nullable Subscription subscription;
    private boolean lastAutoAck;

    ConsumerSink(
            Link link,
            int channel,
            String tag,
            boolean exclusive,
            Arguments arguments,
            Unsettled unsettled,
            Consumers consumers) {
        this.exclusive = exclusive;
        this.arguments = arguments;
        this.link = link;
        this.channel = channel;
        this.tag = tag;
        this.tagOctets = DeliverWriter.shortString(tag);
        this.unsettled = unsettled;
        this.consumers = consumers;
        this.counters = link.session().shard().counters();
    }

    String tag() {
        return tag;
    }

    /** What there is to tell of it, with its channel's prefetch. */
    ConsumerReport report(Subscription of, int prefetch) {
        return new ConsumerReport(
                tag,
                of.queue().name(),
                !of.autoAck(),
                exclusive,
                prefetch,
                of.activity(),
                arguments);
    }

    /** The subscription this writes for, once it is there. */
    @Nullable Subscription subscription() {
        return subscription;
    }

    void subscribed(Subscription begun) {
        subscription = begun;
    }

    @Override
    public void deliver(
            Subscription owner,
            long seq,
            long position,
            boolean redelivered,
            ByteBuffer record,
            int at) {
        message.read(record, at);
        if (redelivered) {
            message.tellCounts(owner.acquiredCount(), owner.failureCount());
        }
        int frameMax = link.frameMax();
        ByteBuffer out =
                link.output()
                        .begin(
                                DeliverWriter.deliverSize(tagOctets, message.namesLength())
                                        + message.contentSize(frameMax));
        DeliverWriter.deliver(
                out,
                channel,
                tagOctets,
                unsettled.tagFor(owner, seq, position),
                redelivered,
                record,
                message.namesAt(),
                message.namesLength());
        message.writeContent(out, channel, frameMax);
        lastAutoAck = owner.autoAck();
        count(1);
    }

    @Override
    public void undo() {
        link.output().takeBack();
        unsettled.undo();
        count(-1);
    }

    private void count(int messages) {
        if (lastAutoAck) {
            counters.deliveredAutoAck += messages;
        } else {
            counters.deliveredManualAck += messages;
        }
    }

    /** Nothing to tell: the next message follows. */
    @Override
    public void passedOver() {}

    @Override
    public int channel() {
        return channel;
    }

    @Override
    public boolean writable() {
        return link.writable();
    }

    @Override
    public void timedOut(Subscription owner, long timeoutMs) {
        consumers.timedOut(this, owner, timeoutMs);
    }

    @Override
    public void queueDeleted() {
        consumers.cancelledByBroker(this);
    }
}
