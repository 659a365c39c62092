package io.chasqui.core.queue;

import java.util.Arrays;

/**
 * Finds positions in one page whose positions do not quite ascend: a sorted array of the live ones,
 * and a look at each of the few entries appended after it was made. Only in use during recovery,
 * when every position is durable.
 */
final class PositionTable {

    private static final int FEW = 64;
    private static final long[] NO_KEYS = {};

    private final IndexPage page;

    /** Position relative to {@link #base} in units of 8 bytes, then 12 bits of index. */
    private long[] keys = NO_KEYS;

    private long base;
    private int sortedUpTo;
    private long lowest = Long.MAX_VALUE;
    private long highest;
    private int measuredUpTo;

    private PositionTable(IndexPage page) {
        this.page = page;
        this.sortedUpTo = page.first();
        this.measuredUpTo = page.first();
    }

    static PositionTable of(IndexPage page) {
        PositionTable table = page.positions;
        if (table == null
                || table.measuredUpTo > page.used()
                || table.measuredUpTo < page.first()) {
            table = new PositionTable(page);
            page.positions = table;
        }
        return table;
    }

    /** Lowest position among the entries that were live when looked at. */
    long lowest() {
        measure();
        return lowest;
    }

    long highest() {
        measure();
        return highest;
    }

    private void measure() {
        for (; measuredUpTo < page.used(); measuredUpTo++) {
            if (page.state(measuredUpTo) != IndexPage.GONE) {
                lowest = Math.min(lowest, page.position(measuredUpTo));
                highest = Math.max(highest, page.position(measuredUpTo));
            }
        }
    }

    /** Gives back the sorted array; it is made anew when needed. */
    void forget() {
        keys = NO_KEYS;
        sortedUpTo = page.first();
    }

    /** Index of the live entry at this position; -1 if there is none. */
    int find(long position) {
        if (position < lowest() || position > highest) {
            return -1;
        }
        if (page.used() - sortedUpTo > Math.max(FEW, keys.length / 4)) {
            sort();
        }
        int sorted = findSorted(position);
        if (sorted >= 0) {
            return sorted;
        }
        for (int index = sortedUpTo; index < page.used(); index++) {
            if (isLiveAt(index, position)) {
                return index;
            }
        }
        return -1;
    }

    private int findSorted(long position) {
        if (position < base) {
            return -1;
        }
        long delta = (position - base) >>> 3;
        int at = Arrays.binarySearch(keys, delta << IndexPage.BITS);
        at = at < 0 ? -at - 1 : at;
        if (at < keys.length && keys[at] >>> IndexPage.BITS == delta) {
            int index = (int) keys[at] & IndexPage.MASK;
            return isLiveAt(index, position) ? index : -1;
        }
        return -1;
    }

    private boolean isLiveAt(int index, long position) {
        return page.holds(index)
                && page.position(index) == position
                && page.state(index) != IndexPage.GONE;
    }

    private void sort() {
        base = lowest;
        long[] sorted = new long[page.used() - page.first()];
        int size = 0;
        for (int index = page.first(); index < page.used(); index++) {
            if (page.state(index) != IndexPage.GONE) {
                sorted[size++] = ((page.position(index) - base) >>> 3) << IndexPage.BITS | index;
            }
        }
        keys = size == sorted.length ? sorted : Arrays.copyOf(sorted, size);
        Arrays.sort(keys);
        sortedUpTo = page.used();
    }
}
