package io.chasqui.core.message;

import io.chasqui.core.store.RecordLayout;
import java.nio.ByteBuffer;

/**
 * Reads a message's record in place: what follows the header of a PUBLISH record.
 *
 * <pre>
 *   | header | targets x u64 queue id | u64 ms | exchange shortstr, routing key shortstr | image |
 * </pre>
 *
 * <p>The milliseconds, of the time to live, are there with the flag TIME_TO_LIVE only.
 *
 * All methods read with absolute indexes; {@code at} is where the record begins.
 */
public final class StoredMessage {

    private StoredMessage() {}

    /** Instead of a time to live: the publisher gave none. */
    public static final long FOR_EVER = -1;

    /** Instead of a priority: the publisher gave none. */
    public static final int NO_PRIORITY = -1;

    static int bytes(int targets, boolean limited, int namesLength, int imageLength) {
        int words = targets + (limited ? 1 : 0);
        return RecordLayout.HEADER_BYTES + words * Long.BYTES + namesLength + imageLength;
    }

    public static int targets(ByteBuffer record, int at) {
        return RecordLayout.targets(record, at);
    }

    /** The id of the n-th durable queue that the message was stored for. */
    public static long targetId(ByteBuffer record, int at, int n) {
        return record.getLong(at + RecordLayout.HEADER_BYTES + n * Long.BYTES);
    }

    /** Which {@link MessageFormat} wrote the image. */
    public static int format(ByteBuffer record, int at) {
        return RecordLayout.format(record, at);
    }

    /** When the message was stored, in milliseconds since the epoch. */
    public static long timeMs(ByteBuffer record, int at) {
        return RecordLayout.timeMs(record, at);
    }

    /** How long the message may live by its publisher's wish, in milliseconds, or {@link #FOR_EVER}. */
    public static long timeToLiveMs(ByteBuffer record, int at) {
        return limited(record, at) ? record.getLong(queueIdsEnd(record, at)) : FOR_EVER;
    }

    /** The priority that the publisher gave the message, 0 to 255, or {@link #NO_PRIORITY}. */
    public static int priority(ByteBuffer record, int at) {
        return (RecordLayout.flags(record, at) & RecordLayout.PRIORITY) != 0
                ? RecordLayout.priority(record, at)
                : NO_PRIORITY;
    }

    private static boolean limited(ByteBuffer record, int at) {
        return (RecordLayout.flags(record, at) & RecordLayout.TIME_TO_LIVE) != 0;
    }

    private static int queueIdsEnd(ByteBuffer record, int at) {
        return at + RecordLayout.HEADER_BYTES + RecordLayout.targets(record, at) * Long.BYTES;
    }

    /** Where the exchange's name and the routing key stand, each behind its length octet. */
    public static int namesAt(ByteBuffer record, int at) {
        return queueIdsEnd(record, at) + (limited(record, at) ? Long.BYTES : 0);
    }

    /** Bytes of exchange and routing key together, their length octets included. */
    public static int namesLength(ByteBuffer record, int at) {
        return RecordLayout.namesLength(record, at);
    }

    public static int imageAt(ByteBuffer record, int at) {
        return namesAt(record, at) + namesLength(record, at);
    }

    public static int imageLength(ByteBuffer record, int at) {
        return at + RecordLayout.length(record, at) - imageAt(record, at);
    }

    /**
     * A record in memory of its own with the header and names of another, no queue ids, and room for
     * an image of the given size; its position is where the image begins.
     */
    public static ByteBuffer withoutTargets(ByteBuffer record, int at, int imageBytes) {
        int names = namesLength(record, at);
        boolean limited = limited(record, at);
        ByteBuffer copy = ByteBuffer.allocate(bytes(0, limited, names, imageBytes));
        copy.put(0, record, at, RecordLayout.HEADER_BYTES);
        RecordLayout.resize(copy, 0, copy.capacity(), 0);
        if (limited) {
            copy.putLong(RecordLayout.HEADER_BYTES, timeToLiveMs(record, at));
        }
        int namesAt = namesAt(copy, 0);
        copy.put(namesAt, record, namesAt(record, at), names);
        return copy.position(namesAt + names);
    }
}
