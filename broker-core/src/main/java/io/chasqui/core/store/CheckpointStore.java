package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two checkpoints on disk, {@code checkpoint/ckpt-A} and {@code ckpt-B}, written in turn so that
 * the newest valid one is never touched. See {@link CheckpointFormat} for the bytes.
 *
 * <p>A new one is written to {@code checkpoint/ckpt.tmp}, synced, renamed over the older of the two,
 * and the directory synced. Both are verified when the store is opened; a damaged one is reported
 * and counts as absent. For one thread at a time.
 */
public final class CheckpointStore {

    private static final Logger log = LoggerFactory.getLogger(CheckpointStore.class);

    private static final String PATH_A = CheckpointFormat.DIRECTORY + "/ckpt-A";
    private static final String PATH_B = CheckpointFormat.DIRECTORY + "/ckpt-B";
    private static final String TEMPORARY = CheckpointFormat.DIRECTORY + "/ckpt.tmp";

    /** A valid checkpoint: where it is, and what its trailer says. */
    record Mark(String path, long sequence, long replayFrom, boolean clean) {}

    private final Disk disk;
    private final ByteBuffer writeBuffer = ByteBuffer.allocateDirect(CheckpointFormat.BUFFER_BYTES);
    private @Nullable Mark newest;
    private @Nullable Mark older;
    private @Nullable String damage;
    private long highestSequence;

    /**
     * Opens the directory, creating it if absent, and verifies what is in it.
     *
     * @throws StoreException if a checkpoint is of a version this release does not know
     */
    public CheckpointStore(Disk disk) {
        this.disk = disk;
        try {
            disk.makeDirectory(CheckpointFormat.DIRECTORY);
            disk.delete(TEMPORARY);
        } catch (IOException e) {
            throw new StoreException("cannot open " + CheckpointFormat.DIRECTORY + ": " + e, e);
        }
        add(verified(PATH_A));
        add(verified(PATH_B));
    }

    private void add(@Nullable Mark mark) {
        if (mark == null) {
            return;
        }
        Mark first = newest;
        if (first == null || first.sequence() < mark.sequence()) {
            older = first;
            newest = mark;
        } else {
            older = mark;
        }
    }

    private @Nullable Mark verified(String path) {
        try {
            if (!disk.exists(path)) {
                return null;
            }
            DiskFile file = disk.open(path);
            ByteBuffer header = ByteBuffer.allocate(CheckpointFormat.HEADER_BYTES);
            int read = file.read(header, 0);
            long sequence =
                    read < CheckpointFormat.HEADER_BYTES
                            ? 0
                            : CheckpointFormat.sequence(header, path);
            if (sequence == 0) {
                file.close();
                return damaged(path + " is damaged: no intact header");
            }
            highestSequence = Math.max(highestSequence, sequence);
            return verified(new Mark(path, sequence, 0, false), file);
        } catch (IOException e) {
            return damaged("cannot read " + path + ": " + e);
        }
    }

    private @Nullable Mark verified(Mark header, DiskFile file) throws IOException {
        try (CheckpointReader reader = new CheckpointReader(header, file)) {
            return reader.verify();
        } catch (StoreException e) {
            return damaged(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Mark damaged(String what) {
        damage = damage == null ? what : damage + "; " + what;
        log.warn("Checkpoint left out: {}", what);
        return null;
    }

    /** What was found damaged when the store was opened, for the operator. */
    public Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /** Opens the newest valid checkpoint; empty if there is none. */
    public Optional<CheckpointReader> newest() {
        Mark mark = newest;
        if (mark == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CheckpointReader(mark, disk.open(mark.path())));
        } catch (IOException e) {
            throw new StoreException("cannot open " + mark.path() + ": " + e, e);
        }
    }

    /**
     * Position in the log from which the older valid checkpoint is replayed; below it nothing in the
     * log is needed for recovery, even if the newest checkpoint turns out damaged. 0 as long as there
     * are not two.
     */
    public long olderReplayFrom() {
        return older == null ? 0 : older.replayFrom();
    }

    /** Begins a checkpoint; an earlier writer must be committed or closed. */
    public CheckpointWriter begin() {
        try {
            disk.delete(TEMPORARY);
            DiskFile file = disk.create(TEMPORARY);
            return new CheckpointWriter(this, file, writeBuffer, ++highestSequence);
        } catch (IOException e) {
            throw new StoreException("cannot create " + TEMPORARY + ": " + e, e);
        }
    }

    /** Puts the synced temporary file in its place. */
    void install(long sequence, long replayFrom, boolean clean) throws IOException {
        Mark last = newest;
        String path = last != null && last.path().equals(PATH_A) ? PATH_B : PATH_A;
        disk.rename(TEMPORARY, path);
        disk.syncDirectory(CheckpointFormat.DIRECTORY);
        older = last;
        newest = new Mark(path, sequence, replayFrom, clean);
    }

    /** Removes the temporary file of a checkpoint that will not be committed. */
    void abandon(DiskFile file) {
        try {
            file.close();
            disk.delete(TEMPORARY);
        } catch (IOException e) {
            log.debug("{} stays until the next start: {}", TEMPORARY, e.toString());
        }
    }
}
