package io.chasqui.core.queue;

import io.chasqui.core.store.Lsn;
import java.util.Arrays;

/**
 * What is kept in memory of a page that lies in the page file. Every live entry in it is ready.
 *
 * <p>Entries at transient positions do not survive a restart, although their bytes on disk do; so
 * what is durable of the page is counted apart.
 *
 * @param slot where in the page file; -1 until it is written
 * @param live entries, and {@code bytes} the sum of their lengths
 * @param durable entries at durable positions, and {@code durableBytes} the sum of their lengths
 * @param lowest lowest durable position, {@code highest} the highest; 0 if there is none
 * @param segments segments that the positions lie in, and {@code counts} how many in each
 * @param limited whether the life of any of them is limited by its record; or that is not known
 * @param survivor whether the page was spilled before the last restart: what is transient in it is
 *     void
 */
public record SpilledPage(
        int slot,
        int live,
        long bytes,
        int durable,
        long durableBytes,
        long lowest,
        long highest,
        long[] segments,
        int[] counts,
        boolean limited,
        boolean survivor) {

    SpilledPage inSlot(int newSlot) {
        return new SpilledPage(
                newSlot,
                live,
                bytes,
                durable,
                durableBytes,
                lowest,
                highest,
                segments,
                counts,
                limited,
                survivor);
    }

    /** What will be left of it after a restart. */
    SpilledPage survivors(int segmentBits) {
        long transientSegment = Lsn.TRANSIENT >>> segmentBits;
        long[] kept = new long[segments.length];
        int[] keptCounts = new int[segments.length];
        int size = 0;
        for (int i = 0; i < segments.length; i++) {
            if ((segments[i] & transientSegment) == 0) {
                kept[size] = segments[i];
                keptCounts[size++] = counts[i];
            }
        }
        return new SpilledPage(
                slot,
                durable,
                durableBytes,
                durable,
                durableBytes,
                lowest,
                highest,
                Arrays.copyOf(kept, size),
                Arrays.copyOf(keptCounts, size),
                limited,
                true);
    }

    /** Whether a live position in {@code [from, to)} may be in the page. */
    boolean mayHold(long from, long to, int segmentBits) {
        for (long segment : segments) {
            if (segment >= from >>> segmentBits && segment <= (to - 1) >>> segmentBits) {
                return true;
            }
        }
        return false;
    }

    /** Sums up the live entries of a resident page, all of which are ready. */
    static SpilledPage of(IndexPage page, int segmentBits) {
        int live = 0;
        long bytes = 0;
        int durable = 0;
        long durableBytes = 0;
        long lowest = Long.MAX_VALUE;
        long highest = 0;
        long[] segments = new long[2];
        int[] counts = new int[2];
        int size = 0;
        boolean limited = false;
        for (int index = page.first(); index < page.used(); index++) {
            long word = page.word(index);
            if (IndexPage.state(word) == IndexPage.GONE) {
                continue;
            }
            long position = page.position(index);
            live++;
            limited |= (IndexPage.flags(word) & IndexPage.TIME_TO_LIVE) != 0;
            bytes += IndexPage.bodyBytes(word);
            if (!Lsn.isTransient(position)) {
                durable++;
                durableBytes += IndexPage.bodyBytes(word);
                lowest = Math.min(lowest, position);
                highest = Math.max(highest, position);
            }
            int at = size - 1;
            while (at >= 0 && segments[at] != position >>> segmentBits) {
                at--;
            }
            if (at < 0) {
                at = size++;
                if (size > segments.length) {
                    segments = Arrays.copyOf(segments, size * 2);
                    counts = Arrays.copyOf(counts, size * 2);
                }
                segments[at] = position >>> segmentBits;
            }
            counts[at]++;
        }
        return new SpilledPage(
                -1,
                live,
                bytes,
                durable,
                durableBytes,
                durable == 0 ? 0 : lowest,
                highest,
                Arrays.copyOf(segments, size),
                Arrays.copyOf(counts, size),
                limited,
                false);
    }
}
