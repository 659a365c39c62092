package io.chasqui.core.queue;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Finds messages of one index by position, during recovery only. Positions almost ascend: messages
 * from several shards may have overtaken each other between the log and the queue.
 *
 * <p>The entry behind the last one found is tried first, so that acknowledgements in order cost
 * O(1). Otherwise two arrays over the pages, the highest position up to each and the lowest from
 * each on, give the few pages whose positions overlap the one sought.
 */
final class IndexSearch {

    /** Sorted tables kept; a table has up to 32 KiB. */
    private static final int TABLES = 32;

    private final PageDirectory pages;
    private final PageTraffic traffic;
    private final ArrayDeque<PositionTable> tables = new ArrayDeque<>();
    private long lastFound = -1;
    private int version = -1;
    private long[] lowestFrom = {};
    private long[] highestUpTo = {};

    IndexSearch(PageDirectory pages, PageTraffic traffic) {
        this.pages = pages;
        this.traffic = traffic;
    }

    /** Live sequence number of a position; {@link QueueIndex#NONE} if there is none. */
    long find(long position) {
        long seq = findBehindLast(position);
        if (seq == QueueIndex.NONE && pages.size() > 0) {
            seq = findAnywhere(position);
        }
        if (seq != QueueIndex.NONE) {
            lastFound = seq;
        }
        return seq;
    }

    private long findBehindLast(long position) {
        long seq = lastFound + 1;
        IndexPage page = pages.find(seq >>> IndexPage.BITS);
        int index = (int) seq & IndexPage.MASK;
        boolean found =
                page.resident()
                        && page.holds(index)
                        && page.position(index) == position
                        && page.state(index) != IndexPage.GONE;
        return found ? seq : QueueIndex.NONE;
    }

    private long findAnywhere(long position) {
        if (version != pages.version()) {
            measurePages();
        }
        int settled = lowestFrom.length;
        int place = Arrays.binarySearch(highestUpTo, position);
        if (place < 0) {
            place = -place - 1;
        } else {
            while (place > 0 && highestUpTo[place - 1] == position) {
                place--;
            }
        }
        for (; place < settled && lowestFrom[place] <= position; place++) {
            long seq = findIn(pages.at(place), position);
            if (seq != QueueIndex.NONE) {
                return seq;
            }
            if (version != pages.version()) {
                return find(position); // an unreadable page was dropped
            }
        }
        return findIn(pages.at(settled), position);
    }

    private long findIn(IndexPage page, long position) {
        SpilledPage spilled = page.spilled;
        if (spilled != null) {
            if (position < spilled.lowest() || position > spilled.highest()) {
                return QueueIndex.NONE;
            }
            loadNow(page);
        }
        if (!page.resident()) {
            return QueueIndex.NONE; // unreadable: the index has dropped it
        }
        PositionTable table = PositionTable.of(page);
        if (!tables.contains(table)) {
            if (tables.size() == TABLES) {
                tables.remove().forget();
            }
            tables.add(table);
        }
        int index = table.find(position);
        return index < 0 ? QueueIndex.NONE : page.seq(index);
    }

    /** Brings a spilled page into memory before it returns. */
    void loadNow(IndexPage page) {
        traffic.spillExcess();
        traffic.load(page);
        if (page.place == IndexPage.Place.LOADING) {
            throw new IllegalStateException("recovery needs page reads that answer at once");
        }
    }

    /** Covers all pages but the last, which may still grow. */
    private void measurePages() {
        int size = pages.size() - 1;
        lowestFrom = new long[size];
        highestUpTo = new long[size];
        long highest = 0;
        for (int place = 0; place < size; place++) {
            highest = Math.max(highest, highest(pages.at(place)));
            highestUpTo[place] = highest;
        }
        long lowest = Long.MAX_VALUE;
        for (int place = size - 1; place >= 0; place--) {
            lowest = Math.min(lowest, lowest(pages.at(place)));
            lowestFrom[place] = lowest;
        }
        version = pages.version();
    }

    private static long lowest(IndexPage page) {
        SpilledPage spilled = page.spilled;
        return spilled != null ? spilled.lowest() : PositionTable.of(page).lowest();
    }

    private static long highest(IndexPage page) {
        SpilledPage spilled = page.spilled;
        return spilled != null ? spilled.highest() : PositionTable.of(page).highest();
    }
}
