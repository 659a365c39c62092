package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/** Writes whole frames at the position of a buffer (0-9-1 §4.2.3); the caller ensures room. */
public final class FrameWriter {

    private FrameWriter() {}

    /** Octets of the whole frame {@link #method} writes. */
    public static int sizeOf(Method method) {
        return Amqp091.FRAME_OVERHEAD + MethodWriter.sizeOf(method);
    }

    public static void method(ByteBuffer out, int channel, Method method) {
        int start = beginFrame(out, Amqp091.FRAME_METHOD, channel);
        MethodWriter.write(method, out);
        endFrame(out, start);
    }

    public static void heartbeat(ByteBuffer out) {
        endFrame(out, beginFrame(out, Amqp091.FRAME_HEARTBEAT, 0));
    }

    /** A content header of class basic. */
    public static void contentHeader(
            ByteBuffer out, int channel, long bodySize, BasicProperties properties) {
        int start = beginFrame(out, Amqp091.FRAME_HEADER, channel);
        ContentHeader.writePrefix(out, bodySize);
        properties.write(out);
        endFrame(out, start);
    }

    /**
     * A content header of class basic whose property flags and properties are copied from {@code
     * length} octets of {@code properties} at {@code at}.
     */
    public static void contentHeader(
            ByteBuffer out, int channel, long bodySize, ByteBuffer properties, int at, int length) {
        int start = beginFrame(out, Amqp091.FRAME_HEADER, channel);
        ContentHeader.writePrefix(out, bodySize);
        copy(out, properties, at, length);
        endFrame(out, start);
    }

    /** One body frame of {@code length} octets of {@code body} at {@code at}. */
    public static void body(ByteBuffer out, int channel, ByteBuffer body, int at, int length) {
        int start = beginFrame(out, Amqp091.FRAME_BODY, channel);
        copy(out, body, at, length);
        endFrame(out, start);
    }

    /** Writes type and channel, leaves room for the size, and returns where the frame starts. */
    public static int beginFrame(ByteBuffer out, int type, int channel) {
        int start = out.position();
        out.put((byte) type).putShort((short) channel).putInt(0);
        return start;
    }

    /** Writes the size of the frame begun at {@code start} and its end octet; returns its size. */
    public static int endFrame(ByteBuffer out, int start) {
        out.putInt(start + 3, out.position() - start - Amqp091.FRAME_HEADER_SIZE);
        out.put((byte) Amqp091.FRAME_END);
        return out.position() - start;
    }

    static void copy(ByteBuffer out, ByteBuffer source, int at, int length) {
        int position = out.position();
        out.put(position, source, at, length);
        out.position(position + length);
    }
}
