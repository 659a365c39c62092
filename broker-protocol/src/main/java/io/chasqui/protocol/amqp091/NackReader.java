package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/**
 * Reads basic.nack in place, {@code at} being the payload of its method frame.
 *
 * <pre>
 *   | 60:2 | 120:2 | delivery-tag:8 | multiple, requeue:1 |
 * </pre>
 */
public final class NackReader {

    private static final int TAG_OFFSET = 4;
    private static final int BITS_OFFSET = 12;
    private static final int SIZE = 13;

    private NackReader() {}

    /**
     * To be called before the other readers.
     *
     * @throws ProtocolException 502 if the payload has another size than this method
     */
    public static void validate(int size) {
        if (size != SIZE) {
            throw ProtocolException.syntaxError(
                    "arguments do not end with the frame", MethodId.BASIC_NACK);
        }
    }

    public static long deliveryTag(ByteBuffer in, int at) {
        return in.getLong(at + TAG_OFFSET);
    }

    public static boolean multiple(ByteBuffer in, int at) {
        return (in.get(at + BITS_OFFSET) & 1) != 0;
    }

    public static boolean requeue(ByteBuffer in, int at) {
        return (in.get(at + BITS_OFFSET) & 2) != 0;
    }
}
