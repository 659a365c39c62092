package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A long string: octets of any kind (0-9-1 §4.2.5.3), immutable.
 *
 * <p>SASL responses and secrets are long strings, therefore {@link #toString} tells the size only.
 */
public final class LongString {

    public static final LongString EMPTY = new LongString(new byte[0]);

    private final byte[] octets;

    private LongString(byte[] octets) {
        this.octets = octets;
    }

    public static LongString of(byte[] octets) {
        return new LongString(octets.clone());
    }

    public static LongString of(String text) {
        return new LongString(text.getBytes(UTF_8));
    }

    static LongString copyOf(ByteBuffer in, int at, int length) {
        byte[] octets = new byte[length];
        in.get(at, octets);
        return new LongString(octets);
    }

    public int size() {
        return octets.length;
    }

    /** A fresh copy of the octets. */
    public byte[] octets() {
        return octets.clone();
    }

    /** The octets as text; malformed UTF-8 becomes U+FFFD. */
    public String text() {
        return new String(octets, UTF_8);
    }

    /** The octets, read only; no copy is made. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(octets).asReadOnlyBuffer();
    }

    void writeTo(ByteBuffer out) {
        out.put(octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LongString that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return "LongString[" + octets.length + " octets]";
    }
}
