package io.chasqui.core.queue;

import io.chasqui.core.definition.QueueDefinition;

/** Makes the order of a queue's messages: by priority if its arguments ask for it. */
public final class OrderFactory {

    private final PagePool pool;
    private final int segmentBits;

    /**
     * @param segmentBits log position &gt;&gt;&gt; segmentBits = number of its log segment
     */
    public OrderFactory(PagePool pool, int segmentBits) {
        this.pool = pool;
        this.segmentBits = segmentBits;
    }

    /**
     * @param pageArrived run on the queue's shard when its order had to wait for a page
     */
    public QueueOrder create(QueueDefinition queue, PageIo io, Runnable pageArrived) {
        return PriorityScale.of(queue.arguments())
                .<QueueOrder>map(scale -> byPriority(queue.id(), scale, io, pageArrived))
                .orElseGet(() -> byArrival(queue.id(), io, pageArrived));
    }

    private QueueIndex byArrival(long queueId, PageIo io, Runnable pageArrived) {
        return new QueueIndex(
                queueId, pool, io, segmentBits, QueueIndex.DEFAULT_RESIDENT_PAGES, pageArrived);
    }

    private PriorityIndex byPriority(
            long queueId, PriorityScale scale, PageIo io, Runnable pageArrived) {
        return new PriorityIndex(
                queueId,
                scale,
                io,
                (firstSeq, levelIo) ->
                        new QueueIndex(
                                queueId,
                                pool,
                                levelIo,
                                segmentBits,
                                PriorityIndex.RESIDENT_PAGES,
                                pageArrived,
                                firstSeq));
    }
}
