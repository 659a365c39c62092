package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/** UTF-8 text within buffers, checked in place (RFC 3629, which 0-9-1 §4.2.5.3 asks for). */
final class Utf8 {

    private Utf8() {}

    /** The text, or a syntax error when the octets are not UTF-8. */
    static String decode(ByteBuffer in, int at, int length) {
        if (!isValid(in, at, length)) {
            throw ProtocolException.syntaxError("malformed UTF-8 in short string");
        }
        return decodeLossy(in, at, length);
    }

    /** The text for a reader's eyes: malformed octets become U+FFFD. */
    static String decodeLossy(ByteBuffer in, int at, int length) {
        byte[] octets = new byte[length];
        in.get(at, octets);
        return new String(octets, UTF_8);
    }

    static boolean isValid(ByteBuffer in, int at, int length) {
        int end = at + length;
        int next = at;
        while (next < end) {
            int lead = in.get(next);
            if (lead >= 0) {
                next++;
                continue;
            }
            int size = sequenceSize(lead & 0xFF);
            if (size == 0 || size > end - next || !isSequence(in, next, size)) {
                return false;
            }
            next += size;
        }
        return true;
    }

    private static int sequenceSize(int lead) {
        if (lead >= 0xC2 && lead <= 0xDF) {
            return 2;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return 3;
        }
        return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
    }

    private static boolean isSequence(ByteBuffer in, int at, int size) {
        int second = in.get(at + 1) & 0xFF;
        boolean secondFits =
                switch (in.get(at) & 0xFF) {
                    case 0xE0 -> second >= 0xA0 && second <= 0xBF; // no overlong form
                    case 0xED -> second >= 0x80 && second <= 0x9F; // no surrogate
                    case 0xF0 -> second >= 0x90 && second <= 0xBF; // no overlong form
                    case 0xF4 -> second >= 0x80 && second <= 0x8F; // nothing above U+10FFFF
                    default -> second >= 0x80 && second <= 0xBF;
                };
        for (int i = 2; secondFits && i < size; i++) {
            if ((in.get(at + i) & 0xC0) != 0x80) {
                return false;
            }
        }
        return secondFits;
    }

    /** The text if it encodes to at most {@code maxOctets}, else its beginning and {@code ...}. */
    static String cut(String text, int maxOctets) {
        byte[] octets = text.getBytes(UTF_8);
        if (octets.length <= maxOctets) {
            return text;
        }
        int end = maxOctets - 3;
        while ((octets[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(octets, 0, end, UTF_8) + "...";
    }
}
