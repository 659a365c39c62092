package io.chasqui.server.client;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FrameCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts the frames of one message after the other together: method, content header, body frames. */
final class MessageAssembly {

    private @Nullable BasicMethod method;
    private BasicProperties properties = BasicProperties.EMPTY;
    private byte[] body = new byte[0];
    private int filled;

    /** Begins a message. */
    void begin(BasicMethod announced) {
        method = announced;
    }

    /**
     * Takes a content header or body frame; returns the message if it is whole now.
     *
     * @throws IOException if no message was announced, or it is larger than was
     */
    @Nullable ClientMessage content(FrameCursor frame, ByteBuffer in) throws IOException {
        if (method == null) {
            throw new IOException("the broker sent content that belongs to no message");
        }
        if (frame.type() == Amqp091.FRAME_HEADER) {
            properties = BasicProperties.read(in, frame.payloadAt(), frame.payloadSize());
            body = new byte[(int) ContentHeader.bodySize(in, frame.payloadAt())];
            filled = 0;
        } else {
            if (frame.payloadSize() > body.length - filled) {
                throw new IOException("the broker sent a body larger than announced");
            }
            in.get(frame.payloadAt(), body, filled, frame.payloadSize());
            filled += frame.payloadSize();
        }
        if (filled < body.length) {
            return null;
        }
        ClientMessage message = new ClientMessage(method, properties, body);
        method = null;
        return message;
    }
}
