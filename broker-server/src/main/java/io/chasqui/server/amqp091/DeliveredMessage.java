package io.chasqui.server.amqp091;

import io.chasqui.core.message.StoredMessage;
import io.chasqui.protocol.amqp091.ContentHeader;
import java.nio.ByteBuffer;

/**
 * Where the parts of a stored message lie that is being delivered. Reused for every one, so that
 * delivering makes no object.
 */
final class DeliveredMessage {

    private ByteBuffer record = ByteBuffer.allocate(0);
    private int namesAt;
    private int namesLength;
    private int headLength;
    private int bodyLength;

    /** Looks at the record at {@code at}. */
    DeliveredMessage read(ByteBuffer memory, int at) {
        record = memory;
        namesAt = StoredMessage.namesAt(memory, at);
        namesLength = StoredMessage.namesLength(memory, at);
        int imageAt = namesAt + namesLength;
        bodyLength = (int) ContentHeader.bodySize(memory, imageAt);
        headLength = StoredMessage.imageLength(memory, at) - bodyLength;
        return this;
    }

    ByteBuffer memory() {
        return record;
    }

    int namesAt() {
        return namesAt;
    }

    int namesLength() {
        return namesLength;
    }

    int contentSize(int frameMax) {
        return MessageFrames.size(headLength, bodyLength, frameMax);
    }

    void writeContent(ByteBuffer out, int channel, int frameMax) {
        int headAt = namesAt + namesLength;
        MessageFrames.write(
                out,
                channel,
                record,
                headAt,
                headLength,
                record,
                headAt + headLength,
                bodyLength,
                frameMax);
    }
}
