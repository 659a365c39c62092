package io.chasqui.server.net;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** The little of DER (X.690) that it takes to put one kind of private key into the shell of another. */
final class Der {

    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;

    private Der() {}

    /** One element: tag, length, contents. */
    static byte[] element(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] part : contents) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        for (byte[] part : contents) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /**
     * The contents of the first element with the tag, among those that follow each other in {@code
     * elements}.
     *
     * @throws IllegalArgumentException if there is none, or this is no DER
     */
    static byte[] first(int tag, byte[] elements) {
        try {
            ByteBuffer in = ByteBuffer.wrap(elements);
            while (in.hasRemaining()) {
                int found = in.get() & 0xff;
                int length = in.get() & 0xff;
                if (length > 0x80 && length <= 0x83) {
                    int octets = length - 0x80;
                    length = 0;
                    for (int i = 0; i < octets; i++) {
                        length = (length << 8) | (in.get() & 0xff);
                    }
                }
                byte[] contents = new byte[Math.min(length, in.remaining() + 1)];
                in.get(contents);
                if (found == tag) {
                    return contents;
                }
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("not DER", e);
        }
        throw new IllegalArgumentException("no element with tag " + tag);
    }
}
