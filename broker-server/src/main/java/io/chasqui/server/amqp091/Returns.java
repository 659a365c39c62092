package io.chasqui.server.amqp091;

import io.chasqui.core.session.Transaction;
import io.chasqui.protocol.amqp091.DeliverWriter;
import io.chasqui.protocol.amqp091.ReplyCode;
import java.nio.ByteBuffer;

/** Sends messages that no queue took back to their publisher (0-9-1 §1.8.3.8). */
final class Returns implements Transaction.Unroutable {

    private static final byte[] NO_ROUTE = DeliverWriter.shortString("NO_ROUTE");

    private final Link link;
    private final int channel;

    Returns(Link link, int channel) {
        this.link = link;
        this.channel = channel;
    }

    @Override
    public void message(ByteBuffer memory, int namesBytes, int headBytes, int bodyBytes) {
        int bodyAt = namesBytes + headBytes;
        write(memory, 0, namesBytes, memory, namesBytes, headBytes, memory, bodyAt, bodyBytes);
    }

    /** Writes basic.return with the message, whose three parts lie where the arguments say. */
    void write(
            ByteBuffer names,
            int namesAt,
            int namesLength,
            ByteBuffer head,
            int headAt,
            int headLength,
            ByteBuffer body,
            int bodyAt,
            int bodySize) {
        int frameMax = link.frameMax();
        int size =
                DeliverWriter.basicReturnSize(NO_ROUTE, namesLength)
                        + MessageFrames.size(headLength, bodySize, frameMax);
        ByteBuffer out = link.output().begin(size);
        DeliverWriter.basicReturn(
                out, channel, ReplyCode.NO_ROUTE.code(), NO_ROUTE, names, namesAt, namesLength);
        MessageFrames.write(
                out, channel, head, headAt, headLength, body, bodyAt, bodySize, frameMax);
    }
}
