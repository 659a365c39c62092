package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/**
 * Reads basic.ack in place, {@code at} being the payload of its method frame.
 *
 * <pre>
 *   | 60:2 | 80:2 | delivery-tag:8 | multiple:1 |
 * </pre>
 */
public final class AckReader {

    private static final int TAG_OFFSET = 4;
    private static final int BITS_OFFSET = 12;
    private static final int SIZE = 13;

    private AckReader() {}

    /**
     * To be called before the other readers.
     *
     * @throws ProtocolException 502 if the payload has another size than this method
     */
    public static void validate(int size) {
        if (size != SIZE) {
            throw ProtocolException.syntaxError(
                    "arguments do not end with the frame", MethodId.BASIC_ACK);
        }
    }

    public static long deliveryTag(ByteBuffer in, int at) {
        return in.getLong(at + TAG_OFFSET);
    }

    public static boolean multiple(ByteBuffer in, int at) {
        return (in.get(at + BITS_OFFSET) & 1) != 0;
    }
}
