package io.chasqui.core.message;

import io.chasqui.core.store.RecordLayout;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message's record in place: what follows the header of a PUBLISH record.
 *
 * <pre>
 *   | header | targets x u64 queue id | more | exchange shortstr, routing key shortstr | image |
 *
 *   more:  u64 time to live in ms                   with flag TIME_TO_LIVE
 *          u64 queue id, u64 position               with flag MOVE: what it comes of
 *          {@link FurtherKeys}                        with flag FURTHER_KEYS
 * </pre>
 *
 * All methods read with absolute indexes; {@code at} is where the record begins.
 */
public final class StoredMessage {

    private StoredMessage() {}

    /** Instead of a time to live: the publisher gave none. */
    public static final long FOR_EVER = -1;

    /** Instead of a priority: the publisher gave none. */
    public static final int NO_PRIORITY = -1;

    private static final int MORE =
            RecordLayout.TIME_TO_LIVE | RecordLayout.MOVE | RecordLayout.FURTHER_KEYS;

    static int bytes(int targets, int moreBytes, int namesLength, int imageLength) {
        return RecordLayout.HEADER_BYTES
                + targets * Long.BYTES
                + moreBytes
                + namesLength
                + imageLength;
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

    /** Whether the message takes the place of another, which {@link #movedQueueId} names. */
    public static boolean isMove(ByteBuffer record, int at) {
        return (RecordLayout.flags(record, at) & RecordLayout.MOVE) != 0;
    }

    /** The queue whose message was moved here. */
    public static long movedQueueId(ByteBuffer record, int at) {
        return record.getLong(movedAt(record, at));
    }

    /** What the queue's order knows the message by that was moved here. */
    public static long movedReceipt(ByteBuffer record, int at) {
        return record.getLong(movedAt(record, at) + Long.BYTES);
    }

    private static int movedAt(ByteBuffer record, int at) {
        return queueIdsEnd(record, at) + (limited(record, at) ? Long.BYTES : 0);
    }

    /** Whether the deaths that the image tells of were noted by the broker. */
    public static boolean isDeadLetter(ByteBuffer record, int at) {
        return (RecordLayout.flags(record, at) & RecordLayout.DEAD_LETTER) != 0;
    }

    /** Whether the image's body is stored in parts, whose list the image begins with. */
    public static boolean isLarge(ByteBuffer record, int at) {
        return (RecordLayout.flags(record, at) & RecordLayout.LARGE) != 0;
    }

    /** What the message was routed by besides its routing key; null if its headers tell. */
    public static @Nullable FurtherKeys furtherKeys(ByteBuffer record, int at) {
        int flags = RecordLayout.flags(record, at);
        if ((flags & RecordLayout.FURTHER_KEYS) == 0) {
            return null;
        }
        int keysAt = movedAt(record, at) + ((flags & RecordLayout.MOVE) != 0 ? 2 * Long.BYTES : 0);
        return FurtherKeys.read(record, keysAt);
    }

    /** Where the exchange's name and the routing key stand, each behind its length octet. */
    public static int namesAt(ByteBuffer record, int at) {
        int idsEnd = queueIdsEnd(record, at);
        int flags = RecordLayout.flags(record, at);
        return (flags & MORE) == 0 ? idsEnd : moreEnd(record, idsEnd, flags);
    }

    private static int moreEnd(ByteBuffer record, int from, int flags) {
        int next = from;
        if ((flags & RecordLayout.TIME_TO_LIVE) != 0) {
            next += Long.BYTES;
        }
        if ((flags & RecordLayout.MOVE) != 0) {
            next += 2 * Long.BYTES;
        }
        if ((flags & RecordLayout.FURTHER_KEYS) != 0) {
            next += FurtherKeys.bytes(record, next);
        }
        return next;
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
     * A copy of a record whose image is whole, without queue ids, in which a client's annotations were
     * added; see {@link MessageFormat#withAnnotations}.
     */
    public static ByteBuffer annotated(
            ByteBuffer record, int at, MessageFormat format, ByteBuffer annotations) {
        int imageAt = imageAt(record, at);
        int imageLength = imageLength(record, at);
        int bodyLength = (int) format.bodyBytes(record, imageAt, imageLength);
        int headLength = imageLength - bodyLength;
        ByteBuffer head = format.withAnnotations(record, imageAt, headLength, annotations);
        return withoutTargets(record, at, head.remaining() + bodyLength)
                .put(head)
                .put(record.slice(imageAt + headLength, bodyLength));
    }

    /**
     * A record in memory of its own with the header and names of another, no queue ids, and room for
     * an image of the given size; its position is where the image begins.
     */
    public static ByteBuffer withoutTargets(ByteBuffer record, int at, int imageBytes) {
        int names = namesLength(record, at);
        int idsEnd = queueIdsEnd(record, at);
        int more = namesAt(record, at) - idsEnd;
        ByteBuffer copy = ByteBuffer.allocate(bytes(0, more, names, imageBytes));
        copy.put(0, record, at, RecordLayout.HEADER_BYTES);
        RecordLayout.resize(copy, 0, copy.capacity(), 0);
        copy.put(RecordLayout.HEADER_BYTES, record, idsEnd, more + names);
        return copy.position(RecordLayout.HEADER_BYTES + more + names);
    }
}
