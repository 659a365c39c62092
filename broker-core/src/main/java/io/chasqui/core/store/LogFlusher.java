package io.chasqui.core.store;

import io.chasqui.core.time.Clock;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Group commit for the durable log: the only writer of its files.
 *
 * <p>Whatever was appended while the last batch was being synced is the next batch. A batch ends
 * with a BATCH record, is written with one {@code pwrite} per stretch, synced with one
 * {@code fdatasync}, and then is durable. A segment is synced to its end before the first byte of
 * the next is written, so an intact record in one segment proves the one before it complete.
 *
 * <p>Records nobody waits for are written and synced when their time comes, or with the next batch.
 * Some time after the last commit a BATCH record is written on its own: without it, recovery could
 * not tell damage in the last batch from one that never was completely written.
 *
 * <p>A failed write or sync seals the log for good. The system may have dropped the pages it could
 * not write and report success to the next sync, so trying again would confirm what is lost.
 */
final class LogFlusher implements LogWriter {

    private static final long UNSET = Long.MIN_VALUE;

    private final LogContext context;
    private final LogGeometry geometry;
    private final StoreOptions options;
    private final Clock clock;
    private final LogCounters counters;
    private final AppendRing ring;
    private final SegmentPreparer preparer;
    private final RingWriter writer;
    private final StepThread thread = new StepThread("log-flusher", this);

    /** A step is due within the lazy times; whoever appends lazily need not wake this thread. */
    private volatile boolean armed;

    /** A segment was prepared: whoever stopped for the lack of one may go on. */
    private volatile boolean prepared;

    private @Nullable DiskFile file;
    private long batchEnd;
    private long lastRecordEnd;
    private long unwrittenSince = UNSET;
    private long unsyncedSince = UNSET;
    private long markSince = UNSET;

    LogFlusher(LogContext context, AppendRing ring, SegmentPreparer preparer) {
        this.context = context;
        this.geometry = context.geometry();
        this.options = context.options();
        this.clock = context.clock();
        this.counters = context.counters();
        this.ring = ring;
        this.preparer = preparer;
        this.writer = new RingWriter(geometry, ring.buffer(), context.instanceId());
        ring.onFull(thread::wake);
        preparer.onPrepared(this::segmentPrepared);
    }

    @Override
    public void start() {
        thread.start();
        preparer.start();
    }

    @Override
    public boolean wake() {
        return thread.wake();
    }

    private void segmentPrepared() {
        prepared = true;
        thread.wake();
    }

    @Override
    public boolean wanted() {
        long durable = ring.durable();
        if (ring.syncRequested() > durable) {
            return true;
        }
        long tail = ring.tail();
        return (tail > ring.written() && !armed) || tail - durable > tooMuch();
    }

    @Override
    public long pendingBytes() {
        return ring.tail() - ring.durable();
    }

    @Override
    public boolean starved() {
        return preparer.starved();
    }

    @Override
    public void prepareOnce() {
        preparer.step();
    }

    /** So much un-synced that the next sync should not wait for its time. */
    private long tooMuch() {
        return geometry.ringBytes() / 4;
    }

    // ---- one step

    @Override
    public long step() {
        if (ring.sealed() != null) {
            return NOTHING_DUE;
        }
        try {
            return advance();
        } catch (IOException | RuntimeException | Error e) {
            fail(e); // whatever it was: a flusher that dies in silence leaves everybody waiting
            return NOTHING_DUE;
        }
    }

    @Override
    public boolean runOnce() {
        long before = ring.written() + ring.durable();
        step();
        return ring.written() + ring.durable() != before;
    }

    private long advance() throws IOException {
        armed = false; // before the look at the tail, so that no append goes unseen by both sides
        long now = clock.monotonicNs();
        reportSpace();
        noteRecords(ring.tail());
        boolean unwritten = lastRecordEnd > ring.written();
        boolean unsynced = lastRecordEnd > ring.durable();
        unwrittenSince = since(unwritten, unwrittenSince, now);
        unsyncedSince = since(unsynced, unsyncedSince, now);

        long syncIn = unsynced ? unsyncedSince + options.lazySyncNs() - now : NOTHING_DUE;
        if (ring.syncRequested() > ring.durable() || ring.tail() - ring.durable() > tooMuch()) {
            syncIn = 0;
        }
        long writeIn = unwritten ? unwrittenSince + options.lazyWriteNs() - now : NOTHING_DUE;
        long markIn = markSince == UNSET ? NOTHING_DUE : markSince + options.lazyWriteNs() - now;
        long wait = Math.min(syncIn, Math.min(writeIn, markIn));
        if (wait > 0) {
            armed = wait != NOTHING_DUE;
            return wait;
        }
        if (!openFile()) {
            return NOTHING_DUE; // the preparer wakes us once there is room
        }
        if (syncIn <= 0) {
            commit(0);
        } else if (unwritten) {
            write(ring.tail());
        } else {
            mark(0);
        }
        context.listeners().progressed();
        return 0;
    }

