package io.chasqui.core.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * Drops messages of an index in bulk. Pages of which everything goes are taken out as a whole; their
 * messages have yet to be reported one by one. Spilled ones are read back for that, one page ahead of
 * the report.
 */
final class IndexPurge {

    private final IndexPages pages;
    private final PageTraffic traffic;
    private final List<IndexPage> detached = new ArrayList<>();
    private int head;
    private int index;

    IndexPurge(IndexPages pages) {
        this.pages = pages;
        this.traffic = pages.traffic();
    }

    /** Drops what is ready; where pages hold unacknowledged messages as well, it is reported at once. */
    void dropReady(QueueIndex.Dropped dropped) {
        PageDirectory directory = pages.directory();
        for (int place = 0; place < directory.size(); ) {
            IndexPage page = directory.at(place);
            if (page.unacked == 0) {
                detach(page);
            } else {
                dropReady(page, dropped);
                place++;
            }
        }
    }

    /** Drops everything. */
    void dropAll() {
        PageDirectory directory = pages.directory();
        while (directory.size() > 0) {
            detach(directory.at(directory.size() - 1));
        }
    }

    private void detach(IndexPage page) {
        pages.detach(page);
        traffic.spillable(page, false);
        traffic.callOffWrite(page);
        detached.add(page);
    }

    private static void dropReady(IndexPage page, QueueIndex.Dropped dropped) {
        for (int index = page.first(); index < page.used(); index++) {
            long word = page.word(index);
            if (IndexPage.state(word) == IndexPage.READY) {
                page.word(index, IndexPage.inState(word, IndexPage.GONE));
                page.live--;
                dropped.dropped(
                        page.seq(index),
                        page.position(index),
                        IndexPage.length(word),
                        IndexPage.flags(word));
            }
        }
    }

    boolean isEmpty() {
        return head == detached.size();
    }

    /**
     * Looks at up to {@code maxEntries} entries.
     *
     * @return whether there is more to do now; false also while a page is being read
     */
    boolean step(int maxEntries, QueueIndex.Dropped dropped) {
        int left = maxEntries;
        while (left > 0 && !isEmpty()) {
            IndexPage page = detached.get(head);
            traffic.load(page);
            if (head + 1 < detached.size()) {
                traffic.load(detached.get(head + 1));
            }
            if (page.live > 0) {
                if (!page.resident()) {
                    return false;
                }
                left -= report(page, left, dropped);
                if (index < page.used()) {
                    return true;
                }
            }
            traffic.discard(page);
            detached.set(head++, IndexPage.NO_PAGE);
            index = 0;
        }
        return !isEmpty();
    }

    /** Reports entries of one page and returns how many it looked at. */
    private int report(IndexPage page, int maxEntries, QueueIndex.Dropped dropped) {
        int from = Math.max(index, page.first());
        int to = Math.min(from + maxEntries, page.used());
        for (int at = from; at < to; at++) {
            long word = page.word(at);
            if (IndexPage.state(word) != IndexPage.GONE) {
                dropped.dropped(
                        page.seq(at),
                        page.position(at),
                        IndexPage.length(word),
                        IndexPage.flags(word));
            }
        }
        index = to;
        return to - from;
    }
}
