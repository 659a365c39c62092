package io.chasqui.core.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a segment file.
 *
 * <pre>
 *    0          8      10     11     12          16         24            32            40
 *   +----------+------+------+------+-----------+----------+-------------+-------------+
 *   | CHASQLOG | vers | bits | kind | 0         | segment  | created ms  | instance id |
 *   |  8 bytes | u16  |  u8  |  u8  | u32       |   u64    |    u64      |    u64      |
 *   +----------+------+------+------+-----------+----------+-------------+-------------+
 *   | map count u32   | 0 …                                           | crc32c u32      |
 *   +-----------------+-----------------------------------------------+-----------------+
 *   40                44                                              60               64
 * </pre>
 *
 * <p>Kind 0 is a segment as it was written: a record's file offset is the offset in its lsn. Kind 1
 * was compacted: its records moved, and an {@link OffsetMap} of {@code map count} entries behind
 * this header, repeated at the end of the file, tells where to. Size, magic and CRC stay in their
 * places in every later version, so that a damaged version number is never taken for a newer
 * release's.
 */
record SegmentHeader(
        int segmentBits, int kind, long segment, long createdMs, long instanceId, int mapCount) {

    static final int BYTES = 64;
    static final int VERSION = 1;
    static final int PLAIN = 0;
    static final int COMPACTED = 1;

    private static final long MAGIC = 0x4348_4153_514c_4f47L; // CHASQLOG
    private static final int CRC_AT = 60;

    static SegmentHeader plain(int segmentBits, long segment, long createdMs, long instanceId) {
        return new SegmentHeader(segmentBits, PLAIN, segment, createdMs, instanceId, 0);
    }

    static SegmentHeader compacted(
            int segmentBits, long segment, long createdMs, long instanceId, int mapCount) {
        return new SegmentHeader(segmentBits, COMPACTED, segment, createdMs, instanceId, mapCount);
    }

    boolean isCompacted() {
        return kind == COMPACTED;
    }

    void put(ByteBuffer buffer, int at) {
        buffer.putLong(at, MAGIC);
        buffer.putShort(at + 8, (short) VERSION);
        buffer.put(at + 10, (byte) segmentBits);
        buffer.put(at + 11, (byte) kind);
        buffer.putInt(at + 12, 0);
        buffer.putLong(at + 16, segment);
        buffer.putLong(at + 24, createdMs);
        buffer.putLong(at + 32, instanceId);
        buffer.putInt(at + 40, mapCount);
        buffer.putLong(at + 44, 0);
        buffer.putLong(at + 52, 0);
        buffer.putInt(at + CRC_AT, crc(buffer, at));
    }

    /** Whether 64 bytes are an intact header, of whatever version. */
    static boolean intact(ByteBuffer buffer, int at) {
        return buffer.getLong(at) == MAGIC && buffer.getInt(at + CRC_AT) == crc(buffer, at);
    }

    /**
     * Reads an {@link #intact} header.
     *
     * @throws StoreException if its version, kind or geometry is none of this release's
     */
    static SegmentHeader read(ByteBuffer buffer, int at, String file) {
        int version = buffer.getShort(at + 8) & 0xffff;
        if (version != VERSION) {
            throw StoreException.unknownVersion(file, version, VERSION);
        }
        int bits = buffer.get(at + 10);
        int kind = buffer.get(at + 11);
        if ((kind != PLAIN && kind != COMPACTED)
                || bits < LogGeometry.MIN_SEGMENT_BITS
                || bits > LogGeometry.MAX_SEGMENT_BITS) {
            throw StoreException.of(
                    "%s is a segment of kind %d with %d position bits; this release reads none",
                    file, kind, bits);
        }
        return new SegmentHeader(
                bits,
                kind,
                buffer.getLong(at + 16),
                buffer.getLong(at + 24),
                buffer.getLong(at + 32),
                buffer.getInt(at + 40));
    }

    private static int crc(ByteBuffer buffer, int at) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(at, CRC_AT));
        return (int) crc.getValue();
    }
}
