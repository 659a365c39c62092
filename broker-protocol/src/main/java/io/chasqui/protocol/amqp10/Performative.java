package io.chasqui.protocol.amqp10;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** Tells the performatives of deliveries from all others, however their descriptors are encoded. */
public final class Performative {

    public static final int TRANSFER = 0x14;
    public static final int DISPOSITION = 0x15;

    /** Any other, or none at all. */
    public static final int OTHER = 0;

    private static final byte[] TRANSFER_NAME = "amqp:transfer:list".getBytes(US_ASCII);
    private static final byte[] DISPOSITION_NAME = "amqp:disposition:list".getBytes(US_ASCII);

    private Performative() {}

    /** Which one begins at {@code at}, in a frame's body of so many octets. */
    public static int of(ByteBuffer in, int at, int size) {
        if (size < 3 || in.get(at) != TypeCode.DESCRIBED) {
            return OTHER;
        }
        return switch (in.get(at + 1) & 0xFF) {
            case TypeCode.SMALL_ULONG -> known(in.get(at + 2) & 0xFF);
            case TypeCode.ULONG -> size < 10 ? OTHER : known(in.getLong(at + 2));
            case TypeCode.SYMBOL_8 -> named(in, at + 3, size - 3, in.get(at + 2) & 0xFF);
            case TypeCode.SYMBOL_32 ->
                    size < 6 ? OTHER : named(in, at + 6, size - 6, in.getInt(at + 2));
            default -> OTHER;
        };
    }

    private static int known(long code) {
        return code == TRANSFER || code == DISPOSITION ? (int) code : OTHER;
    }

    private static int named(ByteBuffer in, int at, int size, int length) {
        if (length < 0 || length > size) {
            return OTHER;
        }
        ByteBuffer name = in.slice(at, length);
        if (name.equals(ByteBuffer.wrap(TRANSFER_NAME))) {
            return TRANSFER;
        }
        return name.equals(ByteBuffer.wrap(DISPOSITION_NAME)) ? DISPOSITION : OTHER;
    }
}
