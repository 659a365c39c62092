package io.chasqui.protocol.amqp10;

import java.nio.ByteBuffer;

/** Numbers of the wire (1.0 §2.2, §2.3). */
public final class Amqp10 {

    private Amqp10() {}

    /** The layer that a protocol header opens: frames of AMQP. */
    public static final int AMQP = 0;

    /** The layer that a protocol header opens: frames of SASL (1.0 §5.3.1). */
    public static final int SASL = 3;

    /** Octets of a protocol header. */
    public static final int PROTOCOL_HEADER_BYTES = 8;

    /** Octets of a frame before its body, without an extended header. */
    public static final int FRAME_HEADER_BYTES = 8;

    /** The type of frames that carry AMQP. */
    public static final int FRAME_AMQP = 0;

    /** The type of frames that carry SASL. */
    public static final int FRAME_SASL = 1;

    /** The largest frame that every peer must accept (MIN-MAX-FRAME-SIZE). */
    public static final int MIN_FRAME_MAX = 512;

    /** {@code AMQP}, the layer, 1, 0, 0. */
    public static byte[] protocolHeader(int layer) {
        return new byte[] {'A', 'M', 'Q', 'P', (byte) layer, 1, 0, 0};
    }

    /** Begins a frame without an extended header; {@code size} octets in all. */
    public static ByteBuffer frameHeader(ByteBuffer out, int size, int type, int channel) {
        return out.putInt(size)
                .put((byte) (FRAME_HEADER_BYTES / Integer.BYTES))
                .put((byte) type)
                .putShort((short) channel);
    }

    /** Whether the eight octets at {@code at} open that layer. */
    public static boolean isProtocolHeader(ByteBuffer octets, int at, int layer) {
        return ByteBuffer.wrap(protocolHeader(layer))
                .equals(octets.slice(at, PROTOCOL_HEADER_BYTES));
    }
}
