package io.chasqui.core.store;

import io.chasqui.core.time.Clock;

/**
 * What the parts of one log share.
 *
 * @param instanceId the data directory's, which may not be the one in {@code options}
 */
record LogContext(
        LogDirectory directory,
        StoreOptions options,
        Clock clock,
        LogGeometry geometry,
        long instanceId,
        LogCounters counters,
        SegmentTable segments,
        SegmentFiles files,
        LogListeners listeners) {

    static LogContext of(
            LogDirectory directory,
            StoreOptions options,
            Clock clock,
            LogGeometry geometry,
            long instanceId) {
        LogCounters counters = new LogCounters();
        return new LogContext(
                directory,
                options,
                clock,
                geometry,
                instanceId,
                counters,
                new SegmentTable(counters),
                new SegmentFiles(directory, options.openFiles()),
                new LogListeners());
    }

    /** The header of a segment written from now on. */
    SegmentHeader header(long segment) {
        return SegmentHeader.plain(geometry.segmentBits(), segment, clock.wallMs(), instanceId);
    }
}
