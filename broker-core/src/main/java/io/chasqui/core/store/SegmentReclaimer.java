package io.chasqui.core.store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the disk space of segments back, on the housekeeper's thread.
 *
 * <p>A segment whose messages are all settled is reused or deleted, once it lies wholly below the
 * position that the older of the two checkpoints would have recovery read from. A segment that a few
 * unsettled messages pin is compacted: rewritten with these only. Their lsns stay.
 */
public final class SegmentReclaimer {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentReclaimer.class);

    /** Guess for a segment of an earlier life of which nobody counted the records. */
    private static final long USUAL_RECORD_BYTES = 1024;

    private final CommitLog log;
    private final LogGeometry geometry;

    private SegmentReclaimer(CommitLog log) {
        this.log = log;
        this.geometry = log.geometry();
    }

    public static SegmentReclaimer of(CommitLog log) {
        return new SegmentReclaimer(log);
    }

    /**
     * Frees the segments wholly below {@code replayFrom} that hold no live reference. In the
     * transient log, where nothing is ever replayed, pass {@code Long.MAX_VALUE}.
     *
     * @return how many were freed
     */
    public int reclaim(long replayFrom) {
        try {
            if (log.writer() instanceof TransientSpiller spiller) {
                return spiller.forgetDeadFiles();
            }
            int freed = 0;
            for (Segment segment : below(replayFrom)) {
                if (segment.live.get() <= 0) {
                    free(segment);
                    freed++;
                }
            }
            if (freed > 0) {
                log.wakePreparer();
            }
            return freed;
        } catch (IOException e) {
            throw new StoreException("cannot free segments: " + e, e);
        }
    }

    private void free(Segment segment) throws IOException {
        log.segments().remove(segment);
        boolean read = log.files().forget(segment.number);
        boolean whole =
                segment.state() == Segment.State.COMPLETE
                        && segment.fileBytes() == geometry.segmentBytes();
        SegmentPreparer preparer = log.preparer();
        if (preparer != null) {
            preparer.retire(segment.number, whole && !read);
        }
        log.counters().reclaimedSegments.incrementAndGet();
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
        for (Segment segment : log.segments().all()) {
            live += liveBytes(segment);
        }
        return diskShort || log.bytesOnDisk() > 2 * live + log.options().compactSlackBytes();
    }

    private long liveBytes(Segment segment) {
        long records = log.counters().appendedRecords();
        long usual = records == 0 ? USUAL_RECORD_BYTES : log.counters().appendedBytes() / records;
        return segment.liveBytes(usual);
    }

    /**
     * Rewrites a segment with the given records only.
     *
     * @param sortedLiveLsns all its PUBLISH and BODY_PART records that are live, ascending
     * @return bytes given back to the disk; 0 if the segment is gone or not complete
     */
    public long compact(long segmentNumber, long[] sortedLiveLsns) {
        Segment segment = log.segments().get(segmentNumber);
        if (segment == null || segment.state() == Segment.State.FILLING) {
            return 0;
        }
        try {
            long before = segment.fileBytes();
            long after = new SegmentCompaction(log, segmentNumber).run(sortedLiveLsns);
            log.files().forget(segmentNumber);
            segment.become(Segment.State.COMPACTED, after);
            log.counters().compactedSegments.incrementAndGet();
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
        long limit = Math.min(geometry.segment(replayFrom), geometry.segment(log.durable()));
        return log.segments().all().stream().filter(segment -> segment.number < limit).toList();
    }
}
