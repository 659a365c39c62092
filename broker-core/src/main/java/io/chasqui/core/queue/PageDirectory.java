package io.chasqui.core.queue;

import java.util.Arrays;

/**
 * The pages of one index in ascending order of their numbers, which may have gaps: an array that
 * gives up places at both ends cheaply. Finding a page costs one comparison as long as there are no
 * gaps, else a binary search, so that one message stuck for years costs no memory for the pages
 * that came and went behind it.
 */
final class PageDirectory {

    private static final IndexPage[] EMPTY = {};
    private static final int SMALLEST = 4;

    private IndexPage[] pages = EMPTY;
    private int start;
    private int end;

    /** Changes with every page added or removed. */
    private int version;

    int size() {
        return end - start;
    }

    int version() {
        return version;
    }

    /** The page at a place 0…size-1. */
    IndexPage at(int place) {
        return pages[start + place];
    }

    /** The page of this number, or {@link IndexPage#NO_PAGE}. */
    IndexPage find(long number) {
        int place = ceiling(number);
        if (place == size()) {
            return IndexPage.NO_PAGE;
        }
        IndexPage page = at(place);
        return page.number == number ? page : IndexPage.NO_PAGE;
    }

    /** The place of the first page whose number is at least {@code number}; size if none is. */
    int ceiling(long number) {
        int low = start;
        int high = end;
        if (low < high) {
            long guess = number - pages[low].number;
            if (guess <= 0) {
                return 0;
            }
            if (guess < high - low && pages[low + (int) guess].number == number) {
                return (int) guess;
            }
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pages[middle].number < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - start;
    }

    /** Adds a page behind all others. */
    void add(IndexPage page) {
        if (end == pages.length) {
            int size = size();
            if (start > size) {
                System.arraycopy(pages, start, pages, 0, size);
                Arrays.fill(pages, size, end, null);
            } else {
                IndexPage[] larger = new IndexPage[Math.max(SMALLEST, pages.length * 2)];
                System.arraycopy(pages, start, larger, 0, size);
                pages = larger;
            }
            start = 0;
            end = size;
        }
        pages[end++] = page;
        version++;
    }

    void remove(IndexPage page) {
        int at = start + ceiling(page.number);
        if (at - start < end - at) {
            System.arraycopy(pages, start, pages, start + 1, at - start);
            clear(start++);
        } else {
            System.arraycopy(pages, at + 1, pages, at, end - at - 1);
            clear(--end);
        }
        version++;
    }

    /** Gives back memory if there are no pages. */
    void trim() {
        if (start == end) {
            pages = EMPTY;
            start = 0;
            end = 0;
        }
    }

    @SuppressWarnings("NullAway") // places outside start…end hold null and are never read
    private void clear(int at) {
        pages[at] = null;
    }
}
