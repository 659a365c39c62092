package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * Writes the method frames that hand out a message, from octets prepared beforehand and octets the
 * store kept, without creating an object.
 *
 * <p>{@code names} is the exchange and the routing key, each with its size octet, as {@link
 * PublishReader#namesAt} found them; they follow each other in all three methods, so one copy does.
 *
 * <pre>
 *   deliver  | 60:2 | 60:2 | size:1 consumer-tag | delivery-tag:8 | redelivered:1 | names |
 *   get-ok   | 60:2 | 71:2 | delivery-tag:8 | redelivered:1 | names | message-count:4 |
 *   return   | 60:2 | 50:2 | reply-code:2 | size:1 reply-text | names |
 * </pre>
 */
public final class DeliverWriter {

    private static final int DELIVER_FIXED = Amqp091.FRAME_OVERHEAD + 4 + 8 + 1;
    private static final int GET_OK_FIXED = Amqp091.FRAME_OVERHEAD + 4 + 8 + 1 + 4;
    private static final int RETURN_FIXED = Amqp091.FRAME_OVERHEAD + 4 + 2;

    private DeliverWriter() {}

    /**
     * A short string with its size octet, to be prepared once and written often.
     *
     * @throws IllegalArgumentException if it has more than 255 octets
     */
    public static byte[] shortString(String text) {
        byte[] octets = text.getBytes(UTF_8);
        if (octets.length > Amqp091.SHORT_STRING_MAX) {
            throw new IllegalArgumentException("no short string of " + octets.length + " octets");
        }
        byte[] prefixed = new byte[1 + octets.length];
        prefixed[0] = (byte) octets.length;
        System.arraycopy(octets, 0, prefixed, 1, octets.length);
        return prefixed;
    }

    /** Octets of the frame {@link #deliver} writes. */
    public static int deliverSize(byte[] consumerTagShortStr, int namesLength) {
        return DELIVER_FIXED + consumerTagShortStr.length + namesLength;
    }

    /** Octets of the frame {@link #getOk} writes. */
    public static int getOkSize(int namesLength) {
        return GET_OK_FIXED + namesLength;
    }

    /** Octets of the frame {@link #basicReturn} writes. */
    public static int basicReturnSize(byte[] replyTextShortStr, int namesLength) {
        return RETURN_FIXED + replyTextShortStr.length + namesLength;
    }

    public static void deliver(
            ByteBuffer out,
            int channel,
            byte[] consumerTagShortStr,
            long deliveryTag,
            boolean redelivered,
            ByteBuffer names,
            int namesAt,
            int namesLength) {
        int start = begin(out, channel, MethodId.BASIC_DELIVER);
        out.put(consumerTagShortStr).putLong(deliveryTag).put((byte) (redelivered ? 1 : 0));
        FrameWriter.copy(out, names, namesAt, namesLength);
        FrameWriter.endFrame(out, start);
    }

    public static void getOk(
            ByteBuffer out,
            int channel,
            long deliveryTag,
            boolean redelivered,
            ByteBuffer names,
            int namesAt,
            int namesLength,
            long messageCount) {
        int start = begin(out, channel, MethodId.BASIC_GET_OK);
        out.putLong(deliveryTag).put((byte) (redelivered ? 1 : 0));
        FrameWriter.copy(out, names, namesAt, namesLength);
        out.putInt((int) messageCount);
        FrameWriter.endFrame(out, start);
    }

    public static void basicReturn(
            ByteBuffer out,
            int channel,
            int replyCode,
            byte[] replyTextShortStr,
            ByteBuffer names,
            int namesAt,
            int namesLength) {
        int start = begin(out, channel, MethodId.BASIC_RETURN);
        out.putShort((short) replyCode).put(replyTextShortStr);
        FrameWriter.copy(out, names, namesAt, namesLength);
        FrameWriter.endFrame(out, start);
    }

    private static int begin(ByteBuffer out, int channel, int methodId) {
        int start = FrameWriter.beginFrame(out, Amqp091.FRAME_METHOD, channel);
        out.putInt(methodId);
        return start;
    }
}
