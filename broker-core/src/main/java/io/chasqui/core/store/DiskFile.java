package io.chasqui.core.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open data file with positional reads and writes; safe for use by several threads. */
public interface DiskFile extends Closeable {

    /** Reads from {@code position} until {@code target} is full or the file ends; returns the bytes read, 0 at the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all remaining bytes of {@code source} at {@code position}. */
    void write(ByteBuffer source, long position) throws IOException;

    /** {@code fdatasync}: what was written before this call survives a power cut once it returns. */
    void sync() throws IOException;

    /** Current size in bytes. */
    long size() throws IOException;

    /** Cuts or extends (with zeros) to {@code bytes}. */
    void truncate(long bytes) throws IOException;

    @Override
    void close() throws IOException;
}
