package io.chasqui.protocol.amqp10;

import java.nio.ByteBuffer;

/** A transfer, read where it lies (1.0 §2.7.5). Makes no object; reused from frame to frame. */
public final class TransferReader {

    /** A field that is not there. */
    public static final int MISSING = FieldReader.MISSING;

    private static final int FIELDS = 11;

    private final FieldReader fields = new FieldReader();
    private int handle;
    private long deliveryId;
    private int tagAt;
    private int tagLength;
    private long messageFormat;
    private boolean settled;
    private boolean more;
    private int rcvSettleMode;
    private int stateAt;
    private int stateLength;
    private boolean resume;
    private boolean aborted;
    private int payloadAt;

    /**
     * Reads the one at {@code at}, in a frame that ends at {@code limit}.
     *
     * @throws MalformedException if it is none
     */
    public void read(ByteBuffer in, int at, int limit) {
        payloadAt = fields.begin(in, at, limit, FIELDS);
        handle = fields.mandatoryUint("handle");
        deliveryId = fields.uint("delivery-id");
        tagLength = fields.binaryLength("delivery-tag");
        tagAt = fields.position() - Math.max(0, tagLength);
        messageFormat = fields.uint("message-format");
        settled = fields.bool("settled");
        more = fields.bool("more");
        rcvSettleMode = fields.ubyte("rcv-settle-mode");
        stateAt = fields.value();
        stateLength = stateAt == MISSING ? 0 : fields.position() - stateAt;
        resume = fields.bool("resume");
        aborted = fields.bool("aborted");
        boolean unused = fields.bool("batchable");
    }

    /** The link's; as an unsigned integer. */
    public int handle() {
        return handle;
    }

    /** An unsigned integer, or {@link #MISSING}. */
    public long deliveryId() {
        return deliveryId;
    }

    /** Where the delivery-tag stands, if there is one. */
    public int tagAt() {
        return tagAt;
    }

    /** Octets of the delivery-tag, or {@link #MISSING}. */
    public int tagLength() {
        return tagLength;
    }

    /** An unsigned integer, or {@link #MISSING}. */
    public long messageFormat() {
        return messageFormat;
    }

    public boolean settled() {
        return settled;
    }

    /** Whether more of the delivery follows. */
    public boolean more() {
        return more;
    }

    /** 0 for first, 1 for second, or {@link #MISSING}. */
    public int rcvSettleMode() {
        return rcvSettleMode;
    }

    /** Where the delivery's state at the sender stands, or {@link #MISSING}. */
    public int stateAt() {
        return stateAt;
    }

    public int stateLength() {
        return stateLength;
    }

    public boolean resume() {
        return resume;
    }

    public boolean aborted() {
        return aborted;
    }

    /** Where the performative ends and its payload begins. */
    public int payloadAt() {
        return payloadAt;
    }
}
