package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of a compacted segment lie now. Their lsns never change, so queues need not
 * hear of a compaction. The file holds the map twice, so that one damaged block does not take with
 * it what it does not contain:
 *
 * <pre>
 *   +--------+-----+----------------------------+-----+
 *   | header | map | records, as they were, by 8 | map |
 *   +--------+-----+----------------------------+-----+
 *
 *   map = | u32 old offset | u32 new offset | … by old offset | u32 count | u32 crc32c |
 * </pre>
 *
 * The CRC covers pairs and count. A new offset of 0 says that the record was damaged already.
 */
final class OffsetMap {

    private static final int PAIR_BYTES = 8;
    private static final int TRAILER_BYTES = 8;

    private final int[] oldOffsets;
    private final int[] newOffsets;

    OffsetMap(int[] oldOffsets, int[] newOffsets) {
        this.oldOffsets = oldOffsets;
        this.newOffsets = newOffsets;
    }

    int size() {
        return oldOffsets.length;
    }

    int oldOffset(int i) {
        return oldOffsets[i];
    }

    int newOffset(int i) {
        return newOffsets[i];
    }

    /** Where the record now is that was written at {@code oldOffset}; -1 if it was not kept. */
    int find(int oldOffset) {
        int i = Arrays.binarySearch(oldOffsets, oldOffset);
        return i < 0 || newOffsets[i] == 0 ? -1 : newOffsets[i];
    }

    static int bytes(int count) {
        return count * PAIR_BYTES + TRAILER_BYTES;
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(bytes(size()));
        for (int i = 0; i < size(); i++) {
            bytes.putInt(oldOffsets[i]).putInt(newOffsets[i]);
        }
        bytes.putInt(size());
        bytes.putInt(crc(bytes));
        return bytes.flip();
    }

    /** Reads the map of a compacted segment; null if both copies are damaged. */
    static @Nullable OffsetMap read(DiskFile file, SegmentHeader header) throws IOException {
        OffsetMap first = readAt(file, SegmentHeader.BYTES, header.mapCount());
        return first != null ? first : readAtEnd(file);
    }

    /** Reads the copy that is found without a header; null if there is none. */
    static @Nullable OffsetMap readAtEnd(DiskFile file) throws IOException {
        ByteBuffer trailer = ByteBuffer.allocateDirect(TRAILER_BYTES);
        long end = file.size();
        if (end < SegmentHeader.BYTES + TRAILER_BYTES) {
            return null;
        }
        file.read(trailer, end - TRAILER_BYTES);
        int count = trailer.getInt(0);
        return readAt(file, end - (long) count * PAIR_BYTES - TRAILER_BYTES, count);
    }

    private static @Nullable OffsetMap readAt(DiskFile file, long at, int count)
            throws IOException {
        long end = at + (long) count * PAIR_BYTES + TRAILER_BYTES;
        if (count < 0 || at < SegmentHeader.BYTES || end > file.size()) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(bytes(count));
        file.read(bytes, at);
        int crcAt = bytes.capacity() - Integer.BYTES;
        if (bytes.hasRemaining()
                || bytes.getInt(crcAt - Integer.BYTES) != count
                || bytes.getInt(crcAt) != crc(bytes)) {
            return null;
        }
        int[] from = new int[count];
        int[] to = new int[count];
        for (int i = 0; i < count; i++) {
            from[i] = bytes.getInt(i * PAIR_BYTES);
            to[i] = bytes.getInt(i * PAIR_BYTES + Integer.BYTES);
        }
        return new OffsetMap(from, to);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, bytes.capacity() - Integer.BYTES));
        return (int) crc.getValue();
    }
}
