package io.chasqui.core.store;

/**
 * Log sequence number: the position of a record, and thereby the identity of a message.
 *
 * <pre>
 *   bit 63   62          61 … segmentBits      segmentBits-1 … 0
 *   +---+-----------+--------------------+------------------------+
 *   | 0 | transient |   segment number   | offset, multiple of 8  |
 *   +---+-----------+--------------------+------------------------+
 * </pre>
 *
 * Segment numbers start at 1, so 0 is no record's position and means "nothing". The durable and the
 * transient log each count for themselves and know nothing of bit 62; whoever holds both sets it to
 * tell their positions apart.
 */
public final class Lsn {

    public static final long NOTHING = 0;

    /** Set in the position of a record in the transient log. */
    public static final long TRANSIENT = 1L << 62;

    private Lsn() {}

    public static boolean isTransient(long lsn) {
        return (lsn & TRANSIENT) != 0;
    }

    /** The position as its own log knows it. */
    public static long plain(long lsn) {
        return lsn & ~TRANSIENT;
    }
}
