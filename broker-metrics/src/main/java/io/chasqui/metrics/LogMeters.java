package io.chasqui.metrics;

import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.LogCounters;
import io.micrometer.core.instrument.Tags;

/** What one of the two logs did. */
final class LogMeters {

    private static final double NS_PER_SECOND = 1e9;

    private LogMeters() {}

    static void bind(Meters to, String name, CommitLog log) {
        Tags tags = Tags.of("log", name);
        LogCounters counters = log.counters();
        to.counter(
                "chasqui_log_appended_records",
                "Records appended: messages, acknowledgements, definitions",
                tags,
                counters::appendedRecords);
        to.counter(
                "chasqui_log_appended_bytes",
                "Bytes of records appended, headers and padding included",
                tags,
                counters::appendedBytes);
        to.counter(
                "chasqui_log_written_bytes",
                "Bytes written to segment files",
                tags,
                counters::writtenBytes);
        to.counter("chasqui_log_commits", "Group commits", tags, counters::commits);
        to.counter("chasqui_log_syncs", "Calls of fdatasync", tags, counters::syncs);
        to.counter(
                "chasqui_log_sync_seconds",
                "Time spent in fdatasync",
                tags,
                () -> counters.syncNs() / NS_PER_SECOND);
        to.gauge("chasqui_log_segments", "Segments there are now", tags, counters::segments);
        to.counter(
                "chasqui_log_segments_reclaimed",
                "Segments freed because nothing in them was needed",
                tags,
                counters::reclaimedSegments);
        to.counter(
                "chasqui_log_segments_compacted",
                "Segments rewritten without what was not needed",
                tags,
                counters::compactedSegments);
        to.counter(
                "chasqui_log_segments_spilled",
                "Segments of the transient log that had to leave memory",
                tags,
                counters::spilledSegments);
        to.counter(
                "chasqui_log_cold_reads",
                "Reads of messages that had left memory",
                tags,
                counters::coldReads);
        to.counter(
                "chasqui_log_cold_records",
                "Messages read that had left memory",
                tags,
                counters::coldRecords);
        to.counter(
                "chasqui_log_damaged_records",
                "Records found damaged, at recovery or by a read",
                tags,
                counters::damagedRecords);
        to.gauge(
                "chasqui_log_failed",
                "1 if the log's disk failed: nothing is confirmed any more",
                tags,
                () -> log.failure() == null ? 0 : 1);
    }
}
