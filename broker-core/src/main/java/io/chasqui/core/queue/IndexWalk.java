package io.chasqui.core.queue;

/**
 * A walk through the messages of one index, in their order and up to its end, that stops at those with
 * a time to live of their own. Pages on disk without any are passed over unread.
 */
final class IndexWalk {

    private final IndexPages pages;
    private long at;
    private boolean passedUnlimited;

    IndexWalk(IndexPages pages, long from) {
        this.pages = pages;
        this.at = from;
    }

    /**
     * The message that the walk has come to.
     *
     * @return its sequence number, {@link QueueIndex#NONE} at the end, or {@link QueueIndex#LOADING}
     */
    long here() {
        PageDirectory directory = pages.directory();
        while (true) {
            int place = directory.ceiling(at >>> IndexPage.BITS);
            if (place == directory.size()) {
                return QueueIndex.NONE;
            }
            IndexPage page = directory.at(place);
            SpilledPage spilled = page.spilled;
            if (spilled != null && !spilled.limited()) {
                passedUnlimited |= spilled.live() > 0;
                at = (page.number + 1) << IndexPage.BITS;
                continue;
            }
            pages.traffic().load(page);
            if (page.place == IndexPage.Place.LOADING) {
                return QueueIndex.LOADING;
            }
            if (pages.has(page)) {
                if (findIn(page)) {
                    return at;
                }
                if (page == pages.tail()) {
                    return QueueIndex.NONE;
                }
                at = (page.number + 1) << IndexPage.BITS;
            }
        }
    }

    private boolean findIn(IndexPage page) {
        int from = page.number == at >>> IndexPage.BITS ? (int) at & IndexPage.MASK : 0;
        for (int index = Math.max(from, page.first()); index < page.used(); index++) {
            long word = page.word(index);
            if (IndexPage.state(word) != IndexPage.GONE) {
                if ((IndexPage.flags(word) & IndexPage.TIME_TO_LIVE) != 0) {
                    at = page.seq(index);
                    return true;
                }
                passedUnlimited = true;
            }
        }
        return false;
    }

    /** Whether any message so far may live for ever. */
    boolean passedUnlimited() {
        return passedUnlimited;
    }

    /** Goes on behind the message that it has come to. */
    void pass() {
        at++;
    }
}
