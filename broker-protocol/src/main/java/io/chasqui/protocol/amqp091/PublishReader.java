package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/**
 * Reads basic.publish in place; one instance serves a channel for ever.
 *
 * <pre>
 *   | 60:2 | 40:2 | ticket:2 | size:1 exchange | size:1 routing-key | bits:1 |
 *                            |<------------- names ---------------->|
 * </pre>
 *
 * It does not ask whether the names are UTF-8: neither does RabbitMQ, and a name that no exchange
 * bears finds none.
 */
public final class PublishReader {

    private static final int NAMES_OFFSET = 6;
    private static final int MANDATORY = 1;
    private static final int IMMEDIATE = 2;

    private int exchangeAt;
    private int exchangeLength;
    private int keyAt;
    private int keyLength;
    private int bits;

    /**
     * @param at the payload of a method frame whose {@link MethodReader#id} is basic.publish
     * @throws ProtocolException 502 if the arguments do not fill the payload exactly
     */
    public void read(ByteBuffer in, int at, int size) {
        int end = at + size;
        exchangeAt = shortString(in, at + NAMES_OFFSET, end);
        exchangeLength = in.get(exchangeAt - 1) & 0xFF;
        keyAt = shortString(in, exchangeAt + exchangeLength, end);
        keyLength = in.get(keyAt - 1) & 0xFF;
        int bitsAt = keyAt + keyLength;
        if (bitsAt != end - 1) {
            throw malformed();
        }
        bits = in.get(bitsAt);
    }

    /** Checks that a short string and one more octet lie before {@code end}. */
    private static int shortString(ByteBuffer in, int at, int end) {
        if (at >= end || (in.get(at) & 0xFF) >= end - at - 1) {
            throw malformed();
        }
        return at + 1;
    }

    private static ProtocolException malformed() {
        return ProtocolException.syntaxError(
                "arguments do not end with the frame", MethodId.BASIC_PUBLISH);
    }

    public int exchangeAt() {
        return exchangeAt;
    }

    public int exchangeLength() {
        return exchangeLength;
    }

    public int keyAt() {
        return keyAt;
    }

    public int keyLength() {
        return keyLength;
    }

    /** Where exchange and routing key begin, each with its size octet, as the store keeps them. */
    public int namesAt() {
        return exchangeAt - 1;
    }

    /** Octets of both names and their size octets. */
    public int namesLength() {
        return keyAt + keyLength - namesAt();
    }

    public boolean mandatory() {
        return (bits & MANDATORY) != 0;
    }

    public boolean immediate() {
        return (bits & IMMEDIATE) != 0;
    }
}
