package io.chasqui.server.perf;

import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.server.client.Amqp10ClientConnection;
import java.nio.ByteBuffer;

/**
 * The transfer frames of one message, written beforehand; sending it is a copy, its number and a time
 * stamp.
 *
 * <pre>
 *   | transfer, its number twice | header | data: stamp:8 ... | transfer | ...
 * </pre>
 *
 * The stamp is the {@code System.nanoTime} of the sending; a body of less than eight octets has none.
 */
final class TransferTemplate {

    private static final int FIELDS = 6;

    /** Octets of the first frame before delivery-id's number, and before the tag's. */
    private static final int ID_AT = Amqp10.FRAME_HEADER_BYTES + 3 + 9 + 1 + 1;

    private static final int TAG_AT = ID_AT + 4 + 2;

    private final ByteBuffer frames;
    private final int count;
    private final int stampAt;

    TransferTemplate(boolean persistent, boolean settled, int bodyBytes, int frameMax) {
        ValueWriter message = message(persistent, bodyBytes);
        int stampInMessage = message.size() - bodyBytes;
        ValueWriter all = new ValueWriter();
        int done = 0;
        int written = 0;
        int firstPayloadAt = 0;
        do {
            ValueWriter head = new ValueWriter();
            performative(head, written == 0, settled, true);
            int room = frameMax - Amqp10.FRAME_HEADER_BYTES - head.size();
            int size = Math.min(room, message.size() - done);
            performative(head.clear(), written == 0, settled, done + size < message.size());
            ByteBuffer header = ByteBuffer.allocate(Amqp10.FRAME_HEADER_BYTES);
            Amqp10.frameHeader(
                    header,
                    Amqp10.FRAME_HEADER_BYTES + head.size() + size,
                    Amqp10.FRAME_AMQP,
                    Amqp10ClientConnection.CHANNEL);
            all.copy(header, 0, Amqp10.FRAME_HEADER_BYTES).copy(head.memory(), 0, head.size());
            if (written == 0) {
                firstPayloadAt = all.size();
            }
            all.copy(message.memory(), done, size);
            done += size;
            written++;
        } while (done < message.size());
        count = written;
        stampAt = bodyBytes < PublishTemplate.STAMP_BYTES ? -1 : firstPayloadAt + stampInMessage;
        frames = ByteBuffer.allocateDirect(all.size()).put(all.toArray());
    }

    private static ValueWriter message(boolean persistent, int bodyBytes) {
        ValueWriter message = new ValueWriter().described(MessageSections.HEADER);
        int header = message.beginList();
        message.bool(persistent).end(header, 1);
        message.described(MessageSections.DATA).binaryHeader(bodyBytes);
        return message.copy(PublishTemplate.body(bodyBytes), 0, bodyBytes);
    }

    private static void performative(
            ValueWriter out, boolean isFirst, boolean settled, boolean more) {
        out.described(Performative.TRANSFER);
        int list = out.beginList();
        out.uint(0);
        if (isFirst) {
            // Numbers above 255 have four octets, whatever is put there later.
            out.uint(Integer.MAX_VALUE).binary(new byte[Integer.BYTES]).uint(0).bool(settled);
        } else {
            out.putNull().putNull().putNull().bool(settled);
        }
        out.bool(more).end(list, FIELDS);
    }

    /** Octets {@link #write} puts. */
    int size() {
        return frames.capacity();
    }

    /** How many frames they are. */
    int frames() {
        return count;
    }

    void write(ByteBuffer out, int deliveryId, long stampNanos) {
        int at = out.position();
        out.put(at, frames, 0, frames.capacity());
        out.putInt(at + ID_AT, deliveryId).putInt(at + TAG_AT, deliveryId);
        if (stampAt >= 0) {
            out.putLong(at + stampAt, stampNanos);
        }
        out.position(at + frames.capacity());
    }
}
