package io.chasqui.core.store;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One segment of the log as the log remembers it: how many live references point into it and what
 * its file is.
 *
 * <pre>
 *   durable log:     FILLING --rolled--> COMPLETE --compacted--> COMPACTED
 *   transient log:   FILLING --spilled--> SPILLED     (has no file until then)
 * </pre>
 */
final class Segment {

    enum State {
        FILLING,
        COMPLETE,
        COMPACTED,
        SPILLED
    }

    final long number;

    /** References of queues to records in here; the segment is dead at 0. */
    final AtomicInteger live = new AtomicInteger();

    private volatile State state = State.FILLING;
    private volatile long fileBytes;

    // under the append lock until complete, then constant
    private long references;
    private long referencedBytes;

    Segment(long number) {
        this.number = number;
    }

    State state() {
        return state;
    }

    long fileBytes() {
        return fileBytes;
    }

    void become(State next, long bytesOnDisk) {
        fileBytes = bytesOnDisk;
        state = next;
    }

    /** Counts a record appended with {@code refs} live references; under the append lock. */
    void appended(int refs, int bytes) {
        if (refs > 0) {
            live.addAndGet(refs);
            references += refs;
            referencedBytes += bytes;
        }
    }

    /**
     * Estimated bytes of the records that are still live: what a compaction would keep. Fan-out
     * makes it too large, never too small by much.
     */
    long liveBytes(long usualRecordBytes) {
        long each = references == 0 ? usualRecordBytes : Math.max(1, referencedBytes / references);
        return Math.max(0, live.get()) * each;
    }
}
