package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The filling of a new file with zeros, a piece at a time and each synced at once: so it never
 * piles up in front of a commit's sync, and leaves the disk to the commits in between.
 */
final class SegmentFill {

    /** Between two pieces. A log that is filled faster than this gets its segments unfilled. */
    static final long PAUSE_NS = 4_000_000;

    private static final int PIECE_BYTES = 1 << 20;

    private final Disk disk;
    private final String path;
    private final DiskFile file;
    private final int bytes;
    private final ByteBuffer zeros;
    private int at;

    SegmentFill(Disk disk, String path, int bytes) throws IOException {
        this.disk = disk;
        this.path = path;
        this.bytes = bytes;
        this.zeros = ByteBuffer.allocateDirect(Math.min(PIECE_BYTES, bytes));
        this.file = disk.create(path);
    }

    /** Writes the next piece; whether it was the last. */
    boolean step() throws IOException {
        file.write(zeros.clear(), at);
        file.sync();
        at += zeros.capacity();
        if (at < bytes) {
            return false;
        }
        file.close();
        return true;
    }

    void abandon() throws IOException {
        file.close();
        disk.delete(path);
    }
}
