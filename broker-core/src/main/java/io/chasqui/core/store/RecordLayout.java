package io.chasqui.core.store;

import java.nio.ByteBuffer;

/**
 * The record header as bytes, the same in the ring and in the file. Records start on multiples of
 * 8.
 *
 * <pre>
 *    0        4        8    9    10       12     13   14       16        24
 *   +--------+--------+----+----+--------+------+----+--------+---------+------------+
 *   | length | crc32c |type|flag| targets|format|prio| names  | time ms |  payload   |
 *   |  u32   |  u32   | u8 | u8 |  u16   |  u8  | u8 |  u16   |   u64   |            |
 *   +--------+--------+----+----+--------+------+----+--------+---------+------------+
 * </pre>
 *
 * <p>{@code length} counts header and payload without the padding to the next multiple of 8; 0
 * means that nothing was written here. What the CRC covers is said in {@link RecordCrc}; it is
 * filled in when the record goes to disk, so a record read from the ring may carry none.
 */
public final class RecordLayout {

    public static final int HEADER_BYTES = 24;

    static final int LENGTH = 0;
    static final int CRC = 4;
    static final int TYPE = 8;
    static final int FLAGS = 9;
    static final int TARGETS = 10;
    static final int FORMAT = 12;
    static final int PRIORITY_AT = 13;
    static final int NAMES_LENGTH = 14;
    static final int TIME = 16;

    /** Flag of a PUBLISH whose content image lies in BODY_PART records. */
    public static final int LARGE = 1;

    /** Flag of a PUBLISH or ACK that counts only if a TX behind it names its position. */
    public static final int IN_TRANSACTION = 2;

    /** Flag of a PUBLISH that says how long the message may live. */
    public static final int TIME_TO_LIVE = 4;

    /** Flag of a PUBLISH whose header says the message's priority; without it the octet is 0. */
    public static final int PRIORITY = 8;

    /** Flag of a PUBLISH that lists what it was routed by besides its routing key. */
    public static final int FURTHER_KEYS = 16;

    /** Flag of a PUBLISH of a dead letter: the deaths that its image tells of are the broker's word. */
    public static final int DEAD_LETTER = 32;

    /** Flag of a PUBLISH that settles the message it was made of, in the same stroke. */
    public static final int MOVE = 64;

    /** Flag of a BATCH: the log was closed in order and nothing follows. */
    static final int CLOSED = 1;

    static final int SEGMENT_OPEN_BYTES = HEADER_BYTES + 24;
    static final int BATCH_BYTES = HEADER_BYTES + 8;
    static final int ROLL_BYTES = HEADER_BYTES;

    private RecordLayout() {}

    /** Bytes the record occupies: its length, up to the next multiple of 8. */
    public static int aligned(int length) {
        return length + 7 & ~7;
    }

    public static int length(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LENGTH);
    }

    public static int type(ByteBuffer buffer, int at) {
        return buffer.get(at + TYPE) & 0xff;
    }

    public static int flags(ByteBuffer buffer, int at) {
        return buffer.get(at + FLAGS) & 0xff;
    }

    public static int targets(ByteBuffer buffer, int at) {
        return buffer.getShort(at + TARGETS) & 0xffff;
    }

    public static int format(ByteBuffer buffer, int at) {
        return buffer.get(at + FORMAT) & 0xff;
    }

    public static int priority(ByteBuffer buffer, int at) {
        return buffer.get(at + PRIORITY_AT) & 0xff;
    }

    public static int namesLength(ByteBuffer buffer, int at) {
        return buffer.getShort(at + NAMES_LENGTH) & 0xffff;
    }

    public static long timeMs(ByteBuffer buffer, int at) {
        return buffer.getLong(at + TIME);
    }

    public static int payloadAt(int at) {
        return at + HEADER_BYTES;
    }

    public static int payloadBytes(ByteBuffer buffer, int at) {
        return length(buffer, at) - HEADER_BYTES;
    }

    /** Writes a header without CRC: three stores, because every append does it. */
    static void putHeader(
            ByteBuffer buffer,
            int at,
            int length,
            int type,
            int flags,
            int targets,
            int format,
            int priority,
            int namesLength,
            long timeMs) {
        buffer.putLong(at + LENGTH, (long) length << 32);
        buffer.putLong(
                at + TYPE,
                (long) (type & 0xff) << 56
                        | (long) (flags & 0xff) << 48
                        | (long) (targets & 0xffff) << 32
                        | (format & 0xffL) << 24
                        | (priority & 0xffL) << 16
                        | (namesLength & 0xffff));
        buffer.putLong(at + TIME, timeMs);
    }

    /** Changes a header in memory to another length and count of targets. */
    public static void resize(ByteBuffer buffer, int at, int length, int targets) {
        buffer.putInt(at + LENGTH, length);
        buffer.putShort(at + TARGETS, (short) targets);
    }

    static void putPad(ByteBuffer buffer, int at, int length) {
        putHeader(buffer, at, length, RecordType.PAD, 0, 0, 0, 0, 0, length);
    }

    static void putRoll(ByteBuffer buffer, int at, long timeMs) {
        putHeader(buffer, at, ROLL_BYTES, RecordType.ROLL, 0, 0, 0, 0, 0, timeMs);
    }

    static void putBatch(ByteBuffer buffer, int at, int flags, long timeMs, long durable) {
        putHeader(buffer, at, BATCH_BYTES, RecordType.BATCH, flags, 0, 0, 0, 0, timeMs);
        buffer.putLong(at + HEADER_BYTES, durable);
    }

    static void putSegmentOpen(
            ByteBuffer buffer, int at, long timeMs, long previous, int previousEnd, long durable) {
        putHeader(buffer, at, SEGMENT_OPEN_BYTES, RecordType.SEGMENT_OPEN, 0, 0, 0, 0, 0, timeMs);
        buffer.putLong(at + HEADER_BYTES, previous);
        buffer.putInt(at + HEADER_BYTES + 8, previousEnd);
        buffer.putInt(at + HEADER_BYTES + 12, 0);
        buffer.putLong(at + HEADER_BYTES + 16, durable);
    }

    /** The durable position in a BATCH. */
    static long batchDurable(ByteBuffer buffer, int at) {
        return buffer.getLong(at + HEADER_BYTES);
    }

    static long openPrevious(ByteBuffer buffer, int at) {
        return buffer.getLong(at + HEADER_BYTES);
    }

    static int openPreviousEnd(ByteBuffer buffer, int at) {
        return buffer.getInt(at + HEADER_BYTES + 8);
    }
}
