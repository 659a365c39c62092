package io.chasqui.bench.crash;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A message's body: its id, a filling that differs from message to message, and a checksum over
 * both.
 *
 * <pre>
 *   | crc32c:4 | publisher:4 | sequence:4 | filling |
 * </pre>
 */
final class MessageBody {

    static final int LEAST_BYTES = 12;

    private static final int CRC_BYTES = 4;

    private MessageBody() {}

    static byte[] of(MessageId id, int bytes) {
        ByteBuffer body = ByteBuffer.allocate(Math.max(bytes, LEAST_BYTES));
        new SplittableRandom(31L * id.publisher() + id.sequence()).nextBytes(body.array());
        body.putInt(0).putInt(id.publisher()).putInt(id.sequence());
        body.putInt(0, checksum(body.array()));
        return body.array();
    }

    /** The id in the body, or nothing if a bit of it is wrong. */
    static Optional<MessageId> read(byte[] octets) {
        ByteBuffer body = ByteBuffer.wrap(octets);
        if (octets.length < LEAST_BYTES || body.getInt() != checksum(octets)) {
            return Optional.empty();
        }
        return Optional.of(new MessageId(body.getInt(), body.getInt()));
    }

    private static int checksum(byte[] octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets, CRC_BYTES, octets.length - CRC_BYTES);
        return (int) crc.getValue();
    }
}
