package io.chasqui.server.amqp091;

import io.chasqui.core.exchange.Route;
import io.chasqui.core.message.LargeBody;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * A large body that comes in, and where its message goes: frames are gathered to parts, so that
 * what is stored does not depend on how the client cuts them.
 */
record BodyInParts(Route route, LargeBody body) {

    /** Size of a part. */
    static final int PART_BYTES = 256 * 1024;

    /**
     * Takes in a frame's payload.
     *
     * @param staged what was kept of the message, a part that is not full yet at its end
     * @param before where that part begins
     * @param whole whether nothing follows
     */
    void add(ByteBuffer in, int at, int size, ByteBuf staged, int before, boolean whole) {
        staged.writeBytes(in.slice(at, size));
        if (whole || staged.writerIndex() - before >= PART_BYTES) {
            body.add(staged.nioBuffer(), before, staged.writerIndex() - before);
            staged.writerIndex(before);
        }
    }
}
