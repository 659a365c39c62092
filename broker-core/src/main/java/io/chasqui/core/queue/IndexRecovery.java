package io.chasqui.core.queue;

/** The way back of an index by arrival after a restart. */
public final class IndexRecovery implements OrderRecovery {

    private final QueueIndex index;
    private final IndexPages pages;
    private final IndexSearch search;

    IndexRecovery(QueueIndex index, IndexPages pages) {
        this.index = index;
        this.pages = pages;
        this.search = new IndexSearch(pages.directory(), pages.traffic());
        pages.traffic().beginRecovery();
    }

    @Override
    public IndexSnapshotSink restoring() {
        if (!index.isFresh()) {
            throw new IllegalStateException("queue " + index.queueId() + " is in use");
        }
        return new IndexRestore(index, pages.pool());
    }

    /**
     * The live message at a durable position, {@link QueueIndex#NONE} if there is none. Costs O(1) for
     * positions asked for in the queue's order.
     */
    public long find(long position) {
        return search.find(position);
    }

    @Override
    public boolean contains(long position) {
        return find(position) != QueueIndex.NONE;
    }

    @Override
    public boolean contains(long position, int priority) {
        return contains(position);
    }

    @Override
    public boolean settle(long position) {
        long seq = find(position);
        if (seq == QueueIndex.NONE) {
            return false;
        }
        index.settle(seq);
        return true;
    }

    @Override
    public void count(long receipt, int failures, int returns) {
        long seq = find(receipt);
        if (seq != QueueIndex.NONE) {
            index.restoreCount(seq, failures);
            index.restoreReturns(seq, returns);
        }
    }

    @Override
    public void end(PageIo io) {
        PageDirectory directory = pages.directory();
        for (int place = 0; place < directory.size(); place++) {
            directory.at(place).positions = null;
        }
        index.recovered();
        pages.traffic().endRecovery(io);
    }
}
