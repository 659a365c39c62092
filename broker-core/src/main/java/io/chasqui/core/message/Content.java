package io.chasqui.core.message;

import io.chasqui.core.store.RecordLayout;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a message that is being published lie: its routing names, and its content
 * image in two pieces (for AMQP 0-9-1 the content header and the body). Reused from message to
 * message by the publishing channel, so that the hot path makes no object.
 */
public final class Content {

    private ByteBuffer names = EMPTY;
    private int namesAt;
    private int namesLength;
    private ByteBuffer head = EMPTY;
    private int headAt;
    private int headLength;
    private ByteBuffer body = EMPTY;
    private int bodyAt;
    private int bodyLength;
    private long timeToLiveMs = StoredMessage.FOR_EVER;
    private int priority = StoredMessage.NO_PRIORITY;

    /** Flags of the record, for what a message has that most have not. */
    private int flags;

    private long movedQueueId;
    private long movedReceipt;
    private @Nullable FurtherKeys furtherKeys;
    private byte[] furtherOctets = {};

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    /**
     * Begins the next message with its exchange and routing key, each a length octet followed by
     * that many bytes. It may live for ever and has nothing special unless said otherwise.
     */
    public Content names(ByteBuffer buffer, int at, int length) {
        timeToLiveMs = StoredMessage.FOR_EVER;
        priority = StoredMessage.NO_PRIORITY;
        flags = 0;
        furtherKeys = null;
        names = buffer;
        namesAt = at;
        namesLength = length;
        return this;
    }

    /** Forgets what it describes. */
    public void clear() {
        names(EMPTY, 0, 0).head(EMPTY, 0, 0).body(EMPTY, 0, 0);
    }

    /** The first piece of the image. */
    public Content head(ByteBuffer buffer, int at, int length) {
        head = buffer;
        headAt = at;
        headLength = length;
        return this;
    }

    /** The second piece of the image. */
    public Content body(ByteBuffer buffer, int at, int length) {
        body = buffer;
        bodyAt = at;
        bodyLength = length;
        return this;
    }

    /** How long the message may live in a queue, in milliseconds, or {@link StoredMessage#FOR_EVER}. */
    public Content timeToLive(long ms) {
        timeToLiveMs = ms;
        return flag(RecordLayout.TIME_TO_LIVE, ms != StoredMessage.FOR_EVER);
    }

    /** What it is routed by besides its routing key; null if its headers tell. */
    public Content furtherKeys(@Nullable FurtherKeys keys) {
        furtherKeys = keys;
        if (keys != null) {
            furtherOctets = keys.encode();
        }
        return flag(RecordLayout.FURTHER_KEYS, keys != null);
    }

    public @Nullable FurtherKeys furtherKeys() {
        return furtherKeys;
    }

    /** Its image tells of deaths that the broker has noted there. */
    public Content deadLetter() {
        return flag(RecordLayout.DEAD_LETTER, true);
    }

    /** Its being stored settles the durable message of a durable queue that it comes of. */
    public Content moves(long queueId, long receipt) {
        movedQueueId = queueId;
        movedReceipt = receipt;
        return flag(RecordLayout.MOVE, true);
    }

    private Content flag(int flag, boolean is) {
        flags = is ? flags | flag : flags & ~flag;
        return this;
    }

    public long timeToLiveMs() {
        return timeToLiveMs;
    }

    /** How urgent the message is, 0 to 255, or {@link StoredMessage#NO_PRIORITY}. */
    public Content priority(int asGiven) {
        priority = asGiven;
        return flag(RecordLayout.PRIORITY, asGiven != StoredMessage.NO_PRIORITY);
    }

    public int priority() {
        return priority;
    }

    int flags() {
        return flags;
    }

    /** Bytes of {@link #putMore}. */
    int moreBytes() {
        return flags == 0 ? 0 : bytesOfMore();
    }

    private int bytesOfMore() {
        return ((flags & RecordLayout.TIME_TO_LIVE) != 0 ? Long.BYTES : 0)
                + ((flags & RecordLayout.MOVE) != 0 ? 2 * Long.BYTES : 0)
                + ((flags & RecordLayout.FURTHER_KEYS) != 0 ? furtherOctets.length : 0);
    }

    /** Writes what a record has between queue ids and names; returns where that ends. */
    int putMore(ByteBuffer record, int at) {
        int next = at;
        if ((flags & RecordLayout.TIME_TO_LIVE) != 0) {
            record.putLong(next, timeToLiveMs);
            next += Long.BYTES;
        }
        if ((flags & RecordLayout.MOVE) != 0) {
            record.putLong(next, movedQueueId).putLong(next + Long.BYTES, movedReceipt);
            next += 2 * Long.BYTES;
        }
        if ((flags & RecordLayout.FURTHER_KEYS) != 0) {
            record.put(next, furtherOctets);
            next += furtherOctets.length;
        }
        return next;
    }

    /** Puts the list of a large body's parts before the head, as the image of such a message begins. */
    void listParts(LargeBody large) {
        ByteBuffer listed = ByteBuffer.allocate(large.listBytes() + headLength);
        large.list(listed);
        listed.put(listed.position(), head, headAt, headLength);
        head(listed, 0, listed.capacity());
        body(EMPTY, 0, 0);
    }

    public ByteBuffer names() {
        return names;
    }

    public int namesAt() {
        return namesAt;
    }

    public ByteBuffer head() {
        return head;
    }

    public int headAt() {
        return headAt;
    }

    public int namesLength() {
        return namesLength;
    }

    public int imageLength() {
        return headLength + bodyLength;
    }

    public ByteBuffer body() {
        return body;
    }

    public int bodyAt() {
        return bodyAt;
    }

    public int bodyLength() {
        return bodyLength;
    }

    /** Copies names and image to {@code target}, one behind the other, from {@code at} on. */
    public void copyTo(ByteBuffer target, int at) {
        int next = at;
        target.put(next, names, namesAt, namesLength);
        next += namesLength;
        target.put(next, head, headAt, headLength);
        next += headLength;
        target.put(next, body, bodyAt, bodyLength);
    }
}
