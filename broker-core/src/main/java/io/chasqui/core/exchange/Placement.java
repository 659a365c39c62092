package io.chasqui.core.exchange;

import io.chasqui.core.message.Content;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.Arrival;
import io.chasqui.core.queue.DurableTargets;
import io.chasqui.core.queue.MessageSize;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardCounters;
import org.jspecify.annotations.Nullable;

/**
 * Stores a message once and hands it to each queue of its route. One for each publisher, whose
 * scratch space it is; makes no object for a message.
 */
public final class Placement {

    private final MessageStore store;
    private final Shard shard;
    private final ShardCounters counters;
    private final DurableTargets durable = new DurableTargets();

    public Placement(MessageStore store, Shard shard) {
        this.store = store;
        this.shard = shard;
        this.counters = shard.counters();
    }

    /** How a stored message comes to the queues of its route, other than by being sent to each. */
    public interface HandOut {

        /**
         * @param position where the message is stored
         * @param awaited what must be on disk before it is safe; 0 for nothing
         * @param size as {@link MessageSize} has it
         * @param word as {@link Arrival} has it
         */
        void handOut(Route route, long position, long awaited, int size, long word);
    }

    /**
     * Places a message on a route with queues.
     *
     * @param flags of its record
     * @param awaited whether somebody waits for it to be on disk
     * @param handOut null to send it to each queue
     * @return the log position that must be on disk before the message is safe; 0 if it need not be
     */
    public long place(
            int flags,
            Route route,
            Content content,
            boolean persistent,
            boolean awaited,
            MessageFormat format,
            @Nullable HandOut handOut) {
        int queues = route.size();
        int ids = collectDurable(route, persistent);
        long position =
                store.append(flags, content, durable.ids(), ids, queues, format.tag(), awaited);
        long safe = ids == 0 ? 0 : position;
        int size = MessageSize.of(MessageStore.recordBytes(content, ids), content.bodyLength());
        handOut(route, content, position, safe, size, false, handOut);
        return safe;
    }

    /** Begins a body that is stored part by part. */
    public LargeBody beginLarge(Route route, boolean persistent) {
        return store.beginLarge(collectDurable(route, persistent) > 0);
    }

    /** The same as {@link #place} for a message with such a body, which is whole. */
    public long placeLarge(
            int flags,
            Route route,
            LargeBody body,
            Content content,
            boolean persistent,
            boolean awaited,
            MessageFormat format,
            @Nullable HandOut handOut) {
        int queues = route.size();
        int ids = collectDurable(route, persistent && body.isDurable());
        long position =
                store.appendLarge(
                        flags, body, content, durable.ids(), ids, queues, format.tag(), awaited);
        long safe = ids == 0 ? 0 : position;
        int size = MessageSize.ofLarge(MessageStore.recordBytes(content, ids), body.bytes());
        handOut(route, content, position, safe, size, true, handOut);
        return safe;
    }

    private void handOut(
            Route route,
            Content content,
            long position,
            long awaited,
            int size,
            boolean large,
            @Nullable HandOut handOut) {
        int queues = route.size();
        long word = Arrival.of(large, content.timeToLiveMs(), content.priority());
        counters.routed++;
        counters.enqueued += queues;
        if (handOut != null) {
            handOut.handOut(route, position, awaited, size, word);
            return;
        }
        for (int i = 0; i < queues; i++) {
            Queue queue = route.queue(i);
            shard.send(queue.shard(), queue, position, size, word);
        }
    }

    private int collectDurable(Route route, boolean persistent) {
        durable.clear();
        if (persistent) {
            int queues = route.size();
            for (int i = 0; i < queues; i++) {
                durable.add(route.queue(i));
            }
        }
        return durable.count();
    }
}
