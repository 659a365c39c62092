package io.chasqui.core.queue;

/**
 * The messages of one index that may be given out: how many there are, and which comes first.
 *
 * <p>Everything from the cursor on has never been given out; what was given back lies before the
 * cursor and is kept in a heap. So finding the first one costs O(1), or O(log n) while there are
 * messages that were given back, however many around them are gone.
 */
final class ReadyMessages {

    /** Messages that were given back and then taken out of their turn stay in the heap up to here. */
    private static final int SWEEP_AT = 4096;

    private final IndexPages pages;
    private final PageTraffic traffic;
    private final SeqHeap returned = new SeqHeap();
    private IndexPage cursorPage = IndexPage.NO_PAGE;

    /** Every ready message before it is in {@link #returned}; none from it on was ever given out. */
    private long cursor;

    private long count;
    private long bytes;

    /** Size of {@link #returned} from which on it is worth looking for what is not ready any more. */
    private int sweepAt = SWEEP_AT;

    ReadyMessages(IndexPages pages, long firstSeq) {
        this.pages = pages;
        this.traffic = pages.traffic();
        this.cursor = firstSeq;
    }

    long count() {
        return count;
    }

    /** Sum of the bytes of their bodies. */
    long bytes() {
        return bytes;
    }

    void added(long bodyBytes) {
        count++;
        bytes += bodyBytes;
    }

    void removed(long bodyBytes) {
        count--;
        bytes -= bodyBytes;
    }

    /** A message that was given out is ready again. */
    void givenBack(long seq, long bodyBytes) {
        added(bodyBytes);
        if (seq < cursor) {
            returned.add(seq);
            if (returned.size() >= sweepAt) {
                returned.retain(this::isReady);
                sweepAt = Math.max(SWEEP_AT, 2 * returned.size());
            }
        }
    }

    /** Of a message before the cursor, whose page is in memory as long as the message is there. */
    private boolean isReady(long seq) {
        IndexPage page = pages.of(seq);
        int index = (int) seq & IndexPage.MASK;
        return page.holds(index) && page.state(index) == IndexPage.READY;
    }

    /** Takes the first one, which {@link #first} has just told, out and returns its page. */
    IndexPage take(long seq) {
        if (seq == cursor) {
            cursor = seq + 1;
            return cursorPage;
        }
        returned.pop();
        return pages.resident(seq);
    }

    /**
     * The first one, left where it is.
     *
     * @return its sequence number, {@link QueueIndex#NONE} or {@link QueueIndex#LOADING}
     */
    long first() {
        if (count == 0) {
            return QueueIndex.NONE;
        }
        while (!returned.isEmpty()) {
            long seq = returned.peek();
            if (isReady(seq)) {
                return seq;
            }
            returned.pop(); // settled meanwhile
        }
        return firstFromCursor();
    }

    private long firstFromCursor() {
        PageDirectory directory = pages.directory();
        IndexPage page = cursorPage;
        long wanted = cursor >>> IndexPage.BITS;
        while (true) {
            if (page.number == wanted && page.resident()) {
                int from = Math.max((int) cursor & IndexPage.MASK, page.first());
                int index = page.nextReady(from);
                if (index < page.used()) {
                    cursor = page.seq(index);
                    return cursor;
                }
                wanted++;
            }
            int place = directory.ceiling(wanted);
            page = directory.at(place);
            if (page.number > cursor >>> IndexPage.BITS) {
                cursor = page.number << IndexPage.BITS;
            }
            wanted = page.number;
            enter(page, place);
            if (page.place == IndexPage.Place.LOADING) {
                return QueueIndex.LOADING;
            }
            if (count == 0) {
                return QueueIndex.NONE; // what was left lay in a page that could not be read
            }
        }
    }

    private void enter(IndexPage page, int place) {
        PageDirectory directory = pages.directory();
        cursorPage = page;
        traffic.spillable(page, false);
        traffic.callOffWrite(page);
        boolean hasNext = place + 1 < directory.size();
        IndexPage next = hasNext ? directory.at(place + 1) : page;
        traffic.load(page);
        traffic.load(next);
    }

    /** Nothing in a page is given out any more. */
    void allBack(IndexPage page) {
        if (page.number > cursor >>> IndexPage.BITS) {
            maySpill(page);
        }
    }

    /**
     * A page was filled, changed or read: it may go to disk if the cursor has yet to come to it and
     * nothing in it is given out.
     */
    void maySpill(IndexPage page) {
        boolean is =
                page.unacked == 0
                        && page.place == IndexPage.Place.RESIDENT
                        && page.whole()
                        && page != pages.tail()
                        && page.number > cursor >>> IndexPage.BITS;
        traffic.spillable(page, is);
    }

    /** A page leaves the index; nothing in it is ready. */
    void left(IndexPage page) {
        if (page == cursorPage) {
            cursorPage = IndexPage.NO_PAGE;
        }
    }

    /** Takes in what a page of a checkpoint holds. */
    void restore(long messages, long messageBytes) {
        count += messages;
        bytes += messageBytes;
    }

    /** The pages of the checkpoint are there; none of their messages is given out. */
    void restored(long nextSeq) {
        PageDirectory directory = pages.directory();
        cursor = nextSeq;
        if (directory.size() == 0) {
            return;
        }
        IndexPage lowest = directory.at(0);
        cursor = lowest.resident() ? lowest.seq(lowest.nextReady(lowest.first())) : lowest.seq(0);
        for (int place = 0; place < directory.size(); place++) {
            maySpill(directory.at(place));
        }
        traffic.spillExcess();
    }

    /** A page cannot be read: what was ready in it is lost. */
    void lost(SpilledPage page) {
        count -= page.live();
        bytes -= page.bytes();
    }

    /** None is left. */
    void clear(long nextSeq) {
        count = 0;
        bytes = 0;
        cursor = nextSeq;
        cursorPage = IndexPage.NO_PAGE;
        returned.clear();
    }

    void trim() {
        returned.trim();
    }
}
