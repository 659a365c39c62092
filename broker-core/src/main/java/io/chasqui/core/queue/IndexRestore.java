package io.chasqui.core.queue;

import io.chasqui.core.store.Lsn;
import java.util.Arrays;

/**
 * Fills a fresh index from a checkpoint. Collects the entries of one page at a time to know how much
 * memory the page needs. Messages at transient positions did not survive and are left out.
 */
final class IndexRestore implements IndexSnapshotSink {

    /** Pages with a wider span get memory for all entries, so that they can be spilled. */
    private static final int NARROW = IndexPage.ENTRIES / 4;

    private static final int SMALLEST = 16;

    private final QueueIndex index;
    private final PagePool pool;
    private long page = -1;
    private int size;
    private int[] indexes = new int[SMALLEST];
    private long[] positions = new long[SMALLEST];
    private long[] words = new long[SMALLEST];
    private long nextSeq;

    IndexRestore(QueueIndex index, PagePool pool) {
        this.index = index;
        this.pool = pool;
    }

    @Override
    public void begin(long queueId, long firstFreeSeq, long redeliveredBelow) {
        nextSeq = firstFreeSeq;
        index.restoreCounters(queueId, firstFreeSeq, redeliveredBelow);
    }

    @Override
    public void entry(
            long seq, long position, int messageSize, int flags, int priority, int deliveryCount) {
        if (Lsn.isTransient(position)) {
            return;
        }
        if (seq >>> IndexPage.BITS != page) {
            finishPage();
            page = seq >>> IndexPage.BITS;
        }
        if (size == indexes.length) {
            indexes = Arrays.copyOf(indexes, size * 2);
            positions = Arrays.copyOf(positions, size * 2);
            words = Arrays.copyOf(words, size * 2);
        }
        indexes[size] = (int) seq & IndexPage.MASK;
        positions[size] = position;
        words[size++] =
                IndexPage.inState(
                        IndexPage.word(messageSize, flags, priority, deliveryCount),
                        IndexPage.READY);
    }

    @Override
    public void spilledPage(long pageNumber, SpilledPage spilled) {
        finishPage();
        IndexPage restored = new IndexPage();
        restored.number = pageNumber;
        restored.place = IndexPage.Place.SPILLED;
        restored.spilled = spilled;
        restored.live = spilled.live();
        index.restorePage(restored, spilled.bytes());
    }

    @Override
    public void returned(long seq, int returns) {
        index.restoreReturns(seq, returns);
    }

    @Override
    public void end() {
        finishPage();
        index.restored();
    }

    private void finishPage() {
        if (size == 0) {
            return;
        }
        boolean last = page == nextSeq >>> IndexPage.BITS;
        int to = last ? (int) nextSeq & IndexPage.MASK : indexes[size - 1] + 1;
        boolean narrow = to - indexes[0] <= NARROW;
        IndexPage restored = new IndexPage();
        restored.open(
                pool,
                page,
                narrow ? indexes[0] : 0,
                narrow ? PagePool.classFor(to - indexes[0]) : IndexPage.LARGEST);
        long bytes = 0;
        for (int i = 0; i < size; i++) {
            restored.skipTo(indexes[i]);
            restored.append(indexes[i], positions[i], words[i]);
            bytes += IndexPage.bodyBytes(words[i]);
        }
        restored.skipTo(last ? to : restored.whole() ? IndexPage.ENTRIES : to);
        restored.live = size;
        size = 0;
        index.restorePage(restored, bytes);
    }
}
