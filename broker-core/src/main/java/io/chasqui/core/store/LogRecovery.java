package io.chasqui.core.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log after a stop of any kind and decides what it says.
 *
 * <p>What stands before the first unreadable record is accepted. Behind it there are two cases, and
 * taking one for the other would lose confirmed messages or bring back what never was confirmed:
 *
 * <ul>
 *   <li><b>A torn tail.</b> Nothing says that the record was ever synced. It and all behind it are
 *       dropped without a word: nobody was told that they are safe.
 *   <li><b>Damage.</b> The record was durable: a later BATCH in its segment carries a durable
 *       position beyond it, or its segment was followed by another, which the flusher only begins
 *       once the one before is synced to its end. The loss is reported and reading goes on with the
 *       next intact record.
 * </ul>
 *
 * <p>SEGMENT_OPEN tells where the segment before ends. For a segment that an earlier recovery
 * closed, this is the verdict of that recovery: whatever stands behind is an old torn tail for
 * ever.
 */
final class LogRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    private static final int UNKNOWN = -1;

    /** A segment that holds records, and what its first one says. */
    private static final class Used {
        final long number;

        /** Segment before it, 0 if there was none, {@link #UNKNOWN} if that record is damaged. */
        long previous = UNKNOWN;

        int previousEnd = UNKNOWN;

        Used(long number) {
            this.number = number;
        }
    }

    private final LogDirectory directory;
    private final LogInventory inventory;
    private final LogGeometry geometry;
    private final List<Used> used = new ArrayList<>();
    private final List<Long> unused = new ArrayList<>();
    private final List<DamagedRange> damaged = new ArrayList<>();
    private boolean closedCleanly;
    private boolean tornTail;
    private long records;
    private long bytes;
    private long lastSegment;
    private int lastEnd;
    private long lastMark;

    LogRecovery(LogDirectory directory, LogInventory inventory, LogGeometry geometry) {
        this.directory = directory;
        this.inventory = inventory;
        this.geometry = geometry;
    }

    /** The segment in which the log ends; 0 if it has no records. */
    long lastSegment() {
        return lastSegment;
    }

    /** Where in that segment it ends. */
    int lastEnd() {
        return lastEnd;
    }

    /** Segments behind that end in which no record was accepted: made ahead, or begun and torn. */
    List<Long> unused() {
        return unused;
    }

    /**
     * Visits all records from {@code fromLsn} on and makes sure that what was accepted is durable.
     *
     * @throws StoreException if the log holds what this release does not know
     */
    RecoveryReport scan(long fromLsn, RecordVisitor visitor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer window =
                    arena.allocate(windowBytes())
                            .asByteBuffer(); // given back at once, not by the collector
            findUsed(geometry.segment(fromLsn), window);
            reportMissing(geometry.segment(fromLsn), visitor);
            for (int i = 0; i < used.size(); i++) {
                visit(i, fromLsn, window, visitor);
            }
            makeDurable(fromLsn, window);
        }
        long endLsn = used.isEmpty() ? fromLsn : geometry.lsn(lastSegment, 0) + lastEnd;
        return new RecoveryReport(
                endLsn, closedCleanly, tornTail, List.copyOf(damaged), records, bytes);
    }

    private int windowBytes() {
        return Math.min(SegmentScan.WINDOW_BYTES, geometry.segmentBytes());
    }

    // ---- which segments hold records

    private void findUsed(long from, ByteBuffer window) throws IOException {
        List<Used> all = new ArrayList<>();
        for (long number : inventory.segments()) {
            if (number >= from) {
                try (DiskFile file = directory.disk().open(directory.segment(number))) {
                    all.add(look(number, scan(file, number, window)));
                }
            }
        }
        for (Used segment : all) {
            if (segment.previous != UNKNOWN || isNamedBefore(segment.number, all)) {
                used.add(segment);
            } else {
                unused.add(segment.number);
            }
        }
    }

    /** Leaves {@code previous} unknown if the segment holds no record that ever was durable. */
    private Used look(long number, SegmentScan scan) throws IOException {
        Used segment = new Used(number);
        int first = SegmentHeader.BYTES;
        if (inventory.compacted().contains(number)) {
            segment.previous = 0;
        } else if (scan.intactLength(first) > 0) {
            int at = scan.index(first, RecordLayout.SEGMENT_OPEN_BYTES);
            if (at >= 0 && RecordLayout.type(scan.window(), at) == RecordType.SEGMENT_OPEN) {
                segment.previous = RecordLayout.openPrevious(scan.window(), at);
                segment.previousEnd = RecordLayout.openPreviousEnd(scan.window(), at);
            } else {
                segment.previous = 0;
            }
        } else if (!neverUsed(number, scan) && scan.durableMarkBehind(first)) {
            segment.previous = 0;
        }
        return segment;
    }

    /** An intact header and nothing behind it: saves reading a whole segment made ahead. */
    private boolean neverUsed(long number, SegmentScan scan) throws IOException {
        return !inventory.damagedHeaders().contains(number) && scan.untouched();
    }

    private static boolean isNamedBefore(long number, List<Used> all) {
        return all.stream().anyMatch(segment -> segment.previous == number);
    }

    private SegmentScan scan(DiskFile file, long number, ByteBuffer window) throws IOException {
        return new SegmentScan(geometry, window, inventory.instanceId(), file, number);
    }

    /** A segment that another names as the one before it must be there. */
    private void reportMissing(long from, RecordVisitor visitor) {
        for (Used segment : used) {
            long before = segment.previous;
            if (before > 0 && before >= from && !inventory.segments().contains(before)) {
                report(before, 0, geometry.segmentBytes(), "missing", visitor);
            }
        }
    }

    // ---- one segment

    private void visit(int i, long fromLsn, ByteBuffer window, RecordVisitor visitor)
            throws IOException {
        long number = used.get(i).number;
        if (inventory.damagedHeaders().contains(number)) {
            report(number, 0, SegmentHeader.BYTES, "damaged header", visitor);
        }
        int from = SegmentHeader.BYTES;
        if (number == geometry.segment(fromLsn)) {
            from = Math.max(from, geometry.offset(fromLsn));
        }
        try (DiskFile file = directory.disk().open(directory.segment(number))) {
            SegmentScan scan = scan(file, number, window);
            lastSegment = number;
            if (inventory.compacted().contains(number)) {
                lastEnd = geometry.segmentBytes();
                visitCompacted(number, from, file, scan, visitor);
            } else {
                lastEnd = visitPlain(i, from, scan, visitor);
            }
        }
    }

    /** Returns where the segment ends. */
    private int visitPlain(int i, int from, SegmentScan scan, RecordVisitor visitor)
            throws IOException {
        long number = used.get(i).number;
        int knownEnd = knownEnd(i);
        int limit = knownEnd == UNKNOWN ? scan.end() : knownEnd;
        int at = from;
        while (at < limit) {
            int length = scan.intactLength(at);
            if (length > 0) {
                int type = visitRecord(number, at, length, scan, visitor);
                at += RecordLayout.aligned(length);
                if (type == RecordType.ROLL || closedCleanly) {
                    return at;
                }
            } else if (knownEnd != UNKNOWN || wasDurable(i, at, scan)) {
                int next = scan.resync(at, limit);
                report(number, at, next, "damaged", visitor);
                at = next;
            } else {
                tornTail = scan.written(at);
                return at;
            }
        }
        return at;
    }

    /** Where the next segment's first record says that this one ends. */
    private int knownEnd(int i) {
        if (i + 1 == used.size()) {
            return UNKNOWN;
        }
        Used next = used.get(i + 1);
        return next.previous == used.get(i).number ? next.previousEnd : UNKNOWN;
    }

    /** Whether something proves that a record at {@code offset} was synced once. */
    private boolean wasDurable(int i, int offset, SegmentScan scan) throws IOException {
        return i + 1 < used.size() || scan.durableMarkBehind(offset);
    }

    private int visitRecord(
            long number, int offset, int length, SegmentScan scan, RecordVisitor visitor)
            throws IOException {
        int at = scan.index(offset, RecordLayout.HEADER_BYTES);
        int type = RecordLayout.type(scan.window(), at);
        if (!RecordType.known(type)) {
            throw StoreException.unknownRecord(directory.segment(number), offset, type);
        }
        if (!RecordType.structural(type)) {
            int whole = scan.index(offset, length);
            visitor.record(geometry.lsn(number, offset), scan.window(), whole, length);
            records++;
            bytes += length;
        }
        closedCleanly = false;
        if (type == RecordType.BATCH) {
            int mark = scan.index(offset, length);
            lastMark = RecordLayout.batchDurable(scan.window(), mark);
            closedCleanly = RecordLayout.flags(scan.window(), mark) == RecordLayout.CLOSED;
        }
        return type;
    }

    private void visitCompacted(
            long number, int from, DiskFile file, SegmentScan scan, RecordVisitor visitor)
            throws IOException {
        OffsetMap map = readMap(file, number);
        if (map == null) {
            report(number, from, geometry.segmentBytes(), "damaged", visitor);
            return;
        }
        for (int i = 0; i < map.size(); i++) {
            int offset = map.oldOffset(i);
            int moved = map.find(offset);
            int length = moved < 0 ? 0 : scan.intactLength(moved);
            if (length > 0) {
                long lsn = geometry.lsn(number, offset);
                visitor.record(lsn, scan.window(), scan.index(moved, length), length);
                records++;
                bytes += length;
            } else {
                report(number, offset, offset + Long.BYTES, "damaged", visitor);
            }
        }
    }

    private @Nullable OffsetMap readMap(DiskFile file, long number) throws IOException {
        if (inventory.damagedHeaders().contains(number)) {
            return OffsetMap.readAtEnd(file);
        }
        ByteBuffer header = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
        file.read(header, 0);
        return OffsetMap.read(file, SegmentHeader.read(header, 0, directory.segment(number)));
    }

    // ---- results

    private void report(long number, int from, int to, String what, RecordVisitor visitor) {
        String file = directory.segment(number);
        DamagedRange range =
                new DamagedRange(
                        file, geometry.lsn(number, 0) + from, geometry.lsn(number, 0) + to);
        LOG.error("{}: offsets {} to {} are {}; reading on behind them", file, from, to, what);
        damaged.add(range);
        visitor.damaged(range);
    }

    /**
     * What was accepted may so far be in the page cache only, and if a sync failed before, the
     * system may believe that it is on disk. So what no mark calls durable is written once more,
     * and synced. It is all in the last segment: one is synced before the next gets its first byte.
     */
    private void makeDurable(long fromLsn, ByteBuffer window) throws IOException {
        if (lastSegment == 0 || inventory.compacted().contains(lastSegment)) {
            return;
        }
        long start = geometry.firstRecord(lastSegment);
        long end = geometry.lsn(lastSegment, 0) + lastEnd;
        try (DiskFile file = directory.disk().open(directory.segment(lastSegment))) {
            long at = Math.max(start, Math.max(fromLsn, lastMark));
            end =
                    Math.min(
                            end,
                            geometry.lsn(lastSegment, 0) + file.size()); // a PAD may reach further
            while (at < end) {
                window.clear().limit((int) Math.min(window.capacity(), end - at));
                int read = file.read(window, geometry.offset(at));
                file.write(window.flip(), geometry.offset(at));
                at += read;
            }
            file.sync();
        }
    }
}
