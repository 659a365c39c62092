package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads one segment file after the other through a window of a few MiB, and finds intact records in
 * it: in their order, or behind a damage.
 */
final class SegmentScan {

    /** The longest record, and a mebibyte read ahead. */
    static final int WINDOW_BYTES = LogGeometry.MAX_RECORD_BYTES + (1 << 20);

    /**
     * Bytes that may be checksummed in vain behind one damage. A recycled file or a hostile body
     * can hold any number of things that look like the header of a long record.
     */
    private static final long RESYNC_BUDGET_BYTES = 256L << 20;

    private final LogGeometry geometry;
    private final ByteBuffer window;
    private final RecordCrc crc;
    private DiskFile file;
    private long number;
    private int end;
    private int windowAt;
    private int windowBytes;

    SegmentScan(
            LogGeometry geometry, ByteBuffer window, long instanceId, DiskFile file, long number)
            throws IOException {
        this.geometry = geometry;
        this.window = window;
        this.crc = new RecordCrc(window, instanceId);
        this.file = file;
        open(file, number);
    }

    /** Goes on to another segment. */
    void open(DiskFile nextFile, long nextNumber) throws IOException {
        file = nextFile;
        number = nextNumber;
        end = (int) Math.min(nextFile.size(), geometry.segmentBytes());
        windowAt = 0;
        windowBytes = 0;
        crc.segment(nextNumber);
    }

    ByteBuffer window() {
        return window;
    }

    /** Where the file ends, or the segment if that is sooner. */
    int end() {
        return end;
    }

    /**
     * Index in the window of the byte at {@code offset}, with {@code bytes} there; -1 if the file
     * ends before.
     */
    int index(int offset, int bytes) throws IOException {
        if (offset < windowAt || offset + bytes > windowAt + windowBytes) {
            if (offset + bytes > end) {
                return -1;
            }
            window.clear().limit(Math.min(window.capacity(), end - offset));
            windowBytes = file.read(window, offset);
            windowAt = offset;
            window.clear();
            if (bytes > windowBytes) {
                return -1;
            }
        }
        return offset - windowAt;
    }

    /** Length of the intact record at {@code offset}; 0 if there is none. */
    int intactLength(int offset) throws IOException {
        int length = plausibleLength(offset);
        if (length == 0) {
            return 0;
        }
        boolean pad = RecordLayout.type(window, offset - windowAt) == RecordType.PAD;
        int at = index(offset, pad ? RecordLayout.HEADER_BYTES : length);
        return at >= 0 && crc.intact(at, at + length) ? length : 0;
    }

    private int plausibleLength(int offset) throws IOException {
        int at = index(offset, RecordLayout.HEADER_BYTES);
        if (at < 0) {
            return 0;
        }
        int length = crc.plausibleLength(at, at + geometry.segmentBytes() - offset);
        return length <= geometry.segmentBytes() - offset ? length : 0;
    }

    /** Whether anything but zeros stands at {@code offset}. */
    boolean written(int offset) throws IOException {
        int at = index(offset, Long.BYTES);
        return at >= 0 && window.getLong(at) != 0;
    }

    /** Whether the segment's first page shows that nothing was ever written behind the header. */
    boolean untouched() throws IOException {
        int limit = Math.min(SegmentPreparer.FIRST_PAGE_BYTES, end);
        for (int offset = SegmentHeader.BYTES; offset + Long.BYTES <= limit; offset += Long.BYTES) {
            if (written(offset)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a BATCH at or behind {@code offset} says that what stands there was durable. */
    boolean durableMarkBehind(int offset) throws IOException {
        long lsn = geometry.lsn(number, offset);
        for (int at = offset; at + RecordLayout.BATCH_BYTES <= end; at += Long.BYTES) {
            int i = index(at, RecordLayout.BATCH_BYTES);
            if (i >= 0
                    && RecordLayout.length(window, i) == RecordLayout.BATCH_BYTES
                    && RecordLayout.type(window, i) == RecordType.BATCH
                    && RecordLayout.batchDurable(window, i) > lsn
                    && crc.intact(i, i + RecordLayout.BATCH_BYTES)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where the first intact record stands behind the damaged one at {@code offset}; {@code limit}
     * if there is none before. What the damaged one says of its length is not believed.
     */
    int resync(int offset, int limit) throws IOException {
        long budget = RESYNC_BUDGET_BYTES;
        for (int at = offset + Long.BYTES; at < limit; at += Long.BYTES) {
            int candidate = plausibleLength(at);
            if (candidate > 0 && (budget > 0 || candidate <= RecordLayout.SEGMENT_OPEN_BYTES)) {
                if (intactLength(at) > 0) {
                    return at;
                }
                budget -= candidate;
            }
        }
        return limit;
    }
}
