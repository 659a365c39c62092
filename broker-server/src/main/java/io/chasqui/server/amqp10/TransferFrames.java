package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.protocol.amqp10.TypeCode;
import java.nio.ByteBuffer;

/**
 * Writes a delivery as transfer frames (1.0 §2.7.5), by hand, so that a message is copied once.
 *
 * <pre>
 *   | frame header:8 | 00 53 14 C0 | size | count | handle | id | tag | format | settled | more | payload |
 * </pre>
 *
 * A delivery that is acquired in a transaction has two fields more: null and its state.
 *
 * The frames behind the first say only which link they belong to, and whether more follow.
 */
final class TransferFrames {

    /** The state of a delivery that is part of no transaction. */
    static final byte[] NO_STATE = {};

    private static final int FIELDS = 6;
    private static final int FIELDS_WITH_STATE = 8;

    /** handle, delivery-id, tag of four octets, format, settled, more. */
    private static final int FIRST_FIELDS_BYTES = 5 + 5 + 6 + 1 + 1 + 1;

    /** handle, four times null, more. */
    private static final int FURTHER_FIELDS_BYTES = 5 + 4 + 1;

    /** Descriptor, constructor, size and count. */
    private static final int LIST_BYTES = 3 + 1 + 1 + 1;

    private static final int FIRST_BYTES =
            Amqp10.FRAME_HEADER_BYTES + LIST_BYTES + FIRST_FIELDS_BYTES;
    private static final int FURTHER_BYTES =
            Amqp10.FRAME_HEADER_BYTES + LIST_BYTES + FURTHER_FIELDS_BYTES;
    private static final int TAG_BYTES = 4;

    private TransferFrames() {}

    private static int stateBytes(byte[] state) {
        return state.length == 0 ? 0 : 1 + state.length;
    }

    /** How many frames a message of so many octets takes. */
    static int count(byte[] state, int payload, int frameMax) {
        int first = frameMax - FIRST_BYTES - stateBytes(state);
        if (payload <= first) {
            return 1;
        }
        int each = frameMax - FURTHER_BYTES;
        return 1 + (payload - first + each - 1) / each;
    }

    /** Octets of so many frames with the payload of all of them. */
    static int bytes(byte[] state, int frames, int payload) {
        return FIRST_BYTES + stateBytes(state) + (frames - 1) * FURTHER_BYTES + payload;
    }

    /**
     * Writes a delivery at the position of {@code out}; its payload is in two pieces, the first from 0
     * on.
     *
     * @param state as it is written; {@link #NO_STATE} for none
     */
    static void write(
            ByteBuffer out,
            int channel,
            int handle,
            int deliveryId,
            boolean settled,
            byte[] state,
            ByteBuffer head,
            int headLength,
            ByteBuffer rest,
            int restAt,
            int restLength,
            int frameMax) {
        int total = headLength + restLength;
        int done = 0;
        do {
            boolean isFirst = done == 0;
            int overhead = isFirst ? FIRST_BYTES + stateBytes(state) : FURTHER_BYTES;
            int size = Math.min(total - done, frameMax - overhead);
            boolean more = done + size < total;
            Amqp10.frameHeader(out, overhead + size, Amqp10.FRAME_AMQP, channel);
            if (isFirst) {
                first(out, handle, deliveryId, settled, more, state);
            } else {
                further(out, handle, more);
            }
            int ofHead = Math.clamp(headLength - done, 0, size);
            put(out, head, done, ofHead);
            put(out, rest, restAt + Math.max(0, done - headLength), size - ofHead);
            done += size;
        } while (done < total);
    }

    private static void put(ByteBuffer out, ByteBuffer from, int at, int length) {
        if (length > 0) {
            out.put(out.position(), from, at, length);
            out.position(out.position() + length);
        }
    }

    private static void list(ByteBuffer out, int fieldBytes, int fields, int handle) {
        out.put((byte) TypeCode.DESCRIBED)
                .put((byte) TypeCode.SMALL_ULONG)
                .put((byte) Performative.TRANSFER)
                .put((byte) TypeCode.LIST_8)
                .put((byte) (1 + fieldBytes))
                .put((byte) fields)
                .put((byte) TypeCode.UINT)
                .putInt(handle);
    }

    private static void first(
            ByteBuffer out,
            int handle,
            int deliveryId,
            boolean settled,
            boolean more,
            byte[] state) {
        list(
                out,
                FIRST_FIELDS_BYTES + stateBytes(state),
                state.length == 0 ? FIELDS : FIELDS_WITH_STATE,
                handle);
        out.put((byte) TypeCode.UINT)
                .putInt(deliveryId)
                .put((byte) TypeCode.BINARY_8)
                .put((byte) TAG_BYTES)
                .putInt(deliveryId)
                .put((byte) TypeCode.UINT_0)
                .put(bool(settled))
                .put(bool(more));
        if (state.length > 0) {
            out.put((byte) TypeCode.NULL).put(state);
        }
    }

    private static void further(ByteBuffer out, int handle, boolean more) {
        list(out, FURTHER_FIELDS_BYTES, FIELDS, handle);
        out.put((byte) TypeCode.NULL)
                .put((byte) TypeCode.NULL)
                .put((byte) TypeCode.NULL)
                .put((byte) TypeCode.NULL)
                .put(bool(more));
    }

    private static byte bool(boolean value) {
        return (byte) (value ? TypeCode.TRUE : TypeCode.FALSE);
    }
}
