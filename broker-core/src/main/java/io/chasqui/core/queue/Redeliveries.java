package io.chasqui.core.queue;

import io.chasqui.core.message.DeathReason;
import io.chasqui.core.message.DeliveryCounts;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.Timer;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Counts how often messages of a queue were given out in vain, ends that at a limit
 * (x-delivery-limit), and lets them rest before they are given out again ({@link DelayedRetry}).
 * Belongs to the queue's shard; there is one only for queues that count.
 *
 * <p>As in RabbitMQ 4.3 a message that comes back by basic.reject or with its closed channel counts
 * as failed; one that comes back by basic.nack or basic.recover, or because it was kept for too long,
 * counts as acquired only. The counts of
 * both survive a restart. A message that rests is neither ready nor unacknowledged; it is ready
 * again after a restart.
 */
final class Redeliveries implements Shard.TickEnd {

    private static final long NS_PER_MS = 1_000_000;

    /** Nothing rests for longer, whatever its client says: ten years. */
    private static final long LONGEST_MS = 10L * 365 * 24 * 3600 * 1000;

    private final Queue queue;
    private final Outcomes outcomes;
    private final Shard shard;
    private final MessageStore store;
    private final QueueOrder index;
    private final DeliveryCounts counts = new DeliveryCounts();
    private final PriorityQueue<Resting> resting =
            new PriorityQueue<>(Comparator.comparingLong(Resting::dueNs));
    private final Timer timer = new Timer(this::timeCame);

    private long limit;
    private DelayedRetry retry;
    private boolean gone;

    private record Resting(long seq, long dueNs) {}

    Redeliveries(
            Queue queue,
            Outcomes outcomes,
            Shard shard,
            MessageStore store,
            QueueOrder index,
            QueueSettings settings) {
        this.queue = queue;
        this.outcomes = outcomes;
        this.shard = shard;
        this.store = store;
        this.index = index;
        this.limit = settings.deliveryLimit();
        this.retry = settings.retry();
    }

    void apply(QueueSettings settings) {
        limit = settings.deliveryLimit();
        retry = settings.retry();
    }

    /**
     * A client failed with the message.
     *
     * @param restUntilMs when the client wants it to be given out again; 0 if it does not say
     */
    void failed(long seq, long restUntilMs) {
        int failures = index.countFailure(seq);
        if (limit != QueueSettings.UNBOUNDED && failures > limit) {
            outcomes.die(seq, DeathReason.DELIVERY_LIMIT);
            return;
        }
        logCounts(seq);
        giveBack(seq, delayMs(restUntilMs, retry.delayMs(true, failures)));
    }

    private void logCounts(long seq) {
        if (outcomes.isLogged(seq)) {
            if (counts.isEmpty()) {
                shard.atTickEnd(this);
            }
            counts.add(
                    index.receipt(seq, index.position(seq)),
                    index.deliveryCount(seq),
                    index.returns(seq));
        }
    }

    /** A client gave the message back unharmed; see {@link #failed}. */
    void returned(long seq, long restUntilMs) {
        index.countReturn(seq);
        logCounts(seq);
        giveBack(seq, delayMs(restUntilMs, retry.delayMs(false, index.deliveryCount(seq))));
    }

    /** As in RabbitMQ 4.3, the client's word counts for more than the queue's. */
    private long delayMs(long restUntilMs, long usualMs) {
        long nowMs = store.wallMs();
        return restUntilMs > nowMs ? Math.min(restUntilMs - nowMs, LONGEST_MS) : usualMs;
    }

    private void giveBack(long seq, long delayMs) {
        if (delayMs == 0) {
            index.putBack(seq);
            queue.gaveBack(seq);
        } else {
            resting.add(new Resting(seq, shard.nowNs() + delayMs * NS_PER_MS));
            wakeForFirst();
        }
    }

    private void wakeForFirst() {
        Resting first = resting.peek();
        if (first != null && !timer.runsBy(first.dueNs)) {
            shard.arm(timer, first.dueNs);
        }
    }

    private void timeCame() {
        boolean any = false;
        for (Resting first = resting.peek();
                first != null && first.dueNs - shard.nowNs() <= 0;
                first = resting.peek()) {
            resting.remove();
            index.putBack(first.seq);
            queue.gaveBack(first.seq);
            any = true;
        }
        wakeForFirst();
        if (any) {
            queue.headKnown();
        }
    }

    /** How often the message was given out in vain, failed or not. */
    int acquired(long seq) {
        return failures(seq) + index.returns(seq);
    }

    /** How often clients failed with the message. */
    int failures(long seq) {
        return index.deliveryCount(seq);
    }

    /** Messages that rest. */
    int waiting() {
        return resting.size();
    }

    /** Everything that rests is ready again: the queue does not count any more. */
    void end() {
        List<Resting> all = List.copyOf(resting);
        clear();
        for (Resting one : all) {
            index.putBack(one.seq);
            queue.gaveBack(one.seq);
        }
    }

    /** The queue is gone. */
    void clear() {
        gone = true;
        resting.clear();
        shard.disarm(timer);
    }

    @Override
    public void tickEnded() {
        if (!gone) {
            counts.writeTo(store.durableLog(), queue.id(), store.wallMs());
        }
    }
}
