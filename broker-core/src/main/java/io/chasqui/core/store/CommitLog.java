package io.chasqui.core.store;

import io.chasqui.core.time.Clock;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The log all messages and settlements of the broker are appended to, in segments of a fixed size.
 *
 * <p>There are two of these in a broker, with the same record format and ring. The durable one is
 * written by {@link LogFlusher} in group commits; a record is durable once {@link #durable} has passed
 * it. The transient one writes nothing ({@link TransientSpiller}) until its ring is half full of
 * messages that somebody still waits for.
 *
 * <p>An appender copies its record straight into the ring:
 *
 * <pre>{@code
 * long lsn = log.begin(RecordType.PUBLISH, 0, targets, targets, format, names, timeMs, bytes);
 * log.buffer().put(log.payloadAt(), image, 0, bytes);   // absolute puts only
 * log.end(true);                                        // or abandon()
 * …
 * log.wakeFlusher();                                    // once, at the end of the event loop's tick
 * }</pre>
 *
 * <p>Threads: {@code begin}…{@code end} from any, one at a time by the append lock; {@link #release},
 * {@link #resident} and the positions from any, without a lock; listeners are called on the
 * flusher's; reclaiming on the housekeeper's.
 */
public final class CommitLog implements AutoCloseable {

    private final LogGeometry geometry;
    private final StoreOptions options;
    private final long instanceId;
    private final Clock clock;
    private final LogDirectory directory;
    private final LogCounters counters = new LogCounters();
    private final SegmentTable segments = new SegmentTable(counters);
    private final SegmentFiles files;
    private final AppendRing ring;
    private final LogWriter writer;
    private final StepThread writerThread;
    private final @Nullable SegmentPreparer preparer;
    private final @Nullable StepThread preparerThread;
    private final RecoveryReport recovery;
    private final List<Runnable> progress = new CopyOnWriteArrayList<>();
    private final List<Consumer<StoreException>> failure = new CopyOnWriteArrayList<>();
    private boolean closed;

    /** The durable log, on what recovery has found. */
    private CommitLog(
            LogDirectory directory,
            StoreOptions options,
            Clock clock,
            LogGeometry geometry,
            LogInventory found,
            LogRecovery recovered,
            RecoveryReport report,
            long first) {
        this.directory = directory;
        this.options = options;
        this.clock = clock;
        this.geometry = geometry;
        this.instanceId = found.instanceId();
        this.recovery = report;
        this.files = new SegmentFiles(directory, options.openFiles());
        this.ring = new AppendRing(geometry, segments, counters, this::wakeWriter, first);
        SegmentPreparer ahead =
                new SegmentPreparer(
                        directory,
                        geometry,
                        instanceId,
                        options.keptSpares(),
                        clock,
                        first - 1,
                        found.spares());
        StepThread aheadThread = new StepThread("log-preparer", ahead);
        LogFlusher flusher =
                new LogFlusher(
                        geometry,
                        options,
                        instanceId,
                        ring,
                        segments,
                        ahead,
                        aheadThread::wake,
                        clock,
                        counters,
                        this::progressed,
                        this::failed);
        this.preparer = ahead;
        this.preparerThread = aheadThread;
        this.writer = flusher;
        this.writerThread = new StepThread("log-flusher", flusher);
        ahead.onPrepared(() -> {
            flusher.prepared();
            wakeWriter();
        });
        counters.damagedRecords.set(report.damaged().size());
        ring.open(clock.wallMs(), recovered.lastSegment(), recovered.lastEnd());
        flusher.open(directory.path());
    }

    /** The transient log. */
    private CommitLog(LogDirectory directory, StoreOptions options, Clock clock) {
        this.directory = directory;
        this.options = options;
        this.clock = clock;
        this.geometry = new LogGeometry(options.segmentBits(), options.ringBytes());
        this.instanceId = options.instanceId();
        this.recovery = new RecoveryReport(Lsn.NOTHING, true, false, List.of(), 0, 0);
        this.files = new SegmentFiles(directory, options.openFiles());
        this.ring = new AppendRing(geometry, segments, counters, this::wakeWriter, 1);
        this.preparer = null;
        this.preparerThread = null;
        this.writer =
                new TransientSpiller(
                        geometry,
                        instanceId,
                        directory,
                        ring,
                        segments,
                        files,
                        clock,
                        counters,
                        this::progressed);
        this.writerThread = new StepThread("log-spiller", writer);
        ring.open(clock.wallMs(), 0, 0);
    }

    /**
     * Opens the durable log: visits the records from {@code fromLsn} on, makes durable what it
     * accepted, and begins a new segment, for nothing is ever appended behind a torn record. The
     * visitor's caller gives the references of the messages it keeps back with {@link #retain} before
     * the first {@link SegmentReclaimer#reclaim}.
     *
     * @param fromLsn position the checkpoint was taken at; 0 for all there is
     * @throws StoreException if the files are not this release's or not of one directory, or if the
     *     disk fails or has no room for a segment
     */
    public static CommitLog open(
            Disk disk,
            String path,
            StoreOptions options,
            Clock clock,
            long fromLsn,
            RecordVisitor visitor) {
        try {
            disk.makeDirectory(path);
            LogDirectory directory = new LogDirectory(disk, path);
            LogInventory found = LogInventory.read(directory, options);
            LogGeometry geometry = new LogGeometry(found.segmentBits(), options.ringBytes());
            LogRecovery recovered = new LogRecovery(directory, found, geometry);
            RecoveryReport report = recovered.scan(fromLsn, visitor);
            long first = Math.max(found.highest(), geometry.segment(fromLsn)) + 1;
            CommitLog log =
                    new CommitLog(
                            directory, options, clock, geometry, found, recovered, report, first);
            log.adopt(found, recovered);
            return log;
        } catch (IOException e) {
            throw new StoreException("cannot read the log in " + path + ": " + e, e);
        }
    }

    /** Creates the transient log and deletes what an earlier one spilled. */
    public static CommitLog createTransient(
            Disk disk, String path, StoreOptions options, Clock clock) {
        if (1L << options.segmentBits() > options.ringBytes() / 4) {
            throw new IllegalArgumentException(
                    "a segment of the transient log may take a quarter of its ring at most");
        }
        try {
            disk.makeDirectory(path);
            for (String name : disk.list(path)) {
                disk.delete(path + "/" + name);
            }
            return new CommitLog(new LogDirectory(disk, path), options, clock);
        } catch (IOException e) {
            throw new StoreException("cannot clear " + path + ": " + e, e);
        }
    }

    /** Takes over the segments of earlier lives, and makes spares of those never used. */
    private void adopt(LogInventory found, LogRecovery recovered) throws IOException {
        for (long number : found.segments()) {
            if (number > recovered.lastSegment() && recovered.unused().contains(number)) {
                if (preparer != null) {
                    preparer.retire(number, !found.damagedHeaders().contains(number));
                }
                continue;
            }
            long bytes;
            try (DiskFile file = directory.disk().open(directory.segment(number))) {
                bytes = file.size();
            }
            boolean compacted = found.compacted().contains(number);
            segments.add(number)
                    .become(compacted ? Segment.State.COMPACTED : Segment.State.COMPLETE, bytes);
        }
    }

    /** Starts the log's own threads. Without, a test steps with {@link #runOnce}. */
    public synchronized void start() {
        writerThread.start();
        if (preparerThread != null) {
            preparerThread.start();
        }
    }

    // ---- appending

    /**
     * Claims room for a record and writes its header. Holds the append lock until {@link #end} or
     * {@link #abandon}; fill the payload in between and do nothing else.
     *
     * <p>Waits only if the ring is full to its end, which callers prevent by heeding {@link
     * #congested}.
     *
     * @param targets the header's count of queue ids
     * @param refs live references to add to the record's segment, given back with {@link #release}
     * @return the record's lsn
     * @throws IllegalArgumentException if the record is longer than {@link #maxRecordBytes}
     * @throws StoreException if the log failed or was closed
     */
    public long begin(
            int type,
            int flags,
            int targets,
            int refs,
            int format,
            int namesLength,
            long timeMs,
            int payloadBytes) {
        return ring.begin(type, flags, targets, refs, format, namesLength, timeMs, payloadBytes);
    }

    /** The ring, big-endian; for absolute puts from {@link #payloadAt} on, and for reading what is {@link #resident}. */
    public ByteBuffer buffer() {
        return ring.buffer();
    }

    /** Index of the claimed record's payload; its bytes lie side by side. */
    public int payloadAt() {
        return ring.payloadAt();
    }

    /**
     * Ends the claimed record and gives the lock back.
     *
     * @param sync somebody waits until the record is durable
     */
    public void end(boolean sync) {
        ring.end(sync);
    }

    /** Gives the claimed record up, as if it had never begun. */
    public void abandon() {
        ring.abandon();
    }

    /**
     * Says that a tick's appends are done. A system call only if the flusher sleeps and has to do
     * something.
     *
     * @return whether it was woken
     */
    public boolean wakeFlusher() {
        VarHandle.fullFence(); // the appends before, the flusher's state after
        return writer.wanted() && writerThread.wake();
    }

    /**
     * Wants everything appended so far on disk soon.
     *
     * @return the position that {@link #durable} will have reached then
     */
    public long requestSync() {
        long end = ring.requestSync();
        wakeFlusher();
        return end;
    }

    /** Longest record, header included; larger content is appended in BODY_PARTs. */
    public int maxRecordBytes() {
        return geometry.maxRecordBytes();
    }

    // ---- positions

    /** Position behind the last record. */
    public long tail() {
        return ring.tail();
    }

    /** A record at {@code lsn} survives a power cut iff {@code lsn < durable()}. Means nothing in the transient log. */
    public long durable() {
        return ring.durable();
    }

    /** Publishers should not be read from: half the ring waits for the disk, or the disk is full. */
    public boolean congested() {
        long tail = ring.tail();
        long half = geometry.ringBytes() / 2;
        if (preparer == null) {
            return tail - ring.written() > half + half / 2;
        }
        return tail - ring.durable() > half || writer.starved();
    }

    /** The disk has no room for another segment; settlements can still be appended for a while. */
    public boolean starved() {
        return writer.starved();
    }

    /** Called on the flusher's thread after {@link #durable} moved or congestion ended; must be quick. */
    public void onProgress(Runnable listener) {
        progress.add(listener);
    }

    /** Called once if the disk fails: nothing becomes durable any more. */
    public void onFailure(Consumer<StoreException> listener) {
        failure.add(listener);
    }

    /** What ended the log, if anything did. */
    public @Nullable StoreException failure() {
        return ring.sealed();
    }

    // ---- reading and references

    /**
     * Whether the record can be read in {@link #buffer} at {@link #ringIndex}. On a thread that may
     * be overtaken by appends: copy first, then ask, and use the copy only if the answer is yes.
     */
    public boolean resident(long lsn) {
        return ring.resident(lsn);
    }

    public int ringIndex(long lsn) {
        return geometry.ringIndex(lsn);
    }

    /** Gives live references back: so many queues settled the record. */
    public void release(long lsn, int count) {
        Segment segment = segments.get(geometry.segment(lsn));
        if (segment != null) {
            segment.live.addAndGet(-count);
        }
    }

    /** Adds live references, after recovery or where the caller holds one already. */
    public void retain(long lsn, int count) {
        Segment segment = segments.get(geometry.segment(lsn));
        if (segment != null) {
            segment.live.addAndGet(count);
        }
    }

    public RecoveryReport recovery() {
        return recovery;
    }

    public LogCounters counters() {
        return counters;
    }

    public LogGeometry geometry() {
        return geometry;
    }

    /** Random number of the data directory, in every segment's header. */
    public long instanceId() {
        return instanceId;
    }

    /** Bytes of the log's segments on disk; spares do not count. */
    public long bytesOnDisk() {
        long bytes = 0;
        for (Segment segment : segments.all()) {
            bytes +=
                    segment.state() == Segment.State.FILLING && preparer != null
                            ? geometry.segmentBytes()
                            : segment.fileBytes();
        }
        return bytes;
    }

    // ---- for the rest of the package

    StoreOptions options() {
        return options;
    }

    Clock clock() {
        return clock;
    }

    LogDirectory directory() {
        return directory;
    }

    SegmentTable segments() {
        return segments;
    }

    SegmentFiles files() {
        return files;
    }

    LogWriter writer() {
        return writer;
    }

    @Nullable SegmentPreparer preparer() {
        return preparer;
    }

    /** Records below were given to the disk. */
    long written() {
        return ring.written();
    }

    // ---- stepping and closing

    /** One step of the flusher, in a log that was not started; whether anything was written. */
    boolean runOnce() {
        return writer.runOnce();
    }

    /** One step of the preparer, in a log that was not started. */
    void prepareOnce() {
        if (preparer != null) {
            preparer.step();
        }
    }

    private void wakeWriter() {
        writerThread.wake();
    }

    void wakePreparer() {
        if (preparerThread != null) {
            preparerThread.wake();
        }
    }

    private void progressed() {
        for (Runnable listener : progress) {
            listener.run();
        }
    }

    private void failed(StoreException cause) {
        for (Consumer<StoreException> listener : failure) {
            listener.accept(cause);
        }
    }

    /** Makes everything appended durable, with a mark that nothing follows, and closes the files. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        writerThread.stop();
        if (preparerThread != null) {
            preparerThread.stop();
        }
        writer.close();
        ring.seal(new StoreException("the log is closed"));
        try {
            files.close();
            if (preparer != null) {
                preparer.close();
            }
        } catch (IOException e) {
            throw new StoreException("cannot close the log in " + directory.path() + ": " + e, e);
        }
    }
}
