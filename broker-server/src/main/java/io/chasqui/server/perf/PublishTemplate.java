package io.chasqui.server.perf;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.server.client.ClientConnection;
import java.nio.ByteBuffer;

/**
 * The frames of one message, written beforehand; sending it is a copy and a time stamp.
 *
 * <pre>
 *   | basic.publish | content header | body frame: stamp:8 ... | body frame | ...
 * </pre>
 *
 * The stamp is the {@code System.nanoTime} of the sending; a body of less than eight octets has
 * none.
 */
final class PublishTemplate {

    static final int STAMP_BYTES = 8;

    private static final int TRANSIENT = 1;
    private static final int PERSISTENT = 2;

    private final ByteBuffer frames;
    private final int stampAt;

    PublishTemplate(BasicMethod.Publish publish, boolean persistent, int bodyBytes, int frameMax) {
        BasicProperties properties =
                BasicProperties.builder().deliveryMode(persistent ? PERSISTENT : TRANSIENT).build();
        ByteBuffer header = ByteBuffer.allocate(Amqp091.FRAME_MIN_SIZE);
        FrameWriter.method(header, ClientConnection.CHANNEL, publish);
        FrameWriter.contentHeader(header, ClientConnection.CHANNEL, bodyBytes, properties);
        header.flip();

        int payload = frameMax - Amqp091.FRAME_OVERHEAD;
        int bodyFrames = (bodyBytes + payload - 1) / payload;
        int size = header.limit() + bodyBytes + bodyFrames * Amqp091.FRAME_OVERHEAD;
        frames = ByteBuffer.allocateDirect(size);
        frames.put(header);
        stampAt = bodyBytes < STAMP_BYTES ? -1 : header.limit() + Amqp091.FRAME_HEADER_SIZE;
        ByteBuffer body = body(bodyBytes);
        for (int at = 0; at < bodyBytes; at += payload) {
            int length = Math.min(payload, bodyBytes - at);
            FrameWriter.body(frames, ClientConnection.CHANNEL, body, at, length);
        }
    }

    /** Something neither constant nor random, so that compression shows as it would in use. */
    static ByteBuffer body(int bodyBytes) {
        ByteBuffer body = ByteBuffer.allocate(bodyBytes);
        for (int at = 0; at < bodyBytes; at++) {
            body.put((byte) ('a' + at * 7 % 26));
        }
        return body;
    }

    /** Octets {@link #write} puts. */
    int size() {
        return frames.capacity();
    }

    void write(ByteBuffer out, long stampNanos) {
        int at = out.position();
        out.put(at, frames, 0, frames.capacity());
        if (stampAt >= 0) {
            out.putLong(at + stampAt, stampNanos);
        }
        out.position(at + frames.capacity());
    }
}
