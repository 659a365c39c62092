package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Reads one checkpoint, section by section:
 *
 * <pre>{@code
 * while (reader.next()) {
 *     switch (reader.type()) { ... reader.payload() ... }
 * }
 * }</pre>
 *
 * For one thread.
 */
public final class CheckpointReader implements AutoCloseable {

    private final CheckpointStore.Mark mark;
    private final DiskFile file;
    private final long fileBytes;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CheckpointFormat.BUFFER_BYTES);
    private final ByteBuffer header = ByteBuffer.allocate(CheckpointFormat.SECTION_HEADER_BYTES);
    private ByteBuffer payload = ByteBuffer.allocate(0);
    private long nextRead = CheckpointFormat.HEADER_BYTES;
    private int type;

    CheckpointReader(CheckpointStore.Mark mark, DiskFile file) throws IOException {
        this.mark = mark;
        this.file = file;
        this.fileBytes = file.size();
        buffer.flip();
    }

    public long sequence() {
        return mark.sequence();
    }

    /** Position in the log from which to replay on top of this checkpoint. */
    public long replayFrom() {
        return mark.replayFrom();
    }

    /**
     * Whether it was taken at shutdown, after the last append. A broker that started from it and
     * crashed before its next checkpoint has appended since: the end of the log tells.
     */
    public boolean clean() {
        return mark.clean();
    }

    /**
     * Moves on to the next section.
     *
     * @return false behind the last one
     * @throws StoreException if it cannot be read or does not verify
     */
    public boolean next() {
        try {
            read(header.clear());
            type = header.getInt(0);
            int length = header.getInt(4);
            if (length < 0 || length > fileBytes - position()) {
                throw damaged("a section has " + length + " bytes");
            }
            payload = payload.capacity() < length ? ByteBuffer.allocate(length) : payload.clear();
            read(payload.limit(length));
        } catch (IOException e) {
            throw new StoreException("cannot read %s: %s".formatted(mark.path(), e), e);
        }
        payload.flip();
        CheckpointFormat.beginCrc(crc, mark.sequence(), type, payload.remaining());
        crc.update(payload);
        payload.rewind();
        if (header.getInt(8) != (int) crc.getValue()) {
            throw damaged("the checksum of a section does not match");
        }
        return type != CheckpointFormat.TRAILER;
    }

    /** Fills {@code target}. */
    private void read(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                nextRead += file.read(buffer.clear(), nextRead);
                if (!buffer.flip().hasRemaining()) {
                    throw damaged("the file ends too early");
                }
            }
            int bytes = Math.min(target.remaining(), buffer.remaining());
            target.put(buffer.slice(buffer.position(), bytes));
            buffer.position(buffer.position() + bytes);
        }
    }

    private long position() {
        return nextRead - buffer.remaining();
    }

    private StoreException damaged(String what) {
        return new StoreException(
                mark.path() + " is damaged before offset " + position() + ": " + what);
    }

    /** Type of the section that {@link #next} moved to. */
    public int type() {
        return type;
    }

    /** Its bytes; valid until the next call of {@link #next}. */
    public ByteBuffer payload() {
        return payload;
    }

    /**
     * Reads to the end and returns what the trailer says.
     *
     * @throws StoreException if anything in the checkpoint does not verify
     */
    CheckpointStore.Mark verify() {
        int sections = 0;
        while (next()) {
            sections++;
        }
        boolean complete =
                payload.remaining() == CheckpointFormat.TRAILER_BYTES
                        && payload.getInt(0) == sections
                        && payload.getLong(8) == position()
                        && position() == fileBytes
                        && payload.getLong(24) == mark.sequence();
        if (!complete) {
            throw damaged("the trailer does not match the sections");
        }
        return new CheckpointStore.Mark(
                mark.path(), mark.sequence(), payload.getLong(16), payload.get(4) != 0);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new StoreException("cannot close %s: %s".formatted(mark.path(), e), e);
        }
    }
}
