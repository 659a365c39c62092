package io.chasqui.core.queue;

/**
 * Reaches the messages of one index wherever they lie, for those that must go before their turn.
 * Belongs to the queue's shard.
 */
final class IndexReach {

    private final IndexPages pages;
    private final Runnable mustWait;

    /**
     * @param mustWait told that the index's owner is to be called when a page has come
     */
    IndexReach(IndexPages pages, Runnable mustWait) {
        this.pages = pages;
        this.mustWait = mustWait;
    }

    /** What has become of a message; if it cannot be told yet the index's owner is called when it can. */
    Presence presence(long seq) {
        IndexPage page = pages.of(seq);
        pages.traffic().load(page);
        if (page.place == IndexPage.Place.LOADING) {
            mustWait.run();
            return Presence.LOADING;
        }
        int index = (int) seq & IndexPage.MASK;
        if (page == IndexPage.NO_PAGE || !pages.has(page) || !page.holds(index)) {
            return Presence.GONE;
        }
        return switch (page.state(index)) {
            case IndexPage.READY -> Presence.READY;
            case IndexPage.UNACKED -> Presence.OUT;
            default -> Presence.GONE;
        };
    }

    /**
     * The first ready message from a place on, wherever it lies; if it cannot be told yet the index's
     * owner is called when it can.
     *
     * @return its sequence number, {@link QueueIndex#NONE} or {@link QueueIndex#LOADING}
     */
    long nextReady(long from) {
        PageDirectory directory = pages.directory();
        long at = from;
        while (true) {
            int place = directory.ceiling(at >>> IndexPage.BITS);
            if (place == directory.size()) {
                return QueueIndex.NONE;
            }
            IndexPage page = directory.at(place);
            pages.traffic().load(page);
            if (page.place == IndexPage.Place.LOADING) {
                mustWait.run();
                return QueueIndex.LOADING;
            }
            if (pages.has(page)) {
                int begin = page.number == at >>> IndexPage.BITS ? (int) at & IndexPage.MASK : 0;
                int index = page.nextReady(Math.max(begin, page.first()));
                if (index < page.used()) {
                    return page.seq(index);
                }
                at = (page.number + 1) << IndexPage.BITS;
                pages.traffic().spillExcess(); // what was read only to look through it
            }
        }
    }

    /** Whether a message is still there, as far as can be told from memory. */
    boolean isLive(long seq) {
        return pages.isLive(seq);
    }

    /** Begins a walk at a message, or behind it; {@link #here} says where it has come to. */
    IndexWalk walkFrom(long seq) {
        return new IndexWalk(pages, seq);
    }

    /** As {@link IndexWalk#here}; the index's owner is called when a page has come that it waits for. */
    long here(IndexWalk walk) {
        long seq = walk.here();
        if (seq == QueueIndex.LOADING) {
            mustWait.run();
        }
        return seq;
    }

    /**
     * The next message behind another, given out or not, whose record says how long it may live; as
     * far as that is known without looking into a further page.
     */
    long nextLimitedInPage(long seq) {
        IndexPage page = pages.resident(seq);
        for (int index = ((int) seq & IndexPage.MASK) + 1; index < page.used(); index++) {
            long word = page.word(index);
            if (IndexPage.state(word) != IndexPage.GONE
                    && (IndexPage.flags(word) & IndexPage.TIME_TO_LIVE) != 0) {
                return page.seq(index);
            }
        }
        return QueueIndex.NONE;
    }

    /** Whether pages are spilled only when memory runs out. */
    void stayInMemory(boolean stay) {
        pages.traffic().stayInMemory(stay);
    }
}
