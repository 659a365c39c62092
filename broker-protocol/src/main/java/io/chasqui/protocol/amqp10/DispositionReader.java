package io.chasqui.protocol.amqp10;

import java.nio.ByteBuffer;

/** A disposition, read where it lies (1.0 §2.7.6). Makes no object; reused from frame to frame. */
public final class DispositionReader {

    /** A field that is not there. */
    public static final int MISSING = FieldReader.MISSING;

    /** The outcome of nearly every delivery: {@code accepted} with its list empty. */
    private static final int ACCEPTED = 0x24;

    private static final int FIELDS = 6;

    private final FieldReader fields = new FieldReader();
    private boolean receiver;
    private int first;
    private int last;
    private boolean settled;
    private int stateAt;
    private int stateLength;
    private boolean accepted;

    /**
     * Reads the one at {@code at}, in a frame that ends at {@code limit}.
     *
     * @throws MalformedException if it is none
     */
    public void read(ByteBuffer in, int at, int limit) {
        int unused = fields.begin(in, at, limit, FIELDS);
        receiver = fields.mandatoryBool("role");
        first = fields.mandatoryUint("first");
        long ends = fields.uint("last");
        last = ends == MISSING ? first : (int) ends;
        settled = fields.bool("settled");
        stateAt = fields.value();
        stateLength = stateAt == MISSING ? 0 : fields.position() - stateAt;
        accepted =
                stateLength > 3
                        && in.get(stateAt) == TypeCode.DESCRIBED
                        && in.get(stateAt + 1) == TypeCode.SMALL_ULONG
                        && in.get(stateAt + 2) == ACCEPTED;
        boolean ignored = fields.bool("batchable");
    }

    /** Whether the receiver of the deliveries tells, not their sender. */
    public boolean isReceivers() {
        return receiver;
    }

    /** The id of the first delivery that it is about. */
    public int first() {
        return first;
    }

    /** The id of the last one; serial numbers go round (1.0 §2.8.10). */
    public int last() {
        return last;
    }

    public boolean settled() {
        return settled;
    }

    /** Whether the state is {@code accepted}. */
    public boolean accepted() {
        return accepted;
    }

    /** Where the state stands, or {@link #MISSING}. */
    public int stateAt() {
        return stateAt;
    }

    public int stateLength() {
        return stateLength;
    }
}
