package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.TransferReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.qpid.proton.amqp.Binary;
import org.jspecify.annotations.Nullable;

/**
 * The delivery under way on a link that the client sends on (1.0 §2.6.14): what its first transfer said
 * of it, and what of the message has come, if that is in several. One object serves all deliveries of
 * a link.
 */
final class IncomingDelivery {

    private static final int LONGEST_TAG = 32;
    private static final int FIRST = 0;
    private static final int SECOND = 1;

    private final boolean linkSettlesFirst;
    private final long maxMessageBytes;
    private final HalfReceived halfReceived;
    private final ByteBufAllocator allocator;
    private final byte[] tag = new byte[LONGEST_TAG];

    private boolean underWay;
    private boolean resumed;
    private int tagLength;
    private int id;
    private boolean settled;
    private boolean settlesFirst;
    private @Nullable OpenTransaction transaction;
    private @Nullable ByteBuf gathered;

    /**
     * @param linkSettlesFirst whether the link's receiver, we, settles before the sender does
     * @param maxMessageBytes of a message whole
     * @param halfReceived what may be kept of it and others until it is whole
     */
    IncomingDelivery(
            boolean linkSettlesFirst,
            long maxMessageBytes,
            HalfReceived halfReceived,
            ByteBufAllocator allocator) {
        this.linkSettlesFirst = linkSettlesFirst;
        this.maxMessageBytes = maxMessageBytes;
        this.halfReceived = halfReceived;
        this.allocator = allocator;
    }

    /** Whether more transfers of it are to come. */
    boolean isUnderWay() {
        return underWay;
    }

    /**
     * The first transfer of it.
     *
     * @throws Amqp10Error if something is missing from it, or unknown
     */
    void begin(TransferReader transfer, ByteBuffer in, Transactions transactions) {
        if (transfer.deliveryId() == TransferReader.MISSING
                || transfer.tagLength() == TransferReader.MISSING) {
            throw Amqp10Error.session(
                    Amqp10Error.INVALID_FIELD,
                    "the first transfer of a delivery needs delivery-id and delivery-tag");
        }
        if (transfer.tagLength() > LONGEST_TAG) {
            throw Amqp10Error.session(
                    Amqp10Error.INVALID_FIELD,
                    "a delivery-tag has at most " + LONGEST_TAG + " octets");
        }
        if (transfer.messageFormat() > 0) {
            throw Amqp10Error.link(
                    Amqp10Error.NOT_IMPLEMENTED,
                    "message-format " + transfer.messageFormat() + " is not known");
        }
        id = (int) transfer.deliveryId();
        settlesFirst = linkSettlesFirst || transfer.rcvSettleMode() == FIRST;
        if (linkSettlesFirst && transfer.rcvSettleMode() == SECOND) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD,
                    "a transfer is not settled second where the link settles first");
        }
        tagLength = transfer.tagLength();
        in.get(transfer.tagAt(), tag, 0, tagLength);
        transaction =
                transfer.stateAt() == TransferReader.MISSING
                        ? null
                        : transactions.ofTransfer(in, transfer.stateAt());
        underWay = true;
        resumed = transfer.resume();
        settled = transfer.settled();
    }

    /**
     * A further transfer of it.
     *
     * @throws Amqp10Error if it is another delivery's
     */
    void goOn(TransferReader transfer) {
        long of = transfer.deliveryId();
        if (of != TransferReader.MISSING && (int) of != id) {
            throw Amqp10Error.session(
                    Amqp10Error.INVALID_FIELD, "a delivery in the midst of another on one link");
        }
        if (transfer.messageFormat() > 0) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD, "another message-format within a delivery");
        }
        settled |= transfer.settled();
    }

    /** Nothing more comes of it. */
    void end() {
        underWay = false;
    }

    /** Whether it was begun before a detach; nothing is known of it here. */
    boolean isResumed() {
        return resumed;
    }

    /** Its delivery-id. */
    int id() {
        return id;
    }

    Binary tag() {
        return new Binary(Arrays.copyOf(tag, tagLength));
    }

    /** Whether the client does not want to hear of it. */
    boolean isSettled() {
        return settled;
    }

    /** Whether we settle it without waiting for the client to. */
    boolean settlesFirst() {
        return settlesFirst;
    }

    /** What it is part of. */
    @Nullable OpenTransaction transaction() {
        return transaction;
    }

    /** What has come of the message, if not all comes in one transfer. */
    @Nullable ByteBuf gathered() {
        return gathered;
    }

    /** Keeps a part of the message, telling all there is of it. */
    ByteBuf gather(ByteBuffer in, int at, int size) {
        ByteBuf so = gathered;
        if (so == null) {
            so = allocator.directBuffer(size);
            gathered = so;
        }
        checkSize((long) so.readableBytes() + size);
        halfReceived.keep(size);
        return so.writeBytes(in.slice(at, size));
    }

    /**
     * @throws Amqp10Error if a message may not be as long
     */
    void checkSize(long size) {
        if (size > maxMessageBytes) {
            throw Amqp10Error.link(
                    Amqp10Error.MESSAGE_SIZE,
                    "message size %s is larger than configured max size %s"
                            .formatted(size, maxMessageBytes));
        }
    }

    /** Forgets what has come of the message. */
    void release() {
        if (gathered != null) {
            halfReceived.release(gathered.readableBytes());
            gathered.release();
            gathered = null;
        }
    }
}
