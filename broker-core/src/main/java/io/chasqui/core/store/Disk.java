package io.chasqui.core.store;

import java.io.IOException;
import java.util.List;

/**
 * The data directory as the store sees it: a port, so that a test can lose power between any two
 * writes. Paths are relative to the data directory, with {@code /} between their parts.
 *
 * <p>What survives a power cut: bytes of a file after {@link DiskFile#sync()}, and a created,
 * renamed or deleted name after {@link #syncDirectory}.
 */
public interface Disk {

    /** Opens an existing file for reading and writing; {@link java.nio.file.NoSuchFileException} if absent. */
    DiskFile open(String path) throws IOException;

    /** Creates an empty file; {@link java.nio.file.FileAlreadyExistsException} if it is there. */
    DiskFile create(String path) throws IOException;

    boolean exists(String path) throws IOException;

    /** Renames within this disk, replacing {@code to} if it is there, atomically. */
    void rename(String from, String to) throws IOException;

    /** Deletes the file; does nothing if it is absent. */
    void delete(String path) throws IOException;

    /** Creates the directory and its parents where absent. */
    void makeDirectory(String path) throws IOException;

    /** The names (not paths) of the files in a directory, sorted; empty if it does not exist. */
    List<String> list(String directory) throws IOException;

    /** Makes creations, renames and deletions in the directory durable. */
    void syncDirectory(String directory) throws IOException;

    /** Bytes this process could still write to the volume. */
    long usableBytes() throws IOException;

    /** Size of the volume in bytes. */
    long totalBytes() throws IOException;
}
