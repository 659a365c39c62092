package io.chasqui.core.store;

import io.chasqui.core.time.Clock;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log all messages and settlements of the broker are appended to, in segments of a fixed size.
 *
 * <p>There are two of these in a broker, with the same record format and ring. The durable one is
 * written by {@link LogFlusher} in group commits; a record is durable once {@link #durable} has
 * passed it. The transient one writes nothing ({@link TransientSpiller}) until its ring is half
 * full of messages that somebody still waits for.
 *
 * <p>An appender copies its record straight into the ring:
 *
 * <pre>{@code
 * long lsn = log.begin(RecordType.PUBLISH, 0, targets, targets, format, names, timeMs, bytes);
 * log.buffer().put(log.payloadAt(), image, 0, bytes);   // absolute puts only
 * log.end(true);                                        // or abandon()
 * …
 * log.wakeFlusher();                                    // once, at the end of the tick
 * }</pre>
 *
 * <p>Threads: {@code begin}…{@code end} from any, one at a time by the append lock;
 * {@link #release}, {@link #resident} and the positions from any, without a lock; listeners are
 * called on the flusher's; reclaiming on the housekeeper's.
 */
public final class CommitLog implements AutoCloseable {

    private final LogContext context;
    private final LogGeometry geometry;
    private final AppendRing ring;
    private final LogWriter writer;
    private final RecoveryReport recovery;
    private boolean closed;

    private CommitLog(
            LogContext context, AppendRing ring, LogWriter writer, RecoveryReport recovery) {
        this.context = context;
        this.geometry = context.geometry();
        this.ring = ring;
        this.writer = writer;
        this.recovery = recovery;
    }

    /**
     * Opens the durable log: visits the records from {@code fromLsn} on, makes durable what it
     * accepted, and begins a new segment, for nothing is ever appended behind a torn record. The
     * visitor's caller gives the references of the messages it keeps back with {@link #retain}
     * before the first {@link SegmentReclaimer#reclaim}.
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
        RingMemory memory = RingMemory.of(options.ringBytes());
        return open(disk, path, options, memory, clock, fromLsn, visitor);
    }

    /**
     * As {@link #open(Disk, String, StoreOptions, Clock, long, RecordVisitor)}, in memory that was set
     * aside.
     */
    public static CommitLog open(
            Disk disk,
            String path,
            StoreOptions options,
            RingMemory memory,
            Clock clock,
            long fromLsn,
            RecordVisitor visitor) {
        try {
            disk.makeDirectory(path);
            LogDirectory directory = new LogDirectory(disk, path);
            LogInventory found = LogInventory.read(directory, options);
            LogGeometry geometry = new LogGeometry(found.segmentBits(), options.ringBytes());
            LogRecovery recovery = new LogRecovery(directory, found, geometry);
            RecoveryReport report = recovery.scan(fromLsn, visitor);

            LogContext context =
                    LogContext.of(directory, options, clock, geometry, found.instanceId());
            context.counters().damagedRecords.set(report.damaged().size());
            long first = Math.max(found.highest(), geometry.segment(fromLsn)) + 1;
            AppendRing ring = new AppendRing(context, first, memory);
            SegmentPreparer preparer = new SegmentPreparer(context, first - 1, found.spares());
            LogFlusher flusher = new LogFlusher(context, ring, preparer);
            ring.open(clock.wallMs(), recovery.lastSegment(), recovery.lastEnd());
            adopt(context, preparer, found, recovery);
            flusher.open();
            return new CommitLog(context, ring, flusher, report);
        } catch (IOException e) {
            throw new StoreException("cannot read the log in " + path + ": " + e, e);
        }
    }

    /** Takes over the segments of earlier lives, and makes spares of those never used. */
    private static void adopt(
            LogContext context, SegmentPreparer preparer, LogInventory found, LogRecovery recovery)
            throws IOException {
        LogDirectory directory = context.directory();
        for (long number : found.segments()) {
            if (number > recovery.lastSegment() && recovery.unused().contains(number)) {
                preparer.retire(number, !found.damagedHeaders().contains(number));
                continue;
            }
            try (DiskFile file = directory.disk().open(directory.segment(number))) {
                boolean compacted = found.compacted().contains(number);
                context.segments()
                        .add(number)
                        .become(
                                compacted ? Segment.State.COMPACTED : Segment.State.COMPLETE,
                                file.size());
            }
        }
    }

    /** Creates the transient log and deletes what an earlier one spilled. */
    public static CommitLog createTransient(
            Disk disk, String path, StoreOptions options, Clock clock) {
        RingMemory memory = RingMemory.of(options.ringBytes());
        return createTransient(disk, path, options, memory, clock);
    }

    /**
     * As {@link #createTransient(Disk, String, StoreOptions, Clock)}, in memory that was set aside.
     */
    public static CommitLog createTransient(
            Disk disk, String path, StoreOptions options, RingMemory memory, Clock clock) {
        if (1L << options.segmentBits() > options.ringBytes() / 4) {
            throw new IllegalArgumentException(
                    "a segment of the transient log may take a quarter of its ring at most");
        }
        try {
            disk.makeDirectory(path);
            for (String name : disk.list(path)) {
                disk.delete(path + "/" + name);
            }
            LogContext context =
                    LogContext.of(
                            new LogDirectory(disk, path),
                            options,
                            clock,
                            new LogGeometry(options.segmentBits(), options.ringBytes()),
                            options.instanceId());
            AppendRing ring = new AppendRing(context, 1, memory);
            ring.open(clock.wallMs(), 0, 0);
            RecoveryReport nothing = new RecoveryReport(Lsn.NOTHING, true, false, List.of(), 0, 0);
            return new CommitLog(context, ring, new TransientSpiller(context, ring), nothing);
        } catch (IOException e) {
            throw new StoreException("cannot clear " + path + ": " + e, e);
        }
    }

    /** Starts the log's own threads. Without, a test steps with {@link #runOnce}. */
    public void start() {
        writer.start();
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
        return begin(type, flags, targets, refs, format, 0, namesLength, timeMs, payloadBytes);
    }

    /**
     * As {@link #begin(int, int, int, int, int, int, long, int)}, of a message with a priority.
     *
     * @param priority the header's octet for it
     */
    public long begin(
            int type,
            int flags,
            int targets,
            int refs,
            int format,
            int priority,
            int namesLength,
            long timeMs,
            int payloadBytes) {
        return ring.begin(
                type, flags, targets, refs, format, priority, namesLength, timeMs, payloadBytes);
    }

    /**
     * The ring, big-endian; for absolute puts from {@link #payloadAt} on, and for reading what is
     * {@link #resident}.
     */
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

    /** {@link #end} if the payload was filled, {@link #abandon} if that failed. */
    public void endIf(boolean filled, boolean sync) {
        if (filled) {
            end(sync);
        } else {
            abandon();
        }
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
        return writer.wanted() && writer.wake();
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

    /**
     * A record at {@code lsn} survives a power cut iff {@code lsn < durable()}. Means nothing in
     * the transient log.
     */
    public long durable() {
        return ring.durable();
    }

    /**
     * Publishers should not be read from: half the ring waits for the disk, or the disk is full.
     */
    public boolean congested() {
        return writer.pendingBytes() > geometry.ringBytes() / 2 || writer.starved();
    }

    /** The disk has no room for another segment; settlements can still be appended for a while. */
    public boolean starved() {
        return writer.starved();
    }

    /**
     * Called on the flusher's thread after {@link #durable} moved or congestion ended; must be
     * quick and must not throw.
     */
    public void onProgress(Runnable listener) {
        context.listeners().onProgress(listener);
    }

    /**
     * Called on the flusher's thread if the disk fails: nothing becomes durable any more. Must not
     * close the log, but have somebody else do it.
     */
    public void onFailure(Consumer<StoreException> listener) {
        context.listeners().onFailure(listener);
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
        Segment segment = context.segments().get(geometry.segment(lsn));
        if (segment != null) {
            segment.live.addAndGet(-count);
        }
    }

    /** Adds live references, after recovery or where the caller holds one already. */
    public void retain(long lsn, int count) {
        retainIn(geometry.segment(lsn), count);
    }

    /** Adds live references on records of a segment, after recovery. */
    public void retainIn(long segmentNumber, int count) {
        Segment segment = context.segments().get(segmentNumber);
        if (segment != null) {
            segment.live.addAndGet(count);
        }
    }

    public RecoveryReport recovery() {
        return recovery;
    }

    public LogCounters counters() {
        return context.counters();
    }

    public LogGeometry geometry() {
        return geometry;
    }

    /** Random number of the data directory, in every segment's header. */
    public long instanceId() {
        return context.instanceId();
    }

    /** Bytes of the log's segments on disk; spares do not count. */
    public long bytesOnDisk() {
        return context.segments().all().stream().mapToLong(Segment::fileBytes).sum();
    }

    // ---- stepping and closing

    /** One step of the writer, in a log that was not started; whether anything was written. */
    boolean runOnce() {
        return writer.runOnce();
    }

    /** One step of preparing segments, in a log that was not started. */
    void prepareOnce() {
        writer.prepareOnce();
    }

    /** Records below were given to the disk. */
    long written() {
        return ring.written();
    }

    LogContext context() {
        return context;
    }

    LogWriter writer() {
        return writer;
    }

    /**
     * Makes everything appended durable, with a mark that nothing follows, and closes the files.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            writer.close();
            ring.seal(new StoreException("the log is closed"));
            context.files().close();
        } catch (IOException e) {
            throw new StoreException(
                    "cannot close the log in " + context.directory().path() + ": " + e, e);
        }
    }
}
