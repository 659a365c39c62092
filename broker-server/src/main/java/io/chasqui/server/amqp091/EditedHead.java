package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.ContentHeaderCopy;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content header of a message as it is passed on, where that is not as it came. One for each
 * channel, whose memory is used again for every message.
 */
final class EditedHead {

    private static final int LONGEST_SHORT_STRING = 256;

    /** Headers beyond this size are rare; memory for one is not kept. */
    private static final int KEPT_BYTES = 4096;

    private ByteBuffer memory = ByteBuffer.allocate(0);

    /** See {@link ContentHeaderCopy#write}; the edited header is valid until the next one. */
    ByteBuffer edit(
            ByteBuffer head,
            int at,
            int size,
            byte @Nullable [] droppedField,
            byte @Nullable [] replyTo) {
        int most = size + LONGEST_SHORT_STRING;
        ByteBuffer out = memory.clear();
        if (out.capacity() < most) {
            out = ByteBuffer.allocate(Math.max(most, KEPT_BYTES));
            if (out.capacity() == KEPT_BYTES) {
                memory = out;
            }
        }
        ContentHeaderCopy.write(head, at, size, droppedField, replyTo, out);
        return out.flip();
    }
}
