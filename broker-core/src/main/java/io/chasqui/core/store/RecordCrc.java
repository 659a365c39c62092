package io.chasqui.core.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Computes and checks record checksums, without allocating; for one thread and one buffer.
 *
 * <p>The CRC32C runs over a salt of 8 bytes and then over the record from its type to its last
 * payload byte. The salt is {@code segment number XOR instance id of the data directory}: the
 * number makes what an older segment left behind in a recycled file fail, and the instance id,
 * which no client can know, keeps a record image that somebody hid in a message body from passing
 * for a record when recovery looks for the next intact one behind a damage.
 *
 * <p>A PAD's bytes are never looked at, so its CRC ends with its header; its length, which a CRC
 * over a shorter range would not protect, is repeated in its time field.
 */
final class RecordCrc {

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer view;
    private final long instanceId;
    private final byte[] salt = new byte[Long.BYTES];
    private long segment = -1;

    RecordCrc(ByteBuffer buffer, long instanceId) {
        this.view = buffer.duplicate();
        this.instanceId = instanceId;
    }

    /** The segment whose records follow. */
    void segment(long number) {
        if (number == segment) {
            return;
        }
        segment = number;
        long bits = number ^ instanceId;
        for (int i = 0; i < Long.BYTES; i++) {
            salt[i] = (byte) (bits >>> (56 - 8 * i));
        }
    }

    /** Writes the record's checksum into its header. */
    void seal(int at, int length) {
        view.putInt(at + RecordLayout.CRC, of(at, length));
    }

    /**
     * Whether the bytes at {@code at} are an intact record that ends before {@code limit}. The type
     * may still be one that this release does not know.
     */
    boolean intact(int at, int limit) {
        int length = plausibleLength(at, limit);
        return length != 0 && view.getInt(at + RecordLayout.CRC) == of(at, length);
    }

    /**
     * The record's length if a record could look like this, else 0: the cheap half of the check.
     */
    int plausibleLength(int at, int limit) {
        if (limit - at < RecordLayout.HEADER_BYTES) {
            return 0;
        }
        int length = RecordLayout.length(view, at);
        int type = RecordLayout.type(view, at);
        if (length < RecordLayout.HEADER_BYTES || type == 0 || !priorityPlausible(at)) {
            return 0;
        }
        if (type == RecordType.PAD) {
            return RecordLayout.timeMs(view, at) == length ? length : 0;
        }
        return length <= LogGeometry.MAX_RECORD_BYTES && length <= limit - at ? length : 0;
    }

    private boolean priorityPlausible(int at) {
        return (RecordLayout.flags(view, at) & RecordLayout.PRIORITY) != 0
                || RecordLayout.priority(view, at) == 0;
    }

    private int of(int at, int length) {
        int covered =
                RecordLayout.type(view, at) == RecordType.PAD ? RecordLayout.HEADER_BYTES : length;
        crc.reset();
        crc.update(salt, 0, Long.BYTES);
        crc.update(view.limit(at + covered).position(at + RecordLayout.TYPE));
        view.clear();
        return (int) crc.getValue();
    }
}
