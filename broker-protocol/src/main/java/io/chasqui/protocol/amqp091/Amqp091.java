package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/** The fixed numbers of the protocol (0-9-1 §4.2.2, §4.2.3 and the constants of the grammar). */
public final class Amqp091 {

    public static final int FRAME_METHOD = 1;
    public static final int FRAME_HEADER = 2;
    public static final int FRAME_BODY = 3;
    public static final int FRAME_HEARTBEAT = 8;

    /** The octet after each payload (0-9-1 §4.2.3). */
    public static final int FRAME_END = 0xCE;

    /** Type, channel and payload size. */
    public static final int FRAME_HEADER_SIZE = 7;

    /** What a frame adds to its payload: its header and its end octet. */
    public static final int FRAME_OVERHEAD = 8;

    /** The smallest frame-max two peers may agree on (0-9-1 §4.2.3, frame-min-size). */
    public static final int FRAME_MIN_SIZE = 4096;

    /** The largest body a content header may announce, RabbitMQ's hard limit of 512 MiB. */
    public static final long MAX_BODY_SIZE = 536_870_912L;

    /** Octets a short string can hold (0-9-1 §4.2.5.3). */
    public static final int SHORT_STRING_MAX = 255;

    public static final int CLASS_CONNECTION = 10;
    public static final int CLASS_CHANNEL = 20;
    public static final int CLASS_ACCESS = 30;
    public static final int CLASS_EXCHANGE = 40;
    public static final int CLASS_QUEUE = 50;
    public static final int CLASS_BASIC = 60;
    public static final int CLASS_CONFIRM = 85;
    public static final int CLASS_TX = 90;

    /** Octets of the protocol header. */
    public static final int PROTOCOL_HEADER_SIZE = 8;

    private static final byte[] PROTOCOL_HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

    private Amqp091() {}

    /** A fresh copy of {@code AMQP 0 0 9 1}, the first octets a client sends (0-9-1 §4.2.2). */
    public static byte[] protocolHeader() {
        return PROTOCOL_HEADER.clone();
    }

    /** Whether the eight octets at {@code at} are this protocol's header. */
    public static boolean isProtocolHeader(ByteBuffer buffer, int at) {
        for (int i = 0; i < PROTOCOL_HEADER_SIZE; i++) {
            if (buffer.get(at + i) != PROTOCOL_HEADER[i]) {
                return false;
            }
        }
        return true;
    }
}
