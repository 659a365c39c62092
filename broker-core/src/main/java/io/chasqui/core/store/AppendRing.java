package io.chasqui.core.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The off-heap window on the end of the log: append buffer for the writer, cache for the readers.
 *
 * <pre>
 *   … | resident, written and durable | written | to be written |      free      |
 *     residentFrom                 durable   written           tail      written + ringBytes
 * </pre>
 *
 * <p>One lock is held from {@link #begin} to {@link #end} while the appender copies its record. It
 * is uncontended most of the time, and it keeps the file free of holes that a claim without a lock
 * would leave when its thread is held up.
 *
 * <p>No record crosses a wrap point of the ring or the end of a segment: a PAD fills the ring up to
 * the former, a ROLL closes the latter and SEGMENT_OPEN begins the next. Both leave either no gap
 * or one that holds a record header.
 *
 * <p>Lock order: the append lock, then the monitor of {@link SegmentTable}.
 */
final class AppendRing {

    /** Kept free of appenders, so that the flusher can always write its BATCH record. */
    private static final int FLUSHER_RESERVE = 1024;

    private static final VarHandle TAIL;
    private static final VarHandle RESIDENT_FROM;
    private static final VarHandle SYNC_REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(AppendRing.class, "tail", long.class);
            RESIDENT_FROM = lookup.findVarHandle(AppendRing.class, "residentFrom", long.class);
            SYNC_REQUESTED = lookup.findVarHandle(AppendRing.class, "syncRequested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LogGeometry geometry;
    private final ByteBuffer buffer;
    private final SegmentTable segments;
    private final LogCounters counters;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();

    private volatile long tail;
    private volatile long residentFrom;
    private volatile long syncRequested;
    private volatile long written;
    private volatile long durable;
    private volatile boolean waiting;
    private volatile @Nullable StoreException sealed;

    private Runnable wakeWriter = () -> {};

    // under the lock
    private Segment current;
    private long claimedAt;
    private int claimedLength;
    private int claimedRefs;

    /** An empty ring whose first record will be the SEGMENT_OPEN of {@code firstSegment}. */
    AppendRing(LogContext context, long firstSegment, RingMemory memory) {
        this.geometry = context.geometry();
        this.segments = context.segments();
        this.counters = context.counters();
        this.buffer = memory.take(geometry.ringBytes());
        this.current = segments.add(firstSegment);
        long start = geometry.firstRecord(firstSegment);
        this.tail = start;
        this.residentFrom = start;
        this.written = start;
        this.durable = start;
    }

    /** What wakes the writer when an appender has to wait for room. */
    void onFull(Runnable wake) {
        wakeWriter = wake;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** Puts the first record of the first segment; before anybody appends. */
    void open(long timeMs, long previousSegment, int previousEnd) {
        int at = geometry.ringIndex(tail);
        RecordLayout.putSegmentOpen(buffer, at, timeMs, previousSegment, previousEnd, durable);
        TAIL.setRelease(this, tail + RecordLayout.SEGMENT_OPEN_BYTES);
    }

    // ---- appending

    /** Takes the lock, claims a record and writes its header; see {@link CommitLog#begin}. */
    long begin(
            int type,
            int flags,
            int targets,
            int refs,
            int format,
            int priority,
            int namesLength,
            long timeMs,
            int payloadBytes) {
        int length = RecordLayout.HEADER_BYTES + payloadBytes;
        if (payloadBytes < 0 || length > geometry.maxRecordBytes()) {
            throw new IllegalArgumentException(
                    "a record of "
                            + payloadBytes
                            + " payload bytes; the longest is "
                            + geometry.maxRecordBytes()
                            + " with its header");
        }
        lock.lock();
        boolean claimed = false;
        try {
            long lsn = claim(length, FLUSHER_RESERVE, timeMs);
            RecordLayout.putHeader(
                    buffer,
                    geometry.ringIndex(lsn),
                    length,
                    type,
                    flags,
                    targets,
                    format,
                    priority,
                    namesLength,
                    timeMs);
            claimedRefs = refs;
            claimed = true;
            return lsn;
        } finally {
            if (!claimed) {
                lock.unlock();
            }
        }
    }

    /** Index in the ring of the claimed record's payload. */
    int payloadAt() {
        return geometry.ringIndex(claimedAt) + RecordLayout.HEADER_BYTES;
    }

    /** Makes the claimed record part of the log and gives the lock back. */
    void end(boolean sync) {
        try {
            int bytes = RecordLayout.aligned(claimedLength);
            current.appended(claimedRefs, bytes);
            counters.appendedRecords++;
            counters.appendedBytes += bytes;
            long after = claimedAt + bytes;
            TAIL.setRelease(this, after);
            if (sync) {
                SYNC_REQUESTED.setRelease(this, after);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives up the claimed record, as if {@link #begin} had not been called. */
    void abandon() {
        lock.unlock();
    }

    /** Wants everything appended so far on disk, as if its last record had been awaited. */
    long requestSync() {
        lock.lock();
        try {
            long now = tail;
            SYNC_REQUESTED.setRelease(this, now);
            return now;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Appends the flusher's BATCH record; never waits for room.
     *
     * @return where it stands; {@link #tail} is right behind it
     */
    long appendBatch(int flags, long timeMs) {
        lock.lock();
        try {
            long lsn = claim(RecordLayout.BATCH_BYTES, 0, timeMs);
            RecordLayout.putBatch(buffer, geometry.ringIndex(lsn), flags, timeMs, durable);
            TAIL.setRelease(this, lsn + RecordLayout.BATCH_BYTES);
            return lsn;
        } finally {
            lock.unlock();
        }
    }

    private long claim(int length, int reserve, long timeMs) {
        int bytes = RecordLayout.aligned(length);
        while (true) {
            refuseIfSealed();
            long at = tail;
            long segmentEnd = geometry.lsn(current.number + 1, 0);
            long wrap = (at & -geometry.ringBytes()) + geometry.ringBytes();
            boolean rolls = at + bytes + RecordLayout.ROLL_BYTES > segmentEnd;
            boolean pads = !rolls && crosses(at + bytes, wrap);
            long upTo = at + bytes;
            if (rolls) {
                upTo = geometry.firstRecord(current.number + 1) + RecordLayout.SEGMENT_OPEN_BYTES;
            } else if (pads) {
                upTo = wrap;
            }
            if (upTo + reserve - geometry.ringBytes() > written) {
                awaitRoom(upTo + reserve);
                continue;
            }
            leaveBehind(upTo - geometry.ringBytes());
            if (rolls) {
                roll(at, timeMs);
            } else if (pads) {
                RecordLayout.putPad(buffer, geometry.ringIndex(at), (int) (wrap - at));
                TAIL.setRelease(this, wrap);
            } else {
                buffer.putLong(geometry.ringIndex(at + bytes - Long.BYTES), 0);
                claimedAt = at;
                claimedLength = length;
                return at;
            }
        }
    }

    /**
     * Whether a record ending here would cross the wrap point, or leave a gap too small for a PAD.
     */
    private static boolean crosses(long end, long wrap) {
        return end > wrap || (end < wrap && wrap - end < RecordLayout.HEADER_BYTES);
    }

    private void roll(long at, long timeMs) {
        RecordLayout.putRoll(buffer, geometry.ringIndex(at), timeMs);
        int end = geometry.offset(at) + RecordLayout.ROLL_BYTES;
        Segment next = segments.add(current.number + 1);
        long start = geometry.firstRecord(next.number);
        RecordLayout.putSegmentOpen(
                buffer, geometry.ringIndex(start), timeMs, current.number, end, durable);
        current = next;
        TAIL.setRelease(this, start + RecordLayout.SEGMENT_OPEN_BYTES);
    }

    /**
     * Says that positions below {@code lsn} are about to be overwritten. Readers look here after
     * they copied, so this must be seen no later than the first byte that overwrites.
     */
    private void leaveBehind(long lsn) {
        if (lsn > residentFrom) {
            RESIDENT_FROM.setOpaque(this, lsn);
            VarHandle.storeStoreFence();
        }
    }

    /** The last resort: appenders are meant to stop at {@link CommitLog#congested} long before. */
    private void awaitRoom(long upTo) {
        while (true) {
            waiting = true; // before the look at the position that the writer sets before its look
            // here
            if (upTo - geometry.ringBytes() <= written || sealed != null) {
                return;
            }
            wakeWriter.run();
            room.awaitUninterruptibly();
        }
    }

    private void refuseIfSealed() {
        StoreException cause = sealed;
        if (cause != null) {
            throw new StoreException("the log takes no more records: " + cause.getMessage(), cause);
        }
    }

    // ---- positions

    long tail() {
        return tail;
    }

    long written() {
        return written;
    }

    long durable() {
        return durable;
    }

    /** End of the last record somebody waits for. */
    long syncRequested() {
        return syncRequested;
    }

    /** Whether the record is in the ring, and was there unharmed until now. */
    boolean resident(long lsn) {
        VarHandle.acquireFence();
        return lsn >= (long) RESIDENT_FROM.getOpaque(this) && lsn < tail;
    }

    /** Records below were given to disk and may be overwritten; by the writer only. */
    void written(long lsn) {
        written = lsn;
        if (waiting) {
            lock.lock();
            try {
                waiting = false;
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Records below survive a power cut; by the writer only. */
    void durable(long lsn) {
        durable = lsn;
    }

    @Nullable StoreException sealed() {
        return sealed;
    }

    /** Refuses every later append and frees whoever waits for room. The first cause stays. */
    void seal(StoreException cause) {
        lock.lock();
        try {
            if (sealed == null) {
                sealed = cause;
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
