package io.chasqui.core.vhost;

import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueCounters;
import io.chasqui.core.shard.Shard;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What happened in a virtual host since the start: what was published, by shard, and what happened
 * to queues that are gone. Queues that are there have counters of their own.
 */
final class VhostCounters {

    private final ConcurrentMap<Integer, PublishCounters> published = new ConcurrentHashMap<>();

    /** Guarded by the virtual host's lock. */
    private final QueueCounters gone = new QueueCounters();

    PublishCounters published(Shard shard) {
        return published.computeIfAbsent(shard.index(), _ -> new PublishCounters());
    }

    Collection<PublishCounters> published() {
        return published.values();
    }

    /** A queue goes; what happened to it still counts. Under the lock. */
    void retire(Queue queue) {
        gone.add(queue.counters());
    }

    /** Adds everything that happened to queues, those given and those gone. Under the lock. */
    QueueCounters consumed(Collection<Queue> there) {
        QueueCounters sum = new QueueCounters();
        sum.add(gone);
        for (Queue queue : there) {
            sum.add(queue.counters());
        }
        return sum;
    }
}