    private static long since(boolean pending, long since, long now) {
        if (!pending) {
            return UNSET;
        }
        return since == UNSET ? now : since;
    }

    private void noteRecords(long tail) {
        if (tail > batchEnd) {
            lastRecordEnd = tail;
        }
    }

    private void reportSpace() {
        if (prepared) {
            prepared = false;
            context.listeners().progressed();
        }
    }

    // ---- writing

    /** Ends the batch, writes it and makes it durable. */
    private void commit(int flags) throws IOException {
        long started = clock.monotonicNs();
        long durable = ring.durable();
        mark(flags);
        long end = batchEnd;
        if (ring.written() < end || !sync()) {
            return; // no room for the next segment
        }
        ring.durable(end);
        markSince = lastRecordEnd > durable ? clock.monotonicNs() : UNSET;
        counters.commits.incrementAndGet();
        long tookNs = clock.monotonicNs() - started;
        counters.lastCommitNs.set(tookNs);
        counters.commitDurations.add(tookNs);
    }

    /** Appends a BATCH and writes up to its end. */
    private void mark(int flags) throws IOException {
        long at = ring.appendBatch(flags, clock.wallMs());
        noteRecords(at);
        batchEnd = at + RecordLayout.BATCH_BYTES;
        markSince = UNSET;
        write(batchEnd);
    }

    private void write(long end) throws IOException {
        long from = ring.written();
        while (from < end && openFile()) {
            long to = writer.write(current(), from, end);
            if (geometry.segment(to) != geometry.segment(from)) {
                completeSegment(geometry.segment(from), to);
            }
            ring.written(to);
            counters.writtenBytes.addAndGet(to - from);
            from = to;
        }
        unwrittenSince = UNSET;
        if (geometry.offset(from) > geometry.segmentBytes() / 4) {
            preparer.want();
        }
    }

    private void completeSegment(long number, long nextStart) throws IOException {
        sync();
        current().close();
        file = null;
        ring.durable(nextStart);
        become(number, Segment.State.COMPLETE);
    }

    private void become(long number, Segment.State state) {
        Segment segment = context.segments().get(number);
        if (segment != null) {
            segment.become(state, geometry.segmentBytes());
        }
    }

    private boolean sync() throws IOException {
        if (file == null) {
            return false;
        }
        long started = clock.monotonicNs();
        file.sync();
        counters.syncs.incrementAndGet();
        counters.syncNs.addAndGet(clock.monotonicNs() - started);
        return true;
    }

    /** Has the file that the next byte goes to; false if there is no room for it. */
    private boolean openFile() throws IOException {
        if (file == null) {
            long number = geometry.segment(ring.written());
            file = preparer.take(number);
            become(number, Segment.State.FILLING);
        }
        if (file == null) {
            preparer.want();
        }
        return file != null;
    }

    private DiskFile current() {
        if (file == null) {
            throw new IllegalStateException("no segment file is open");
        }
        return file;
    }

    // ---- beginning and end

    /**
     * Makes the first segment's first record durable, and with it recovery's verdict on where the
     * earlier log ends.
     *
     * @throws StoreException if there is no room for a segment, or the disk fails
     */
    void open() {
        String directory = context.directory().path();
        try {
            if (!openFile()) {
                throw new StoreException(
                        "no room for a new segment of "
                                + geometry.segmentBytes()
                                + " bytes in "
                                + directory
                                + ": "
                                + preparer.trouble());
            }
            write(ring.tail());
            sync();
            ring.durable(ring.written());
            batchEnd = ring.written();
        } catch (IOException e) {
            throw new StoreException("cannot begin a segment in " + directory + ": " + e, e);
        }
    }

    /** Keeps the files for reuse that are whole and that nobody reads. */
    @Override
    public int free(List<Long> dead) throws IOException {
        int freed = 0;
        long inUse = geometry.segment(ring.durable());
        for (long number : dead) {
            Segment segment = context.segments().get(number);
            if (segment != null && number < inUse && segment.live.get() <= 0) {
                context.segments().remove(segment);
                boolean read = context.files().forget(segment.number);
                boolean whole = segment.fileBytes() == geometry.segmentBytes();
                preparer.retire(segment.number, whole && !read);
                counters.reclaimedSegments.incrementAndGet();
                freed++;
            }
        }
        return freed;
    }

    @Override
    public void close() throws IOException {
        thread.stop();
        if (ring.sealed() == null) {
            try {
                finish();
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }
        if (file != null) {
            file.close();
        }
        preparer.close();
    }

    /** The second batch says that the first is durable, and that nothing follows. */
    private void finish() throws IOException {
        if (openFile()) {
            commit(0);
        }
        if (openFile()) {
            commit(RecordLayout.CLOSED);
        }
    }

    private void fail(Throwable cause) {
        StoreException failure =
                new StoreException("the log failed, nothing more is durable: " + cause, cause);
        ring.seal(failure);
        context.listeners().failed(failure);
    }
}
