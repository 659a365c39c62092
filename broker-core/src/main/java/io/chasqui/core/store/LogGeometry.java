package io.chasqui.core.store;

/**
 * How positions map to segments, file offsets and the ring.
 *
 * <p>Positions form one line on which each segment owns {@code segmentBytes}. The ring is a window
 * of {@code ringBytes} that slides along that line: {@code ringIndex(lsn) = lsn mod ringBytes}. Its
 * wrap points therefore lie on multiples of {@code ringBytes}: inside segments when the ring is
 * smaller than a segment, on segment borders otherwise.
 */
public record LogGeometry(int segmentBits, int ringBytes) {

    /**
     * Configuration allows 22 to 26; smaller ones let a test roll through many segments quickly.
     */
    public static final int MIN_SEGMENT_BITS = 14;

    public static final int MAX_SEGMENT_BITS = 26;

    /** No record is longer, whatever the ring: what recovery has to hold in memory at once. */
    static final int MAX_RECORD_BYTES = 4 << 20;

    private static final int MIN_RING_BYTES = 16 << 10;

    public LogGeometry {
        if (segmentBits < MIN_SEGMENT_BITS || segmentBits > MAX_SEGMENT_BITS) {
            throw new IllegalArgumentException(
                    "segment bits "
                            + segmentBits
                            + " are not within "
                            + MIN_SEGMENT_BITS
                            + " and "
                            + MAX_SEGMENT_BITS);
        }
        if (Integer.bitCount(ringBytes) != 1 || ringBytes < MIN_RING_BYTES) {
            throw new IllegalArgumentException(
                    "ring of "
                            + ringBytes
                            + " bytes: must be a power of two of at least "
                            + MIN_RING_BYTES);
        }
    }

    public int segmentBytes() {
        return 1 << segmentBits;
    }

    public long segment(long lsn) {
        return lsn >>> segmentBits;
    }

    public int offset(long lsn) {
        return (int) lsn & (segmentBytes() - 1);
    }

    public long lsn(long segment, int offset) {
        return segment << segmentBits | offset;
    }

    /** Position of the first record of a segment, behind the file header. */
    public long firstRecord(long segment) {
        return lsn(segment, SegmentHeader.BYTES);
    }

    public int ringIndex(long lsn) {
        return (int) lsn & (ringBytes - 1);
    }

    /**
     * Longest record, header included. A quarter of the ring, so that several fit before the
     * flusher must have written one; a quarter of a segment, so that little is lost where one does
     * not fit.
     */
    public int maxRecordBytes() {
        return Math.min(MAX_RECORD_BYTES, Math.min(ringBytes, segmentBytes()) / 4);
    }
}
