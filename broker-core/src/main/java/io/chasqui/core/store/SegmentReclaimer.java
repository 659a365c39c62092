package io.chasqui.core.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the disk space of segments back, on the housekeeper's thread.
 *
 * <p>A segment whose messages are all settled is reused or deleted, once it lies wholly below the
 * position that the older of the two checkpoints would have recovery read from. A segment that a
 * few unsettled messages pin is compacted: rewritten with these only. Their lsns stay.
 */
public final class SegmentReclaimer {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentReclaimer.class);

    /** Guess for a segment of an earlier life of which nobody counted the records. */
    private static final long USUAL_RECORD_BYTES = 1024;

    private final LogWriter writer;
    private final LogContext context;
    private final LogGeometry geometry;
    private final LogCounters counters;

    private SegmentReclaimer(CommitLog log) {
        this.writer = log.writer();
        this.context = log.context();
        this.geometry = context.geometry();
        this.counters = context.counters();
    }

    public static SegmentReclaimer of(CommitLog log) {
        return new SegmentReclaimer(log);
    }

    /**
     * The segments wholly below {@code replayFrom} that hold no live reference, oldest first. In
     * the transient log, where nothing is ever replayed, pass {@code Long.MAX_VALUE}.
     *
     * <p>Before these are freed, the settlements that killed them must be durable. A crash would
     * otherwise bring messages back whose bytes are gone.
     */
    public List<Long> deadSegments(long replayFrom) {
        long limit = geometry.segment(replayFrom);
        return context.segments().all().stream()
                .filter(segment -> segment.number < limit && segment.live.get() <= 0)
                .map(segment -> segment.number)
                .toList();
    }

    /**
     * Frees dead segments; one that is still written to is left out.
     *
     * @return how many were freed
     */
    public int free(List<Long> dead) {
        try {
            return writer.free(dead);
        } catch (IOException e) {
            throw new StoreException("cannot free segments: " + e, e);
        }
    }

    /**
     * Segments wholly below {@code replayFrom} of whose bytes at most the part {@code ratio} is
     * estimated to be live, oldest first. Those already as small as that makes them are left out.
     */
    public List<Long> sparseSegments(long replayFrom, double ratio) {
        List<Long> sparse = new ArrayList<>();
        for (Segment segment : below(replayFrom)) {
            if (segment.live.get() > 0 && liveBytes(segment) <= ratio * segment.fileBytes()) {
                sparse.add(segment.number);
            }
        }
        return sparse;
    }

    /** Whether dead records take more than their share of the disk, or it is getting full. */
    public boolean compactionDue(boolean diskShort) {
        long live = 0;
        long all = 0;
        for (Segment segment : context.segments().all()) {
            live += liveBytes(segment);
            all += segment.fileBytes();
        }
        return diskShort || all > 2 * live + context.options().compactSlackBytes();
    }

    private long liveBytes(Segment segment) {
        long records = counters.appendedRecords();
        long usual = records == 0 ? USUAL_RECORD_BYTES : counters.appendedBytes() / records;
        return segment.liveBytes(usual);
    }

    /**
     * Rewrites a segment with the given records only. The settlements of all others must be durable.
     *
     * @param sortedLiveLsns all its PUBLISH and BODY_PART records that are live, ascending
     * @return bytes given back to the disk; 0 if the segment is gone or not complete
     */
    public long compact(long segmentNumber, long[] sortedLiveLsns) {
        Segment segment = context.segments().get(segmentNumber);
        if (segment == null || segment.state() == Segment.State.FILLING) {
            return 0;
        }
        try {
            long before = segment.fileBytes();
            long after = new SegmentCompaction(context, segmentNumber).run(sortedLiveLsns);
            context.files().forget(segmentNumber);
            segment.become(Segment.State.COMPACTED, after);
            counters.compactedSegments.incrementAndGet();
            LOG.info(
                    "compacted segment {} to {} records, {} of {} bytes",
                    segmentNumber,
                    sortedLiveLsns.length,
                    after,
                    before);
            return before - after;
        } catch (IOException e) {
            throw new StoreException("cannot compact segment " + segmentNumber + ": " + e, e);
        }
    }

    private List<Segment> below(long replayFrom) {
        long limit = geometry.segment(replayFrom);
        return context.segments().all().stream()
                .filter(segment -> segment.number < limit)
                .filter(segment -> segment.state() != Segment.State.FILLING)
                .toList();
    }
}
