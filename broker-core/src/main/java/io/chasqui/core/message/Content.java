package io.chasqui.core.message;

import java.nio.ByteBuffer;

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

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    /**
     * Begins the next message with its exchange and routing key, each a length octet followed by
     * that many bytes. It may live for ever and has no priority unless said otherwise.
     */
    public Content names(ByteBuffer buffer, int at, int length) {
        timeToLiveMs = StoredMessage.FOR_EVER;
        priority = StoredMessage.NO_PRIORITY;
        names = buffer;
        namesAt = at;
        namesLength = length;
        return this;
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
        return this;
    }

    public long timeToLiveMs() {
        return timeToLiveMs;
    }

    /** How urgent the message is, 0 to 255, or {@link StoredMessage#NO_PRIORITY}. */
    public Content priority(int asGiven) {
        priority = asGiven;
        return this;
    }

    public int priority() {
        return priority;
    }

    boolean isLimited() {
        return timeToLiveMs != StoredMessage.FOR_EVER;
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
