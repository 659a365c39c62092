package io.chasqui.core.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a message was routed by besides its routing key, where its headers do not tell: carbon copies
 * that receivers do not see, and the headers of a dead letter that was sent on under one key alone.
 * Stored with the message:
 *
 * <pre>
 *   | u16 octets | n x ( u8 1 if blind, shortstr ) |
 * </pre>
 *
 * @param visible keys of carbon copies
 * @param blind keys of carbon copies that receivers do not see
 */
public record FurtherKeys(List<String> visible, List<String> blind) {

    /** No further keys, whatever the headers say. */
    public static final FurtherKeys NONE = new FurtherKeys(List.of(), List.of());

    private static final int SIZE_BYTES = 2;
    private static final int LONGEST_KEY = 255;
    private static final int MOST_OCTETS = 0xFFFF;

    /** As stored. Keys that do not fit, or are too long for a routing key, are left out. */
    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[SIZE_BYTES]);
        visible.forEach(key -> put(key, 0, out));
        blind.forEach(key -> put(key, 1, out));
        byte[] octets = out.toByteArray();
        ByteBuffer.wrap(octets).putShort((short) (octets.length - SIZE_BYTES));
        return octets;
    }

    private static void put(String key, int kind, ByteArrayOutputStream out) {
        byte[] octets = key.getBytes(UTF_8);
        if (octets.length <= LONGEST_KEY && out.size() + 2 + octets.length <= MOST_OCTETS) {
            out.write(kind);
            out.write(octets.length);
            out.writeBytes(octets);
        }
    }

    static int bytes(ByteBuffer record, int at) {
        return SIZE_BYTES + (record.getShort(at) & 0xFFFF);
    }

    static FurtherKeys read(ByteBuffer record, int at) {
        List<String> visible = new ArrayList<>();
        List<String> blind = new ArrayList<>();
        int end = at + bytes(record, at);
        for (int next = at + SIZE_BYTES; next < end; ) {
            byte[] octets = new byte[record.get(next + 1) & 0xFF];
            record.get(next + 2, octets);
            (record.get(next) == 0 ? visible : blind).add(new String(octets, UTF_8));
            next += 2 + octets.length;
        }
        return new FurtherKeys(visible, blind);
    }
}
