package io.chasqui.core.queue;

import org.jspecify.annotations.Nullable;

/**
 * The pages of one index: finds the page of a message, opens the next one at the end, and gives back
 * those that are done with.
 *
 * <p>A page grows with its messages from 16 entries on. The last page stays when its messages are
 * gone, and is begun anew in place, so that an index that runs empty all the time neither allocates
 * nor frees.
 */
final class IndexPages {

    private final long queueId;
    private final PagePool pool;
    private final PageDirectory directory = new PageDirectory();
    private final PageTraffic traffic;

    /** A page object that died, for the next page. */
    private @Nullable IndexPage spare;

    private IndexPage tail = IndexPage.NO_PAGE;
    private IndexPage recent = IndexPage.NO_PAGE;

    IndexPages(
            long queueId,
            PagePool pool,
            PageIo io,
            int segmentBits,
            int residentPages,
            PageTraffic.Owner owner) {
        this.queueId = queueId;
        this.pool = pool;
        this.traffic =
                new PageTraffic(queueId, pool, io, segmentBits, residentPages, directory, owner);
    }

    PagePool pool() {
        return pool;
    }

    PageDirectory directory() {
        return directory;
    }

    PageTraffic traffic() {
        return traffic;
    }

    /** The page that is appended to, or {@link IndexPage#NO_PAGE}. */
    IndexPage tail() {
        return tail;
    }

    /** Makes room for a message at the end: in the last page, or in a new one. */
    IndexPage makeRoom(long seq) {
        long number = seq >>> IndexPage.BITS;
        int index = (int) seq & IndexPage.MASK;
        IndexPage page = tail;
        if (page != IndexPage.NO_PAGE) {
            if (page.live == 0) {
                page.restart(number, index);
                return page;
            }
            if (page.number == number) {
                page.extend(pool);
                return page;
            }
        }
        IndexPage opened = spare == null ? new IndexPage() : spare;
        spare = null;
        opened.open(pool, number, index, 0);
        directory.add(opened);
        tail = opened;
        return opened;
    }

    /** The page that the message is or was in, or {@link IndexPage#NO_PAGE}. */
    IndexPage of(long seq) {
        IndexPage page = recent;
        if (page.number != seq >>> IndexPage.BITS) {
            page = directory.find(seq >>> IndexPage.BITS);
            recent = page;
        }
        return page;
    }

    /**
     * The page with the entry of a message that was peeked at or taken.
     *
     * @throws IllegalStateException if it is not in memory
     */
    IndexPage resident(long seq) {
        IndexPage page = of(seq);
        if (!page.resident() || !page.holds((int) seq & IndexPage.MASK)) {
            throw notLive(seq);
        }
        return page;
    }

    IllegalStateException notLive(long seq) {
        return new IllegalStateException(
                "message " + seq + " of queue " + queueId + " is gone, spilled or not given out");
    }

    /** Whether a message is still there, as far as can be told from memory. */
    boolean isLive(long seq) {
        IndexPage page = of(seq);
        int index = (int) seq & IndexPage.MASK;
        return page != IndexPage.NO_PAGE
                && has(page)
                && (!page.resident() || (page.holds(index) && page.state(index) != IndexPage.GONE));
    }

    /** Whether the page is one of these, and not one taken out meanwhile. */
    boolean has(IndexPage page) {
        return directory.find(page.number) == page;
    }

    /** Takes a page out with all its messages; it is the caller's to discard. */
    void detach(IndexPage page) {
        directory.remove(page);
        if (page == tail) {
            tail = IndexPage.NO_PAGE;
        }
        if (page == recent) {
            recent = IndexPage.NO_PAGE;
        }
    }

    /** Gives back a page whose messages are gone. */
    void drop(IndexPage page) {
        detach(page);
        traffic.discard(page);
        spare = page;
    }

    /** Takes in a page of a checkpoint; they come in ascending order. */
    void restore(IndexPage page) {
        directory.add(page);
    }

    /** Says that no more come; appending goes on in the last one if the next message belongs there. */
    void restored(long nextSeq) {
        if (directory.size() > 0) {
            IndexPage last = directory.at(directory.size() - 1);
            if (last.number == nextSeq >>> IndexPage.BITS) {
                tail = last;
            }
        }
    }

    void trim() {
        spare = null;
        directory.trim();
    }
}
