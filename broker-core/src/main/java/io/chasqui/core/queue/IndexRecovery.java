package io.chasqui.core.queue;

/**
 * An index on its way back after a restart: filled from a checkpoint, then asked for messages by
 * their place in the log. Ends with {@link #end}, before the queue runs. Until then pages are read at
 * once, so the {@link PageIo} must answer at once.
 */
public final class IndexRecovery {

    private final QueueIndex index;
    private final IndexPages pages;
    private final IndexSearch search;

    IndexRecovery(QueueIndex index, IndexPages pages) {
        this.index = index;
        this.pages = pages;
        this.search = new IndexSearch(pages.directory(), pages.traffic());
        pages.traffic().beginRecovery();
    }

    /** Takes the content of a checkpoint into the index, which must be fresh. */
    public IndexSnapshotSink restoring() {
        if (index.nextSeq() != 0) {
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

    /** Whether the message at a durable position is in the queue. */
    public boolean contains(long position) {
        return find(position) != QueueIndex.NONE;
    }

    /**
     * Settles the message at a durable position.
     *
     * @return false if it is not in the queue
     */
    public boolean settle(long position) {
        long seq = find(position);
        if (seq == QueueIndex.NONE) {
            return false;
        }
        index.settle(seq);
        return true;
    }

    /** Recovery is over: drops its search tables and installs the port to be used from now on. */
    public void end(PageIo io) {
        PageDirectory directory = pages.directory();
        for (int place = 0; place < directory.size(); place++) {
            directory.at(place).positions = null;
        }
        index.recovered();
        pages.traffic().endRecovery(io);
    }
}
