package io.chasqui.core.queue;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.Timer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a queue only because time passes: its messages expire, and a queue that nobody uses
 * goes (x-expires). A queue without either holds no more than this object; any other one timer.
 * Belongs to the queue's shard.
 */
final class QueueTime implements MessageExpiry.Effects {

    private static final long NS_PER_MS = 1_000_000;
    private static final double MS_PER_SECOND = 1e3;

    private final Queue queue;
    private final Shard shard;
    private final MessageStore store;
    private final QueueOrder order;
    private final boolean recovered;
    private long queueTtlMs;

    /** How long the queue may be unused; 0 for ever. */
    private long leaseNs;

    private long lastUsedNs;

    /** What is known of messages' times; null until somebody asks. */
    private @Nullable MessageTimes times;

    /** The same from the first message on whose life is limited. */
    private @Nullable MessageTimes expiry;

    private @Nullable Timer timer;

    QueueTime(
            Queue queue,
            Shard shard,
            MessageStore store,
            QueueOrder order,
            QueueSettings settings) {
        this.queue = queue;
        this.shard = shard;
        this.store = store;
        this.order = order;
        this.recovered = order.ready() > 0;
        this.queueTtlMs = settings.messageTtlMs();
        this.leaseNs = settings.leaseMs() * NS_PER_MS;
        if (leaseNs > 0) {
            lastUsedNs = shard.nowNs();
        }
        if (queueTtlMs != MessageExpiry.FOR_EVER || recovered) {
            expiry(); // of recovered messages any may have a time to live of its own
        }
    }

    /** Whether {@link #start} has anything to do. */
    boolean isNeeded() {
        return leaseNs > 0 || expiry != null;
    }

    /** The queue goes by other settings: a changed lease begins anew, as in RabbitMQ. */
    void apply(QueueSettings settings) {
        long newLeaseNs = settings.leaseMs() * NS_PER_MS;
        if (newLeaseNs != leaseNs) {
            leaseNs = newLeaseNs;
            renewLease();
        }
        if (settings.messageTtlMs() != queueTtlMs) {
            queueTtlMs = settings.messageTtlMs();
            expiry().queueTtl(queueTtlMs);
            look();
        }
    }

    /** Time begins to count, on the shard. */
    void start() {
        checkLease();
        look();
    }

    // -- messages

    void arrived(long seq, long timeToLiveMs) {
        MessageTimes expiring = expiry;
        if (expiring != null) {
            expiring.arrived(seq, timeToLiveMs);
        } else if (timeToLiveMs != StoredMessage.FOR_EVER) {
            expiry().arrived(seq, timeToLiveMs);
        }
    }

    /** As {@link QueueOrder#takeReady}, for a consumer; what has expired is passed over. */
    long takeFresh() {
        MessageTimes expiring = expiry;
        return expiring == null ? order.takeReady() : expiring.takeFresh();
    }

    /** As {@link QueueOrder#takeReady}; what has expired is passed over. */
    long take() {
        MessageTimes expiring = expiry;
        return expiring == null ? order.takeReady() : expiring.take();
    }

    void gaveBack(long seq) {
        MessageTimes expiring = expiry;
        if (expiring != null) {
            expiring.gaveBack(seq);
        }
    }

    /** Lets go what is due, so that counts tell of none of it; and minds the head that there is now. */
    void look() {
        MessageTimes expiring = expiry;
        if (expiring != null && !queue.isDeleted()) {
            queue.boundBeforeDispatch();
            expiring.look(queue.dispatch().isDue());
        }
    }

    /** The same, and no consumer can take what came in this tick. */
    void expire() {
        MessageTimes expiring = expiry;
        if (expiring != null) {
            expiring.look(false);
        }
    }

    @Override
    public void expired(long seq) {
        queue.outcomes().expired(seq);
    }

    @Override
    public boolean mayExpire() {
        return !queue.outcomes().buriesMany();
    }

    private MessageTimes expiry() {
        MessageTimes known = times();
        expiry = known;
        return known;
    }

    private MessageTimes times() {
        MessageTimes known = times;
        if (known == null) {
            known =
                    new MessageTimes(
                            order, store, shard, queueTtlMs, recovered, this, queue::headKnown);
            times = known;
        }
        return known;
    }

    /** When the first ready message was stored; empty if there is none, or while it is being read. */
    OptionalLong oldestReadyMs() {
        return queue.isDeleted() || order.ready() == 0
                ? OptionalLong.empty()
                : times().oldestReadyMs();
    }

    /** For how long the first ready message has been stored; not a number where that is empty. */
    double oldestReadySeconds() {
        OptionalLong storedMs = oldestReadyMs();
        return storedMs.isEmpty()
                ? Double.NaN
                : Math.max(0, store.wallMs() - storedMs.getAsLong()) / MS_PER_SECOND;
    }

    // -- the lease

    /** Somebody used the queue, or its last consumer left. */
    void renewLease() {
        if (leaseNs > 0) {
            lastUsedNs = shard.nowNs();
            wakeBy(lastUsedNs + leaseNs);
        }
    }

    private void checkLease() {
        if (leaseNs == 0 || queue.consumers() > 0) {
            return; // the last consumer's leaving begins a new lease
        }
        long endNs = lastUsedNs + leaseNs;
        if (endNs - shard.nowNs() <= 0) {
            queue.leaseEnded();
        } else {
            wakeBy(endNs);
        }
    }

    // -- the timer

    @Override
    public void lookAgainIn(long ms) {
        wakeBy(shard.nowNs() + ms * NS_PER_MS);
    }

    private void wakeBy(long timeNs) {
        Timer armed = timer;
        if (armed == null) {
            armed = new Timer(this::timeCame);
            timer = armed;
        }
        if (!armed.runsBy(timeNs)) {
            shard.arm(armed, timeNs);
        }
    }

    private void timeCame() {
        checkLease();
        queue.headKnown();
    }

    /** The queue is gone. */
    void end() {
        if (times != null) {
            times.end();
        }
        Timer armed = timer;
        if (armed != null) {
            shard.disarm(armed);
        }
    }
}
