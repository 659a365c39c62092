package io.chasqui.core.store;

/**
 * What a record says, as the byte at offset 8 of its header. Payloads (integers big-endian):
 *
 * <pre>
 *   1 SEGMENT_OPEN  first record of every segment:
 *                   u64 previous segment, u32 where that validly ends, u32 0, u64 durable position
 *   2 BATCH         last record of every commit:
 *                   u64 durable position known when it was written: all below was synced
 *   3 PAD           up to the ring's wrap point. Its payload means nothing and is not covered by
 *                   its CRC; its length stands in the time field too
 *   4 ROLL          last record of a completed segment: no payload
 *   5 PUBLISH       targets × u64 queue id; with flag TIME_TO_LIVE u64 ms; with flag MOVE u64 queue id
 *                   and u64 lsn of the message that this one comes of, which is acknowledged by it;
 *                   with flag FURTHER_KEYS u16 octets and that many of keys; names (exchange and
 *                   routing key as shortstr); content image. With flag LARGE the image begins with u32 part count and, for each
 *                   BODY_PART, its u64 lsn and u32 length
 *   6 BODY_PART     part of a large content image
 *   7 ACK           u64 queue id, u32 count, u32 0, u64 base lsn, then count-1 zigzag varint
 *                   deltas in 8-byte units
 *   9 DEFINITION    opaque bytes of the engine
 *  11 TX            u32 count, u32 0, count × u64 lsn of the PUBLISH and ACK records with flag
 *                   IN_TRANSACTION that count from here on
 *  12 COUNT         u64 queue id, u32 count, u32 0, count × { u64 lsn, u32 deliveries given
 *                   back unharmed, u32 failed ones }
 *  16 ANNOTATE      u64 queue id, u64 lsn of a PUBLISH, u32 octets and that many: all that clients
 *                   have added to the message's annotations in that queue
 * </pre>
 *
 * Numbers 8, 10 and 13 to 15 are set aside for later releases. This one refuses to start on a log that holds
 * them rather than skip what it does not understand.
 */
public final class RecordType {

    public static final int SEGMENT_OPEN = 1;
    public static final int BATCH = 2;
    public static final int PAD = 3;
    public static final int ROLL = 4;
    public static final int PUBLISH = 5;
    public static final int BODY_PART = 6;
    public static final int ACK = 7;
    public static final int DEFINITION = 9;

    /** Reserved: a purge told as a range. Purged messages are told one by one, as {@link #ACK}. */
    public static final int PURGE = 8;

    /** Reserved. A publish that settles its source (dead-lettering) is a {@link #PUBLISH} with a flag. */
    public static final int MOVE = 10;

    /** Commits a transaction's publishes and acknowledgements. */
    public static final int TX = 11;

    /** Changed counts of deliveries in vain. */
    public static final int COUNT = 12;

    /** Reserved: a record copied to another position. */
    public static final int RELOCATE = 13;

    /** Reserved: entries of a replicated queue group. */
    public static final int RAFT_BATCH = 14;

    /** Reserved: the end of a replicated queue group cut back. */
    public static final int TRUNCATE = 15;

    /** What clients have added to a message's annotations. */
    public static final int ANNOTATE = 16;

    private RecordType() {}

    /** Whether this release reads records of the type. */
    static boolean known(int type) {
        boolean ofTheFirst = type >= SEGMENT_OPEN && type <= COUNT && type != PURGE && type != MOVE;
        return ofTheFirst || type == ANNOTATE;
    }

    /** Whether the record is of the log itself and means nothing to the engine. */
    static boolean structural(int type) {
        return type >= SEGMENT_OPEN && type <= ROLL;
    }
}
