package io.chasqui.embedded;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file that is in memory only. What was never written takes no memory, since the
 * broker makes its files large long before it fills them.
 */
final class MemoryFile {

    private static final int CHUNK = 64 * 1024;

    private @Nullable byte[][] chunks = new byte[16][];
    private long size;

    synchronized long size() {
        return size;
    }

    /** Reads until {@code target} is full or the file ends; returns the bytes read. */
    synchronized int read(ByteBuffer target, long position) {
        int wanted = Math.clamp(size - position, 0, target.remaining());
        int read = 0;
        while (read < wanted) {
            long at = position + read;
            int within = (int) (at % CHUNK);
            int some = Math.min(wanted - read, CHUNK - within);
            byte[] chunk = chunk(at);
            target.put(chunk == null ? new byte[CHUNK] : chunk, within, some);
            read += some;
        }
        return read;
    }

    private byte @Nullable [] chunk(long at) {
        int index = (int) (at / CHUNK);
        return index < chunks.length ? chunks[index] : null;
    }

    /** Writes all remaining bytes of {@code source}. */
    synchronized void write(ByteBuffer source, long position) {
        long at = position;
        while (source.hasRemaining()) {
            int within = (int) (at % CHUNK);
            int some = Math.min(source.remaining(), CHUNK - within);
            source.get(chunkOrNew(at), within, some);
            at += some;
        }
        size = Math.max(size, at);
    }

    private byte[] chunkOrNew(long at) {
        int index = (int) (at / CHUNK);
        if (index >= chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(index + 1, chunks.length * 2));
        }
        byte[] chunk = chunks[index];
        if (chunk == null) {
            chunk = new byte[CHUNK];
            chunks[index] = chunk;
        }
        return chunk;
    }

    /** Cuts, or extends with zeros. */
    synchronized void truncate(long bytes) {
        for (int i = 0; i < chunks.length; i++) {
            long from = (long) i * CHUNK;
            byte[] chunk = chunks[i];
            if (chunk != null && from + CHUNK > bytes) {
                if (from >= bytes) {
                    chunks[i] = null;
                } else {
                    Arrays.fill(chunk, (int) (bytes - from), CHUNK, (byte) 0);
                }
            }
        }
        size = bytes;
    }
}
