package io.chasqui.core.queue;

/**
 * How large a message is, as the 32 bits that its entry in an index has for it: the bytes of its
 * record, to read it by, and those of its body, which is what counts.
 *
 * <pre>
 *   bits 0-22   bytes of the record, at most 8 MiB - 1
 *   bits 23-31  body in the record:  bytes of the record that are not body, at most 511
 *               body in parts:       bytes of the body in MiB, rounded up
 * </pre>
 *
 * A body counts exactly, but for two kinds of messages: one whose properties and names take more than
 * 511 bytes counts the rest of them as body, and one stored in parts counts in whole MiB.
 */
public final class MessageSize {

    private static final int RECORD_BITS = 23;
    private static final int RECORD_MASK = (1 << RECORD_BITS) - 1;
    private static final int MOST = 511;
    private static final int MIB_BITS = 20;

    private MessageSize() {}

    /** Of a message whose record holds its body. */
    public static int of(int recordBytes, int bodyBytes) {
        return Math.min(recordBytes - bodyBytes, MOST) << RECORD_BITS | recordBytes;
    }

    /** Of a message whose record lists the parts of its body. */
    public static int ofLarge(int recordBytes, long bodyBytes) {
        long mib = (bodyBytes + (1 << MIB_BITS) - 1) >> MIB_BITS;
        return (int) Math.min(mib, MOST) << RECORD_BITS | recordBytes;
    }

    static int recordBytes(int size) {
        return size & RECORD_MASK;
    }

    static long bodyBytes(int size, boolean large) {
        int rest = size >>> RECORD_BITS;
        return large ? (long) rest << MIB_BITS : (long) (size & RECORD_MASK) - rest;
    }
}
