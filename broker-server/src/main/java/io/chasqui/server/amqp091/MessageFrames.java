package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FrameWriter;
import java.nio.ByteBuffer;

/** Writes the content of a message as frames: its header, and its body cut to the frame-max. */
final class MessageFrames {

    private MessageFrames() {}

    /** Octets that {@link #write} puts. */
    static int size(int headLength, int bodyLength, int frameMax) {
        int largest = largestPayload(frameMax);
        int bodyFrames = bodyLength / largest + (bodyLength % largest == 0 ? 0 : 1);
        return headLength + bodyLength + (1 + bodyFrames) * Amqp091.FRAME_OVERHEAD;
    }

    /**
     * Writes content at the position of {@code out}.
     *
     * @param head memory that holds the payload of a content header at {@code headAt}
     * @param body memory that holds the body at {@code bodyAt}
     */
    static void write(
            ByteBuffer out,
            int channel,
            ByteBuffer head,
            int headAt,
            int headLength,
            ByteBuffer body,
            int bodyAt,
            int bodyLength,
            int frameMax) {
        FrameWriter.contentHeader(
                out,
                channel,
                bodyLength,
                head,
                headAt + ContentHeader.PREFIX_SIZE,
                headLength - ContentHeader.PREFIX_SIZE);
        int largest = largestPayload(frameMax);
        int end = bodyAt + bodyLength;
        for (int at = bodyAt; at < end; at += largest) {
            FrameWriter.body(out, channel, body, at, Math.min(largest, end - at));
        }
    }

    private static int largestPayload(int frameMax) {
        return frameMax == 0 ? Integer.MAX_VALUE : frameMax - Amqp091.FRAME_OVERHEAD;
    }
}
