package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes one checkpoint into a temporary file; {@link #commit} puts it in the place of the older of
 * the two on disk. Closing it without a commit leaves those untouched. For one thread at a time.
 */
public final class CheckpointWriter implements AutoCloseable {

    private enum State {
        WRITING,
        COMMITTED,
        CLOSED
    }

    private final CheckpointStore store;
    private final DiskFile file;
    private final long sequence;
    private final ByteBuffer buffer;
    private final CRC32C crc = new CRC32C();
    private State state = State.WRITING;
    private int sections;
    private long written;

    CheckpointWriter(CheckpointStore store, DiskFile file, ByteBuffer buffer, long sequence) {
        this.store = store;
        this.file = file;
        this.sequence = sequence;
        this.buffer = buffer.clear();
        buffer.put(CheckpointFormat.header(sequence));
    }

    /** Higher than that of every checkpoint before. */
    public long sequence() {
        return sequence;
    }

    /**
     * Adds a section.
     *
     * @param type at least 1; a type may come several times
     * @param payload all its remaining bytes; its position and limit stay
     * @throws StoreException if it could not be written; the writer can then only be closed
     */
    public void section(int type, ByteBuffer payload) {
        if (type <= CheckpointFormat.TRAILER) {
            throw new IllegalArgumentException("section type " + type);
        }
        try {
            append(type, payload);
            sections++;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** {@link #commit(long, boolean)} of a broker that goes on running. */
    public void commit(long replayFrom) {
        commit(replayFrom, false);
    }

    /**
     * Completes the checkpoint: when this returns it survives a power cut and is the newest.
     *
     * @param replayFrom position in the log from which recovery must replay on top of it
     * @param clean whether the broker appends nothing after {@code replayFrom}, because it shuts
     *     down
     * @throws StoreException if that failed; the checkpoints that were on disk are still valid
     */
    public void commit(long replayFrom, boolean clean) {
        ByteBuffer trailer = ByteBuffer.allocate(CheckpointFormat.TRAILER_BYTES);
        long size =
                written
                        + buffer.position()
                        + CheckpointFormat.SECTION_HEADER_BYTES
                        + CheckpointFormat.TRAILER_BYTES;
        trailer.putInt(sections).putInt(clean ? 1 << 24 : 0).putLong(size);
        trailer.putLong(replayFrom).putLong(sequence).flip();
        try {
            append(CheckpointFormat.TRAILER, trailer);
            flush();
            file.sync();
            file.close();
            store.install(sequence, replayFrom, clean);
            state = State.COMMITTED;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void append(int type, ByteBuffer payload) throws IOException {
        if (state != State.WRITING) {
            throw new IllegalStateException("checkpoint " + sequence + " is " + state);
        }
        CheckpointFormat.beginCrc(crc, sequence, type, payload.remaining());
        crc.update(payload.duplicate());
        if (buffer.remaining() < CheckpointFormat.SECTION_HEADER_BYTES) {
            flush();
        }
        buffer.putInt(type).putInt(payload.remaining()).putInt((int) crc.getValue());
        ByteBuffer rest = payload.duplicate();
        while (rest.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int bytes = Math.min(rest.remaining(), buffer.remaining());
            buffer.put(rest.slice(rest.position(), bytes));
            rest.position(rest.position() + bytes);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        int bytes = buffer.remaining();
        file.write(buffer, written);
        written += bytes;
        buffer.clear();
    }

    private StoreException failed(IOException e) {
        close();
        return new StoreException("cannot write checkpoint " + sequence + ": " + e, e);
    }

    /** Throws the checkpoint away unless it was committed. */
    @Override
    public void close() {
        if (state == State.WRITING) {
            state = State.CLOSED;
            store.abandon(file);
        }
    }
}
