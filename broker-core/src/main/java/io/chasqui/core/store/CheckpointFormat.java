package io.chasqui.core.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a checkpoint file, {@code checkpoint/ckpt-A} or {@code ckpt-B}. Integers are
 * big-endian.
 *
 * <pre>
 *     file:     header | section … | trailer
 *
 *     header:   0          8       10      16         24            60        64
 *               +----------+-------+-------+----------+-------------+---------+
 *               | CHASQCKP | u16   | 0 …   | u64      | 0 …         | u32     |
 *               |          | ver. 1|       | sequence |             | crc32c  |
 *               +----------+-------+-------+----------+-------------+---------+
 *
 *     section:  u32 type (1…2^31-1) | u32 length | u32 crc32c | payload
 *               crc32c over sequence (u64), type, length and payload: a section left over from
 *               another checkpoint never verifies
 *
 *     trailer:  a section of type 0 and length 32, the last bytes of the file:
 *               u32 sections | u8 clean | u24 0 | u64 bytes of the file, trailer included |
 *               u64 replay from (lsn) | u64 sequence
 * </pre>
 *
 * <p>A checkpoint counts only with its trailer and if everything in it verifies. Magic, version and
 * CRC of the header stay in their places in every later version.
 */
final class CheckpointFormat {

    static final String DIRECTORY = "checkpoint";
    static final int VERSION = 1;
    static final int HEADER_BYTES = 64;
    static final int SECTION_HEADER_BYTES = 12;
    static final int TRAILER = 0;
    static final int TRAILER_BYTES = 32;

    /** Bytes read or written at once. */
    static final int BUFFER_BYTES = 1 << 20;

    private static final long MAGIC = 0x4348_4153_5143_4b50L; // CHASQCKP
    private static final int CRC_AT = 60;

    private CheckpointFormat() {}

    static ByteBuffer header(long sequence) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(0, MAGIC).putShort(8, (short) VERSION).putLong(16, sequence);
        return header.putInt(CRC_AT, headerCrc(header));
    }

    /**
     * The sequence number in a header, 0 if the header is damaged.
     *
     * @throws StoreException if it is intact and of another version
     */
    static long sequence(ByteBuffer header, String path) {
        if (header.getLong(0) != MAGIC || header.getInt(CRC_AT) != headerCrc(header)) {
            return 0;
        }
        int version = header.getShort(8) & 0xFFFF;
        if (version != VERSION) {
            throw StoreException.unknownVersion(path, version, VERSION);
        }
        return header.getLong(16);
    }

    /** Begins the checksum of a section; the payload is to be added. */
    static void beginCrc(CRC32C crc, long sequence, int type, int length) {
        crc.reset();
        ByteBuffer start = ByteBuffer.allocate(16).putLong(sequence).putInt(type).putInt(length);
        crc.update(start.flip());
    }

    private static int headerCrc(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, CRC_AT));
        return (int) crc.getValue();
    }
}
