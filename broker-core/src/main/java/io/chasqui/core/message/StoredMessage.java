package io.chasqui.core.message;

import io.chasqui.core.store.RecordLayout;
import java.nio.ByteBuffer;

/**
 * Reads a message's record in place: what follows the header of a PUBLISH record.
 *
 * <pre>
 *   | header | targets x u64 queue id | exchange shortstr, routing key shortstr | content image |
 * </pre>
 *
 * All methods read with absolute indexes; {@code at} is where the record begins.
 */
public final class StoredMessage {

    private StoredMessage() {}

    static int bytes(int targets, int namesLength, int imageLength) {
        return RecordLayout.HEADER_BYTES + targets * Long.BYTES + namesLength + imageLength;
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

    /** Where the exchange's name and the routing key stand, each behind its length octet. */
    public static int namesAt(ByteBuffer record, int at) {
        return at + RecordLayout.HEADER_BYTES + RecordLayout.targets(record, at) * Long.BYTES;
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
        ByteBuffer copy = ByteBuffer.allocate(bytes(0, names, imageBytes));
        copy.put(0, record, at, RecordLayout.HEADER_BYTES);
        RecordLayout.resize(copy, 0, copy.capacity(), 0);
        copy.put(RecordLayout.HEADER_BYTES, record, namesAt(record, at), names);
        return copy.position(RecordLayout.HEADER_BYTES + names);
    }
}
