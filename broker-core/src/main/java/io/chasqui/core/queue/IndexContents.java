package io.chasqui.core.queue;

import io.chasqui.core.store.Lsn;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * A walk through all pages of an index, without changing them: for checkpoints, and for the log's
 * accounts of which segments are needed.
 */
public final class IndexContents {

    private final PageDirectory pages;
    private final int segmentBits;

    IndexContents(PageDirectory pages, int segmentBits) {
        this.pages = pages;
        this.segmentBits = segmentBits;
    }

    /** Told how many live messages lie in a log segment. */
    @FunctionalInterface
    public interface SegmentSink {

        void messages(long segment, int count);
    }

    /** Told of a page in the page file. */
    @FunctionalInterface
    public interface SlotSink {

        void page(long pageNumber, int slot, int messages);
    }

    /** What survives a restart; a page on its way to disk comes as entries. */
    void snapshot(IndexSnapshotSink sink) {
        for (int place = 0; place < pages.size(); place++) {
            IndexPage page = pages.at(place);
            SpilledPage spilled = page.spilled;
            if (spilled == null) {
                snapshotEntries(page, sink);
            } else if (spilled.durable() > 0) {
                sink.spilledPage(page.number, spilled.survivors(segmentBits));
            }
        }
    }

    private static void snapshotEntries(IndexPage page, IndexSnapshotSink sink) {
        for (int index = page.first(); index < page.used(); index++) {
            long word = page.word(index);
            long position = page.position(index);
            int state = IndexPage.state(word);
            if (state != IndexPage.GONE && !Lsn.isTransient(position)) {
                int flags = IndexPage.flags(word) & ~IndexPage.STATE;
                sink.entry(
                        page.seq(index),
                        position,
                        IndexPage.size(word),
                        state == IndexPage.UNACKED ? flags | IndexPage.REDELIVERED : flags,
                        IndexPage.priority(word),
                        IndexPage.deliveryCount(word));
            }
        }
    }

    /** Tells live messages by log segment; a segment may come several times. */
    public void forEachSegment(SegmentSink sink) {
        for (int place = 0; place < pages.size(); place++) {
            IndexPage page = pages.at(place);
            SpilledPage spilled = page.spilled;
            if (spilled == null) {
                countSegments(page, sink);
            } else {
                for (int i = 0; i < spilled.segments().length; i++) {
                    sink.messages(spilled.segments()[i], spilled.counts()[i]);
                }
            }
        }
    }

    /** Tells runs of messages that lie in the same segment. */
    private void countSegments(IndexPage page, SegmentSink sink) {
        long segment = 0;
        int count = 0;
        for (int index = page.first(); index < page.used(); index++) {
            if (page.state(index) != IndexPage.GONE) {
                long of = page.position(index) >>> segmentBits;
                if (of != segment && count > 0) {
                    sink.messages(segment, count);
                    count = 0;
                }
                segment = of;
                count++;
            }
        }
        if (count > 0) {
            sink.messages(segment, count);
        }
    }

    /** Tells the live positions in {@code [from, to)} of the pages in memory. */
    public void collectLive(long from, long to, LongConsumer sink) {
        for (int place = 0; place < pages.size(); place++) {
            IndexPage page = pages.at(place);
            if (page.spilled == null) {
                for (int index = page.first(); index < page.used(); index++) {
                    long position = page.position(index);
                    if (position >= from && position < to && page.state(index) != IndexPage.GONE) {
                        sink.accept(position);
                    }
                }
            }
        }
    }

    /**
     * Tells the live positions in {@code [from, to)} of a page as it lies in the page file.
     *
     * @param page its bytes from 0 up to the buffer's position, as {@code PageFile.read} leaves them
     */
    public static void collectLive(ByteBuffer page, long from, long to, LongConsumer sink) {
        for (int at = 0; at < page.position(); at += IndexPage.ENTRY_BYTES) {
            long position = page.getLong(at);
            if (position >= from
                    && position < to
                    && IndexPage.state(page.getLong(at + Long.BYTES)) != IndexPage.GONE) {
                sink.accept(position);
            }
        }
    }

    /**
     * Tells every slot of the page file that is in use, for {@code PageFile.restore}. To be called
     * after the last {@link IndexRecovery#find}, which may read pages back and so release slots.
     */
    public void forEachSlot(IntConsumer sink) {
        for (int place = 0; place < pages.size(); place++) {
            SpilledPage spilled = pages.at(place).spilled;
            if (spilled != null) {
                sink.accept(spilled.slot());
            }
        }
    }

    /**
     * Tells the pages in the page file that may hold live positions in {@code [from, to)}. A slot
     * told stays readable until three checkpoints later, even if its page is loaded meanwhile.
     */
    public void spilledPagesIn(long from, long to, SlotSink sink) {
        for (int place = 0; place < pages.size(); place++) {
            IndexPage page = pages.at(place);
            SpilledPage spilled = page.spilled;
            if (spilled != null && spilled.mayHold(from, to, segmentBits)) {
                sink.page(page.number, spilled.slot(), spilled.live());
            }
        }
    }
}
