package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.session.SettlementBarrier;
import io.chasqui.core.session.Subscription;
import io.chasqui.core.session.UnackedLedger;
import io.chasqui.core.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.Role;
import org.jspecify.annotations.Nullable;

/**
 * Settles what the client has accepted and left for the broker to settle (rcv-settle-mode second, 1.0
 * §2.6.12): once it is on disk that the message is done with, so that it never comes again, not even after
 * a crash. What a tick brought is waited for together.
 */
final class SettlingSecond implements UnackedLedger.Settler, Shard.TickEnd {

    private final Wire wire;
    private final int channel;
    private final SettlementBarrier barrier;
    private List<Range> due = new ArrayList<>();
    private boolean mustWait;
    private boolean closed;

    /** Deliveries from one id to another. */
    private record Range(int first, int last) {}

    /**
     * @param channel to send on
     */
    SettlingSecond(Wire wire, int channel) {
        this.wire = wire;
        this.channel = channel;
        this.barrier = wire.broker().newSettlementBarrier();
    }

    /** Acknowledges one delivery; {@link #accepted} follows. */
    @Override
    public void settle(long tag, Subscription owner, long seq, long position) {
        owner.settle(seq, Settlement.ACKNOWLEDGED);
        mustWait |= barrier.acknowledged(owner, position);
    }

    /** The client has accepted the deliveries from {@code first} to {@code last}. */
    void accepted(int first, int last) {
        if (!mustWait) {
            send(new Range(first, last));
            return;
        }
        mustWait = false;
        if (due.isEmpty()) {
            wire.broker().shard().atTickEnd(this);
            due.add(new Range(first, last));
        } else if (due.getLast().last + 1 == first) {
            due.add(new Range(due.removeLast().first, last));
        } else {
            due.add(new Range(first, last));
        }
    }

    @Override
    public void tickEnded() {
        List<Range> waiting = due;
        due = new ArrayList<>();
        barrier.whenOnDisk(() -> waiting.forEach(this::send));
    }

    private void send(Range range) {
        if (!closed) {
            wire.send(channel, disposition(range.first, range.last, Accepted.getInstance()));
        }
    }

    /** Tells the client that deliveries are settled, with this outcome. */
    static Disposition disposition(int first, int last, @Nullable DeliveryState outcome) {
        Disposition told = new Disposition();
        told.setRole(Role.SENDER);
        told.setFirst(UnsignedInteger.valueOf(first));
        if (last != first) {
            told.setLast(UnsignedInteger.valueOf(last));
        }
        told.setSettled(true);
        told.setState(outcome);
        return told;
    }

    /** The session is closed: nothing more is settled. */
    void close() {
        closed = true;
    }
}
