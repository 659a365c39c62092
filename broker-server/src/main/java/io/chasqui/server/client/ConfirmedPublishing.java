package io.chasqui.server.client;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Publishes messages and keeps account of what the broker makes of them. */
final class ConfirmedPublishing {

    /** Publishes that may be unconfirmed at a time. */
    private static final int WINDOW = 500;

    private final ClientConnection connection;
    private final boolean confirms;
    private final Consumer<String> notices;
    private final MessageAssembly returns = new MessageAssembly();
    private final TreeSet<Long> unconfirmed = new TreeSet<>();
    private long published;
    private long refused;
    private long returned;

    /** With {@code notices} being told what may surprise whoever waits. */
    ConfirmedPublishing(ClientConnection connection, boolean confirms, Consumer<String> notices)
            throws IOException {
        this.connection = connection;
        this.confirms = confirms;
        this.notices = notices;
        connection.reserve(connection.frameMax());
        if (confirms) {
            connection.call(new ConfirmMethod.Select(false), ConfirmMethod.SelectOk.class);
        }
    }

    /** Sends one message; waits while too many are unconfirmed. */
    void publish(BasicMethod.Publish method, BasicProperties properties, byte[] body)
            throws IOException {
        int headerSize = Amqp091.FRAME_OVERHEAD + ContentHeader.PREFIX_SIZE + properties.size();
        if (headerSize > connection.frameMax()) {
            throw new IOException("the properties do not fit into a frame");
        }
        FrameWriter.method(room(FrameWriter.sizeOf(method)), ClientConnection.CHANNEL, method);
        FrameWriter.contentHeader(
                room(headerSize), ClientConnection.CHANNEL, body.length, properties);
        int payload = connection.frameMax() - Amqp091.FRAME_OVERHEAD;
        ByteBuffer octets = ByteBuffer.wrap(body);
        for (int at = 0; at < body.length; at += payload) {
            int length = Math.min(payload, body.length - at);
            ByteBuffer out = room(length + Amqp091.FRAME_OVERHEAD);
            FrameWriter.body(out, ClientConnection.CHANNEL, octets, at, length);
        }
        connection.flush();
        published++;
        if (confirms) {
            unconfirmed.add(published);
            waitUntilUnconfirmed(WINDOW);
        }
    }

    /** What is to be sent, with room for so many octets, at most those of a frame. */
    private ByteBuffer room(int octets) throws IOException {
        if (connection.out().remaining() < octets) {
            connection.flush();
        }
        return connection.out();
    }

    /** Returns when the broker has answered for every message. */
    void settle() throws IOException {
        waitUntilUnconfirmed(0);
    }

    private void waitUntilUnconfirmed(int atMost) throws IOException {
        while (unconfirmed.size() > atMost) {
            connection.read(this::frame);
        }
    }

    private void frame(FrameCursor frame, ByteBuffer in) throws IOException {
        if (frame.type() == Amqp091.FRAME_HEADER || frame.type() == Amqp091.FRAME_BODY) {
            returns.content(frame, in);
            return;
        }
        int id =
                frame.type() == Amqp091.FRAME_METHOD
                        ? MethodReader.id(in, frame.payloadAt())
                        : MethodId.CONNECTION_UNBLOCKED;
        switch (id) {
            case MethodId.BASIC_ACK,
                    MethodId.BASIC_NACK,
                    MethodId.BASIC_RETURN,
                    MethodId.CONNECTION_BLOCKED ->
                    told(MethodReader.read(in, frame.payloadAt(), frame.payloadSize()));
            default -> connection.unasked(frame, in);
        }
    }

    private void told(Method method) {
        switch (method) {
            case BasicMethod.Ack ack -> settled(ack.deliveryTag(), ack.multiple());
            case BasicMethod.Nack nack -> refused += settled(nack.deliveryTag(), nack.multiple());
            case BasicMethod.Return back -> {
                returned++;
                returns.begin(back);
            }
            case ConnectionMethod.Blocked blocked ->
                    notices.accept("the broker takes no messages for now: " + blocked.reason());
            default -> throw new IllegalStateException("not asked for: " + method);
        }
    }

    private int settled(long tag, boolean multiple) {
        if (!multiple) {
            return unconfirmed.remove(tag) ? 1 : 0;
        }
        NavigableSet<Long> settled = unconfirmed.headSet(tag, true);
        int count = settled.size();
        settled.clear();
        return count;
    }

    long published() {
        return published;
    }

    /** Messages the broker would not take: negative confirms. */
    long refused() {
        return refused;
    }

    /** Mandatory messages that reached no queue. */
    long returned() {
        return returned;
    }
}
