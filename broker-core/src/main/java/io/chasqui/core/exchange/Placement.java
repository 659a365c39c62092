package io.chasqui.core.exchange;

import io.chasqui.core.message.Content;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.Arrival;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardCounters;

/**
 * Stores a message once and hands it to each queue of its route. One for each publisher, whose
 * scratch space it is; makes no object for a message.
 */
public final class Placement {

    private final MessageStore store;
    private final Shard shard;
    private final ShardCounters counters;
    private long[] durableIds = new long[8];

    public Placement(MessageStore store, Shard shard) {
        this.store = store;
        this.shard = shard;
        this.counters = shard.counters();
    }

    /**
     * Places a message on a route with queues.
     *
     * @param flags of its record
     * @return the log position that must be on disk before the message is safe; 0 if it need not be
     */
    public long place(
            int flags,
            Route route,
            Content content,
            boolean persistent,
            boolean awaited,
            MessageFormat format) {
        int queues = route.size();
        int ids = persistent ? collectDurableIds(route, queues) : 0;
        long position =
                store.append(flags, content, durableIds, ids, queues, format.tag(), awaited);
        handOut(route, content, position, MessageStore.recordBytes(content, ids), false);
        return ids == 0 ? 0 : position;
    }

    /** Begins a body that is stored part by part. */
    public LargeBody beginLarge(Route route, boolean persistent) {
        return store.beginLarge(persistent && collectDurableIds(route, route.size()) > 0);
    }

    /** The same as {@link #place} for a message with such a body, which is whole. */
    public long placeLarge(
            int flags,
            Route route,
            LargeBody body,
            Content content,
            boolean persistent,
            boolean awaited,
            MessageFormat format) {
        int queues = route.size();
        int ids = persistent && body.isDurable() ? collectDurableIds(route, queues) : 0;
        long position =
                store.appendLarge(
                        flags, body, content, durableIds, ids, queues, format.tag(), awaited);
        handOut(route, content, position, MessageStore.recordBytes(content, ids), true);
        return ids == 0 ? 0 : position;
    }

    private void handOut(Route route, Content content, long position, int length, boolean large) {
        int queues = route.size();
        long word = Arrival.of(large, content.timeToLiveMs(), content.priority());
        counters.routed++;
        counters.enqueued += queues;
        for (int i = 0; i < queues; i++) {
            Queue queue = route.queue(i);
            shard.send(queue.shard(), queue, position, length, word);
        }
    }

    private int collectDurableIds(Route route, int queues) {
        if (queues > durableIds.length) {
            durableIds = new long[Math.max(queues, durableIds.length * 2)];
        }
        int ids = 0;
        for (int i = 0; i < queues; i++) {
            Queue queue = route.queue(i);
            if (queue.isDurable()) {
                durableIds[ids++] = queue.id();
            }
        }
        return ids;
    }
}
