package io.chasqui.core.store;

import io.chasqui.core.time.Durations;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a log has done since it was opened, for a metrics module to poll. A poller may see a value
 * that is a moment old.
 */
public final class LogCounters {

    // under the append lock; plain, because every append pays for them
    long appendedRecords;
    long appendedBytes;

    // by the flusher
    final AtomicLong commits = new AtomicLong();
    final AtomicLong syncs = new AtomicLong();
    final AtomicLong syncNs = new AtomicLong();
    final AtomicLong lastCommitNs = new AtomicLong();
    final Durations commitDurations = new Durations(Durations.Scale.FINE);
    final AtomicLong writtenBytes = new AtomicLong();
    final AtomicLong spilledSegments = new AtomicLong();

    // by the reader; damage also by recovery and compaction
    final AtomicLong coldReads = new AtomicLong();
    final AtomicLong coldRecords = new AtomicLong();
    final AtomicLong damagedRecords = new AtomicLong();

    // by the housekeeper
    final AtomicLong compactedSegments = new AtomicLong();
    final AtomicLong reclaimedSegments = new AtomicLong();

    final AtomicLong segments = new AtomicLong();

    LogCounters() {}

    public long appendedRecords() {
        return appendedRecords;
    }

    /** Bytes of records with their headers and padding. */
    public long appendedBytes() {
        return appendedBytes;
    }

    /** Group commits: batches written, synced and made durable. */
    public long commits() {
        return commits.get();
    }

    public long syncs() {
        return syncs.get();
    }

    /** Nanoseconds spent in {@code fdatasync}. */
    public long syncNs() {
        return syncNs.get();
    }

    /** Nanoseconds of the last commit, from its first write to the end of its sync. */
    public long lastCommitNs() {
        return lastCommitNs.get();
    }

    /** Of each commit, from its first write to the end of its sync. */
    public Durations commitDurations() {
        return commitDurations;
    }

    public long writtenBytes() {
        return writtenBytes.get();
    }

    /** Transient segments that had to be written because they still held live messages. */
    public long spilledSegments() {
        return spilledSegments.get();
    }

    /** Reads from disk, each of one or more neighbouring records. */
    public long coldReads() {
        return coldReads.get();
    }

    public long coldRecords() {
        return coldRecords.get();
    }

    /** Records and ranges found damaged, at recovery or by a read. */
    public long damagedRecords() {
        return damagedRecords.get();
    }

    public long compactedSegments() {
        return compactedSegments.get();
    }

    public long reclaimedSegments() {
        return reclaimedSegments.get();
    }

    /** Segments the log consists of now. */
    public long segments() {
        return segments.get();
    }
}
