package io.chasqui.server.amqp091;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.session.ConfirmLedger;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.Verdicts;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.PublishCounters;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.MethodId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Publisher confirms of one channel (errata, confirm.select): a publish is acknowledged when it is
 * on disk, or at the end of its tick if it need not go there. What a tick brought is waited for
 * with one waiter, and what became durable meanwhile is confirmed with one basic.ack. What a full
 * queue refused is answered with basic.nack.
 */
final class Confirms implements Shard.TickEnd, Verdicts {

    private static final int ACK_FRAME_BYTES = Amqp091.FRAME_OVERHEAD + 4 + 8 + 1;
    private static final int REQUEUE = 2;

    private final Link link;
    private final int channel;
    private final Session session;
    private final Shard shard;
    private final PublishCounters vhostCounters;
    private final PublishCounters channelCounters;
    private final MessageStore store;
    private final ConfirmLedger ledger = new ConfirmLedger();
    private final Runnable durabilityMoved = this::confirm;
    private boolean selected;
    private boolean tickEndDue;
    private boolean closed;
    private long confirmed;

    Confirms(Link link, int channel, MessageStore store) {
        this.link = link;
        this.channel = channel;
        this.session = link.session();
        this.shard = session.shard();
        this.vhostCounters = session.vhost().published(shard);
        this.channelCounters = session.channelCounters(channel).published;
        this.store = store;
    }

    /** Begins to confirm. */
    void select() {
        selected = true;
    }

    boolean selected() {
        return selected;
    }

    /**
     * Notes a publish.
     *
     * @param position what must be on disk before it is confirmed; 0 for nothing
     */
    void published(long position) {
        if (!selected) {
            return;
        }
        ledger.add(position, shard.tickNs());
        noted();
    }

    private void noted() {
        shard.counters().publishedForConfirm++;
        vhostCounters.publishedForConfirm++;
        channelCounters.publishedForConfirm++;
        callAtTickEnd();
    }

    private void callAtTickEnd() {
        if (!tickEndDue) {
            tickEndDue = true;
            shard.atTickEnd(this);
        }
    }

    @Override
    public long asked(long position, List<Queue> queues) {
        long number = ledger.add(position, shard.tickNs(), queues.size());
        noted();
        return number;
    }

    @Override
    public void receive(long number, long taken, long unused) {
        if (!closed) {
            ledger.answered(number, taken != 0);
            callAtTickEnd();
        }
    }

    @Override
    public void tickEnded() {
        tickEndDue = false;
        long highest = ledger.highestPosition();
        if (highest == 0 || highest < store.durable()) {
            confirm();
        } else if (!ledger.isEmpty()) {
            session.whenDurable(highest, durabilityMoved);
        }
    }

    /** How many publishes are not confirmed yet. */
    int unconfirmed() {
        return ledger.size();
    }

    /** Whether every publish is confirmed. */
    boolean isEmpty() {
        return ledger.isEmpty();
    }

    private void confirm() {
        if (closed) {
            return;
        }
        // An empty log is durable up to 0, and a publish that waits for nothing has position 0.
        long durable = Math.max(1, store.durable());
        long last = confirmBelow(durable);
        while (last > confirmed) {
            long count = last - confirmed;
            confirmed = last;
            if (ledger.refused()) {
                shard.counters().nacked += count;
                writeNack(last, count > 1);
            } else {
                shard.counters().confirmed += count;
                vhostCounters.confirmed += count;
                channelCounters.confirmed += count;
                writeAck(last, count > 1);
            }
            last = confirmBelow(durable);
        }
    }

    private long confirmBelow(long durable) {
        return ledger.confirmBelow(durable, shard.tickNs(), shard.counters().confirms);
    }

    /** RabbitMQ sets the requeue bit of the nacks that it sends. */
    private void writeNack(long tag, boolean multiple) {
        ByteBuffer out = link.output().begin(ACK_FRAME_BYTES);
        int start = FrameWriter.beginFrame(out, Amqp091.FRAME_METHOD, channel);
        out.putInt(MethodId.BASIC_NACK).putLong(tag).put((byte) (REQUEUE | (multiple ? 1 : 0)));
        FrameWriter.endFrame(out, start);
    }

    private void writeAck(long tag, boolean multiple) {
        ByteBuffer out = link.output().begin(ACK_FRAME_BYTES);
        int start = FrameWriter.beginFrame(out, Amqp091.FRAME_METHOD, channel);
        out.putInt(MethodId.BASIC_ACK).putLong(tag).put((byte) (multiple ? 1 : 0));
        FrameWriter.endFrame(out, start);
    }

    /** The channel is closed: nothing more is confirmed. */
    void close() {
        closed = true;
    }
}
