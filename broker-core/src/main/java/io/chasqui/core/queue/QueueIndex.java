package io.chasqui.core.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of one queue's messages, kept outside the Java heap: 16 bytes a message in pages of
 * 4096, of which a long queue holds only a few in memory and the rest in the page file. Belongs to
 * one thread, the event loop of the queue's shard.
 *
 * <p>A message has a sequence number {@code seq} for life, its place in the queue: 0, 1, 2 … It is
 * ready, or given out and unacknowledged, or gone.
 *
 * <pre>
 *              append             takeReady, takeOut     settle
 *     (new)  ──────────► READY  ◄──────────► UNACKED  ──────────► GONE
 *                          │    requeue,                            ▲
 *                          │    putBack                             │
 *                          └────────────────────────────────────────┘
 *                             settle (drop-head, expiry), purge
 * </pre>
 *
 * <p>Ready messages come out in order of {@code seq} ({@link ReadyMessages}). Taking one costs O(1), or
 * O(log n) while there are messages that were given back.
 *
 * <p>Memory: {@link IndexPages}; {@link #trim} gives back what an idle queue holds. Per message no Java
 * object is made.
 *
 * <p>By priority: {@link PriorityIndex}. Further orders (expiry, delay …): docs/decisions/0002-index-orders.md.
 */
public final class QueueIndex implements QueueOrder {

    /** Instead of a sequence number: there is no such message. */
    public static final long NONE = -1;

    /** Instead of a sequence number: the page with the next message is being read from disk. */
    public static final long LOADING = -2;

    public static final int REDELIVERED = IndexPage.REDELIVERED;
    static final int FAILED = IndexPage.FAILED;
    public static final int PERSISTENT = IndexPage.PERSISTENT;

    /** The message's body lies in records of its own; see the store's BODY_PART. */
    public static final int LARGE = IndexPage.LARGE;

    /** The message's record says how long it may live. */
    public static final int TIME_TO_LIVE = IndexPage.TIME_TO_LIVE;

    /** Full pages a queue keeps in memory, as long as the pool is within its budget: 1 MiB. */
    public static final int DEFAULT_RESIDENT_PAGES = 16;

    private final long queueId;
    private final int segmentBits;
    private final long firstSeq;
    private final Runnable pageArrived;
    private final IndexPages pages;
    private final ReadyMessages ready;
    private final ReturnCounts returns;
    private @Nullable IndexPurge purge;
    private @Nullable IndexRecovery recovery;
    private long nextSeq;
    private long redeliveredBelow;
    private long unacked;
    private long unackedBytes;
    private long damaged;
    private boolean awaitingPage;

    /**
     * @param segmentBits log position &gt;&gt;&gt; segmentBits = number of its log segment
     * @param residentPages full pages kept in memory, at least 2
     * @param pageArrived run on the owner thread when {@link #takeReady}, {@link #peekReady} or
     *     {@link #continuePurge} had to wait for a page and should be called again
     */
    public QueueIndex(
            long queueId,
            PagePool pool,
            PageIo io,
            int segmentBits,
            int residentPages,
            Runnable pageArrived) {
        this(queueId, pool, io, segmentBits, residentPages, pageArrived, 0);
    }

    /**
     * An index whose sequence numbers begin elsewhere than at 0.
     *
     * @param firstSeq a multiple of the entries of a page
     */
    QueueIndex(
            long queueId,
            PagePool pool,
            PageIo io,
            int segmentBits,
            int residentPages,
            Runnable pageArrived,
            long firstSeq) {
        this.queueId = queueId;
        this.segmentBits = segmentBits;
        this.pageArrived = pageArrived;
        this.pages = new IndexPages(queueId, pool, io, segmentBits, residentPages, new Arrivals());
        this.ready = new ReadyMessages(pages, firstSeq);
        this.returns = new ReturnCounts(pages);
        this.firstSeq = firstSeq;
        this.nextSeq = firstSeq;
    }

    // ---- in and out

    @Override
    public long append(long position, int size, int flags, int priority) {
        long seq = nextSeq;
        int index = (int) seq & IndexPage.MASK;
        IndexPage page = pages.tail();
        if (page.number != seq >>> IndexPage.BITS || index >= page.end()) {
            page = makeRoom(seq);
        }
        long word = IndexPage.word(size, flags | IndexPage.READY, Math.max(priority, 0), 0);
        page.append(index, position, word);
        page.live++;
        ready.added(IndexPage.bodyBytes(word));
        nextSeq = seq + 1;
        return seq;
    }

    @Override
    public long appendTaken(long position, int size, int flags, int priority) {
        long seq = append(position, size, flags, priority);
        takeOut(seq);
        return seq;
    }

    private IndexPage makeRoom(long seq) {
        IndexPage full = pages.tail();
        IndexPage page = pages.makeRoom(seq);
        if (page != full && full != IndexPage.NO_PAGE) {
            ready.maySpill(full);
            pages.traffic().spillExcess();
        }
        return page;
    }

    @Override
    public long takeReady() {
        long seq = peekReady();
        if (seq < 0) {
            return seq;
        }
        take(ready.take(seq), seq);
        return seq;
    }

    @Override
    public void takeOut(long seq) {
        IndexPage page = pages.resident(seq);
        if (page.state((int) seq & IndexPage.MASK) != IndexPage.READY) {
            throw pages.notLive(seq);
        }
        take(page, seq);
        keepInMemory(page);
    }

    private void take(IndexPage page, long seq) {
        int index = (int) seq & IndexPage.MASK;
        long word = page.word(index);
        page.word(index, IndexPage.inState(word, IndexPage.UNACKED));
        page.unacked++;
        unacked++;
        unackedBytes += IndexPage.bodyBytes(word);
        ready.removed(IndexPage.bodyBytes(word));
    }

    @Override
    public long peekReady() {
        long seq = ready.first();
        if (seq == LOADING) {
            awaitingPage = true;
        }
        return seq;
    }

    @Override
    public void settle(long seq) {
        IndexPage page = pages.resident(seq);
        int index = (int) seq & IndexPage.MASK;
        long word = page.word(index);
        switch (IndexPage.state(word)) {
            case IndexPage.UNACKED -> {
                unacked--;
                unackedBytes -= IndexPage.bodyBytes(word);
                if (--page.unacked == 0) {
                    ready.allBack(page);
                }
            }
            case IndexPage.READY -> {
                ready.removed(IndexPage.bodyBytes(word));
                callOffWrite(page);
            }
            default -> throw pages.notLive(seq);
        }
        page.word(index, IndexPage.inState(word, IndexPage.GONE));
        returns.forget(seq);
        if (--page.live == 0 && page != pages.tail()) {
            drop(page);
        }
    }

    @Override
    public void requeue(long seq, boolean failed) {
        IndexPage page = pages.resident(seq);
        long word = page.word((int) seq & IndexPage.MASK);
        giveBack(
                page,
                seq,
                failed
                        ? IndexPage.countedDelivery(IndexPage.failed(word))
                        : IndexPage.redelivered(word));
    }

    @Override
    public int countFailure(long seq) {
        IndexPage page = pages.resident(seq);
        int index = (int) seq & IndexPage.MASK;
        long word = IndexPage.countedDelivery(IndexPage.failed(page.word(index)));
        page.word(index, word);
        return IndexPage.deliveryCount(word);
    }

    @Override
    public void countReturn(long seq) {
        IndexPage page = pages.resident(seq);
        int index = (int) seq & IndexPage.MASK;
        page.word(index, IndexPage.redelivered(page.word(index)));
        returns.add(seq);
    }

    @Override
    public int returns(long seq) {
        return returns.of(seq);
    }

    void restoreReturns(long seq, int count) {
        returns.set(seq, count);
    }

    @Override
    public void markFailed(long seq) {
        IndexPage page = pages.resident(seq);
        int index = (int) seq & IndexPage.MASK;
        page.word(index, IndexPage.failed(page.word(index)));
    }

    void restoreCount(long seq, int failures) {
        IndexPage page = pages.resident(seq);
        int index = (int) seq & IndexPage.MASK;
        callOffWrite(page);
        long word = page.word(index);
        page.word(
                index,
                failures == 0 ? word : IndexPage.withDeliveries(IndexPage.failed(word), failures));
    }

    /**
     * The next ready message behind another, as far as that is known without looking into a further
     * page; {@link #NONE} otherwise.
     *
     * @param seq of a message that was peeked at
     */
    public long nextReadyInPage(long seq) {
        IndexPage page = pages.resident(seq);
        int index = page.nextReady(((int) seq & IndexPage.MASK) + 1);
        return index < page.used() ? page.seq(index) : NONE;
    }

    @Override
    public void putBack(long seq) {
        IndexPage page = pages.resident(seq);
        giveBack(page, seq, page.word((int) seq & IndexPage.MASK));
    }

    private void giveBack(IndexPage page, long seq, long word) {
        if (IndexPage.state(word) != IndexPage.UNACKED) {
            throw pages.notLive(seq);
        }
        page.word((int) seq & IndexPage.MASK, IndexPage.inState(word, IndexPage.READY));
        unacked--;
        unackedBytes -= IndexPage.bodyBytes(word);
        if (--page.unacked == 0) {
            ready.allBack(page);
        }
        ready.givenBack(seq, IndexPage.bodyBytes(word));
    }

    // ---- what is known of a message that was peeked at or taken

    @Override
    public long position(long seq) {
        return pages.resident(seq).position((int) seq & IndexPage.MASK);
    }

    @Override
    public int length(long seq) {
        return IndexPage.length(word(seq));
    }

    @Override
    public boolean redelivered(long seq) {
        return seq < redeliveredBelow || (flags(seq) & REDELIVERED) != 0;
    }

    @Override
    public int flags(long seq) {
        return IndexPage.flags(word(seq));
    }

    public int priority(long seq) {
        return IndexPage.priority(word(seq));
    }

    @Override
    public int deliveryCount(long seq) {
        return IndexPage.deliveryCount(word(seq));
    }

    private long word(long seq) {
        return pages.resident(seq).word((int) seq & IndexPage.MASK);
    }

    // ---- counts

    @Override
    public long queueId() {
        return queueId;
    }

    @Override
    public long ready() {
        return ready.count();
    }

    @Override
    public long unacked() {
        return unacked;
    }

    @Override
    public long readyBytes() {
        return ready.bytes();
    }

    @Override
    public long unackedBytes() {
        return unackedBytes;
    }

    /** Sequence number that the next message will get. */
    public long nextSeq() {
        return nextSeq;
    }

    @Override
    public long damaged() {
        return damaged;
    }

    // ---- dropping

    /** Told of every message dropped by a purge, so that its place in the log can be given back. */
    @FunctionalInterface
    public interface Dropped {

        void dropped(long seq, long position, int length, int flags);
    }

    @Override
    public long purge(Dropped dropped) {
        long count = ready.count();
        purge().dropReady(dropped);
        ready.clear(nextSeq);
        returns.forgetGone();
        return count;
    }

    @Override
    public long clear() {
        long count = ready.count() + unacked;
        purge().dropAll();
        unacked = 0;
        unackedBytes = 0;
        ready.clear(nextSeq);
        returns.forgetGone();
        return count;
    }

    private IndexPurge purge() {
        IndexPurge begun = purge;
        if (begun == null) {
            begun = new IndexPurge(pages);
            purge = begun;
        }
        return begun;
    }

    @Override
    public boolean continuePurge(int maxEntries, Dropped dropped) {
        if (purge == null) {
            return false;
        }
        boolean more = purge.step(maxEntries, dropped);
        if (purge.isEmpty()) {
            purge = null;
        } else if (!more) {
            awaitingPage = true;
        }
        return more;
    }

    @Override
    public boolean purging() {
        return purge != null;
    }

    // ---- memory

    @Override
    public void trim() {
        IndexPage tail = pages.tail();
        if (tail.live == 0 && tail != IndexPage.NO_PAGE) {
            drop(tail);
        }
        pages.trim();
        ready.trim();
        pages.traffic().spillExcess();
    }

    /** A page about to change must not be on its way to disk. */
    private void callOffWrite(IndexPage page) {
        if (page.place == IndexPage.Place.WRITING) {
            pages.traffic().callOffWrite(page);
            ready.maySpill(page);
        }
    }

    /** Something in the page was given out: it stays until that is settled. */
    private void keepInMemory(IndexPage page) {
        pages.traffic().callOffWrite(page);
        ready.maySpill(page);
    }

    PagePool pool() {
        return pages.pool();
    }

    /** Reaches messages wherever they lie. */
    IndexReach reach() {
        return new IndexReach(pages, () -> awaitingPage = true);
    }

    private void drop(IndexPage page) {
        ready.left(page);
        pages.drop(page);
    }

    private final class Arrivals implements PageTraffic.Owner {

        @Override
        public void pageArrived(IndexPage page) {
            if (pages.has(page)) {
                ready.maySpill(page);
            }
            wakeOwner();
        }

        @Override
        public void pageLost(IndexPage page, SpilledPage was) {
            if (pages.has(page)) {
                ready.lost(was);
                drop(page);
                returns.forgetGone();
            }
            damaged += was.live();
            page.live = 0;
            wakeOwner();
        }

        private void wakeOwner() {
            if (awaitingPage) {
                awaitingPage = false;
                pageArrived.run();
            }
        }
    }

    // ---- checkpoint and recovery

    /**
     * Tells what a checkpoint must hold of the index. Messages at transient positions are left out:
     * they do not survive a restart. Pages on their way to disk come as entries.
     */
    public void snapshot(IndexSnapshotSink sink) {
        sink.begin(queueId, nextSeq, redeliveredBelow);
        contents().snapshot(sink);
        returns.snapshot(sink);
        sink.end();
    }

    @Override
    public List<QueueIndex> levels() {
        return List.of(this);
    }

    @Override
    public long receipt(long seq, long position) {
        return position;
    }

    /** The level of priority that it is of; 0 in a queue without priorities. */
    int level() {
        return PriorityIndex.level(firstSeq);
    }

    /** Whether no message ever came into it. */
    boolean isFresh() {
        return nextSeq == firstSeq;
    }

    @Override
    public IndexRecovery recovery() {
        IndexRecovery known = recovery;
        if (known == null) {
            known = new IndexRecovery(this, pages);
            recovery = known;
        }
        return known;
    }

    void recovered() {
        recovery = null;
    }

    void restoreCounters(long ofQueue, long firstFreeSeq, long allRedeliveredBelow) {
        if (ofQueue != queueId) {
            throw new IllegalArgumentException(
                    "index of queue " + ofQueue + " given to queue " + queueId);
        }
        nextSeq = firstFreeSeq;
        redeliveredBelow = allRedeliveredBelow;
    }

    void restorePage(IndexPage page, long bytes) {
        pages.restore(page);
        ready.restore(page.live, bytes);
    }

    void restored() {
        pages.restored(nextSeq);
        ready.restored(nextSeq);
    }

    @Override
    public void markAllRedelivered() {
        redeliveredBelow = nextSeq;
    }

    /** A walk through what the index holds, for checkpoints and for the log's accounts. */
    public IndexContents contents() {
        return new IndexContents(pages.directory(), segmentBits);
    }
}
