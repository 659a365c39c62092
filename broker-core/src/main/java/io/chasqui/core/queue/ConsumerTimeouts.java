package io.chasqui.core.queue;

import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.Timer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Watches that consumers settle what they are given in time. A consumer that keeps one message for
 * longer than it may is cancelled, and everything it has goes back to the queue: its own side does
 * that, since it alone knows what it has.
 *
 * <p>One timer for the queue; a message costs two entries in a table of its consumer and no object.
 * Belongs to the queue's shard.
 */
final class ConsumerTimeouts {

    private static final long NS_PER_MS = 1_000_000;

    /** Keeps the sum of a time and a timeout within a {@code long}. */
    private static final long LONGEST_MS = 315_360_000_000L;

    /** Stands for all messages of a consumer that nobody watched when they were given out. */
    private static final long UNWATCHED = Long.MAX_VALUE;

    private final Queue queue;
    private final Shard shard;
    private final Timer timer = new Timer(this::look);

    /** Those with a message out; each knows its place. */
    private @Nullable QueueConsumer[] watched = new QueueConsumer[2];

    private int size;

    ConsumerTimeouts(Queue queue, Shard shard) {
        this.queue = queue;
        this.shard = shard;
    }

    /** A message was written to the consumer's client. */
    void out(QueueConsumer consumer, long seq, long timeoutMs) {
        watch(consumer, seq, timeoutMs);
    }

    /** Messages that the consumer has must be settled in time too: for those unknown it begins now. */
    void watch(QueueConsumer consumer, long timeoutMs) {
        GivenOut known = consumer.sinceOut();
        int unwatched = consumer.out() - known.size();
        if (consumer.unwatched == 0 && unwatched > 0) {
            consumer.unwatched = unwatched;
            watch(consumer, UNWATCHED, timeoutMs);
        }
    }

    private void watch(QueueConsumer consumer, long seq, long timeoutMs) {
        long nowNs = shard.tickNs();
        consumer.sinceOut().put(seq, nowNs);
        if (consumer.watchedAt < 0) {
            if (size == watched.length) {
                watched = Arrays.copyOf(watched, size * 2);
            }
            consumer.watchedAt = size;
            watched[size++] = consumer;
        }
        wakeBy(nowNs + ns(timeoutMs));
    }

    /** The consumer has settled a message. */
    void settled(QueueConsumer consumer, long seq) {
        boolean known = consumer.sinceOut().remove(seq) != GivenOut.UNKNOWN;
        if (!known && consumer.unwatched > 0 && --consumer.unwatched == 0) {
            long unused = consumer.sinceOut().remove(UNWATCHED);
        }
        if (consumer.sinceOut().isEmpty()) {
            forget(consumer);
        }
    }

    private void forget(QueueConsumer consumer) {
        int at = consumer.watchedAt;
        if (at >= 0) {
            consumer.watchedAt = -1;
            QueueConsumer last = watched[--size];
            watched[size] = null;
            if (last != null && last != consumer) {
                watched[at] = last;
                last.watchedAt = at;
            }
        }
    }

    /** Cancels who is over time, and sees to it that the next one will be. */
    void look() {
        if (queue.isDeleted()) {
            return;
        }
        long nowNs = shard.nowNs();
        for (int at = size - 1; at >= 0; at--) {
            QueueConsumer consumer = watched[at];
            long timeoutMs =
                    consumer == null ? Queue.NO_TIMEOUT : queue.dispatch().timeoutMs(consumer);
            if (consumer == null || timeoutMs == Queue.NO_TIMEOUT) {
                continue;
            }
            long dueNs = consumer.sinceOut().oldest() + ns(timeoutMs);
            if (dueNs - nowNs <= 0) {
                forget(consumer);
                queue.dispatch().timedOut(consumer, timeoutMs);
            } else {
                wakeBy(dueNs);
            }
        }
    }

    private void wakeBy(long timeNs) {
        if (!timer.runsBy(timeNs)) {
            shard.arm(timer, timeNs);
        }
    }

    private static long ns(long ms) {
        return Math.min(ms, LONGEST_MS) * NS_PER_MS;
    }

    /** The queue is gone. */
    void end() {
        shard.disarm(timer);
    }
}
