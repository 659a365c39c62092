package io.chasqui.core.boot;

import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.message.DeadLetter;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.OrderFactory;
import io.chasqui.core.queue.PageIo;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueLifecycle;
import io.chasqui.core.queue.QueueOrder;
import io.chasqui.core.queue.QueueSettings;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.QueueFactory;
import io.chasqui.core.vhost.VirtualHost;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes the queues of all virtual hosts, each at home on one shard: its declaring session's or, after a
 * restart, the next in turn. A queue that was there before gets the order that was recovered for it.
 */
final class HomedQueues implements QueueFactory {

    private final List<Shard> shards;
    private final List<PageIo> pageIo;
    private final MessageStore store;
    private final OrderFactory orders;
    private final RecoveredState recovered;
    private final long consumerTimeoutMs;
    private final AtomicLong nextHome = new AtomicLong();

    /**
     * @param pageIo for each shard
     * @param consumerTimeoutMs of queues that say nothing else
     */
    HomedQueues(
            List<Shard> shards,
            List<PageIo> pageIo,
            MessageStore store,
            OrderFactory orders,
            RecoveredState recovered,
            long consumerTimeoutMs) {
        this.shards = shards;
        this.pageIo = pageIo;
        this.store = store;
        this.orders = orders;
        this.recovered = recovered;
        this.consumerTimeoutMs = consumerTimeoutMs;
    }

    @Override
    public Queue create(
            VirtualHost vhost,
            QueueDefinition definition,
            QueueSettings settings,
            long ownerSession) {
        Shard home = homeShard();
        // Asked for before the order is: with that it is the queue that knows.
        Map<Long, ByteBuffer> annotations = recovered.annotations(definition.id());
        Queue made =
                new Queue(
                        definition,
                        settings,
                        ownerSession,
                        home,
                        store,
                        (queue, pageArrived) -> orderFor(queue, home, pageArrived),
                        new Life(vhost, consumerTimeoutMs));
        made.addedAnnotations().restore(annotations);
        return made;
    }

    @Override
    public void apply(Queue queue, QueueSettings settings) {
        queue.shard().submit(() -> queue.apply(settings));
    }

    private Shard homeShard() {
        for (Shard shard : shards) {
            if (shard.inLoop()) {
                return shard;
            }
        }
        return shards.get((int) (nextHome.getAndIncrement() % shards.size()));
    }

    private QueueOrder orderFor(QueueDefinition queue, Shard home, Runnable pageArrived) {
        PageIo io = pageIo.get(home.index());
        @Nullable QueueOrder known = recovered.takeIndex(queue.id(), pageArrived);
        if (known == null) {
            return orders.create(queue, io, pageArrived);
        }
        known.recovery().end(io);
        return known;
    }

    /** What a queue asks of its virtual host. */
    private record Life(VirtualHost vhost, long consumerTimeoutMs) implements QueueLifecycle {

        @Override
        public long remove(Queue queue) {
            return vhost.queueRemoved(queue);
        }

        @Override
        public List<Queue> route(DeadLetter letter) {
            return vhost.routing().route(letter);
        }

        @Override
        public void routesChanged() {
            vhost.routing().changed();
        }

        @Override
        public String describe(Queue queue) {
            return Resource.queue(queue.name(), vhost.name()).toString();
        }
    }
}
