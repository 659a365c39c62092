package io.chasqui.core.store;

import io.chasqui.core.time.Clock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Makes room in the transient log's ring. Nothing is written until half the ring is in use; then its
 * oldest segment goes: forgotten if no live reference points into it, else written to a file of its
 * own, which is deleted once the last such reference is gone. Never synced: these files mean nothing
 * to the next start.
 *
 * <p>In this log, {@code written} means "spilled or forgotten".
 */
final class TransientSpiller implements LogWriter {

    private static final Logger LOG = LoggerFactory.getLogger(TransientSpiller.class);

    private static final long RETRY_NS = 1_000_000_000;

    private final LogGeometry geometry;
    private final long instanceId;
    private final LogDirectory directory;
    private final AppendRing ring;
    private final SegmentTable segments;
    private final SegmentFiles files;
    private final RingWriter writer;
    private final Clock clock;
    private final LogCounters counters;
    private final Runnable onProgress;
    private volatile boolean starved;

    TransientSpiller(
            LogGeometry geometry,
            long instanceId,
            LogDirectory directory,
            AppendRing ring,
            SegmentTable segments,
            SegmentFiles files,
            Clock clock,
            LogCounters counters,
            Runnable onProgress) {
        this.geometry = geometry;
        this.instanceId = instanceId;
        this.directory = directory;
        this.ring = ring;
        this.segments = segments;
        this.files = files;
        this.writer = new RingWriter(geometry, ring.buffer(), instanceId);
        this.clock = clock;
        this.counters = counters;
        this.onProgress = onProgress;
    }

    @Override
    public boolean wanted() {
        return halfFull() && (!starved || oldestIsDead());
    }

    private boolean halfFull() {
        return ring.tail() - ring.written() > geometry.ringBytes() / 2;
    }

    /** With the disk full, there is no use in trying again on every tick. */
    private boolean oldestIsDead() {
        Segment oldest = segments.get(geometry.segment(ring.written()));
        return oldest == null || oldest.live.get() <= 0;
    }

    @Override
    public boolean starved() {
        return starved;
    }

    @Override
    public long step() {
        if (!halfFull()) {
            return NOTHING_DUE;
        }
        try {
            forgetDeadFiles();
            makeRoom();
            starved = false;
            onProgress.run();
            return 0;
        } catch (IOException e) {
            if (!starved) {
                LOG.warn(
                        "cannot spill transient messages to {}: {}",
                        directory.path(),
                        e.toString());
            }
            starved = true;
            return RETRY_NS;
        }
    }

    @Override
    public boolean runOnce() {
        long before = ring.written();
        step();
        return ring.written() != before;
    }

    private void makeRoom() throws IOException {
        long from = ring.written();
        long number = geometry.segment(from);
        Segment segment = segments.get(number);
        if (segment != null && segment.live.get() > 0) {
            spill(segment, from);
        } else if (segment != null) {
            segments.remove(segment);
        }
        ring.durable(geometry.firstRecord(number + 1));
        ring.written(geometry.firstRecord(number + 1));
    }

    private void spill(Segment segment, long from) throws IOException {
        String path = directory.segment(segment.number);
        try (DiskFile file = directory.disk().create(path)) {
            ByteBuffer header = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
            SegmentHeader.plain(geometry.segmentBits(), segment.number, clock.wallMs(), instanceId)
                    .put(header, 0);
            file.write(header, 0);
            long end = writer.write(file, from, ring.tail());
            counters.writtenBytes.addAndGet(end - from);
        } catch (IOException e) {
            directory.disk().delete(path);
            throw e;
        }
        segment.become(Segment.State.SPILLED, geometry.segmentBytes());
        counters.spilledSegments.incrementAndGet();
    }

    /** Deletes the files of spilled segments that died since. */
    int forgetDeadFiles() throws IOException {
        int deleted = 0;
        for (Segment segment : segments.all()) {
            if (segment.state() == Segment.State.SPILLED && segment.live.get() <= 0) {
                segments.remove(segment);
                files.forget(segment.number);
                directory.disk().delete(directory.segment(segment.number));
                counters.reclaimedSegments.incrementAndGet();
                deleted++;
            }
        }
        return deleted;
    }

    /** Writes nothing: what is in the ring was not to survive. */
    @Override
    public void close() {
        @Nullable IOException ignored = deleteSpilled();
        if (ignored != null) {
            LOG.warn("transient segments remain in {}: {}", directory.path(), ignored.toString());
        }
    }

    private @Nullable IOException deleteSpilled() {
        try {
            for (long number : directory.contents().segments()) {
                files.forget(number);
                directory.disk().delete(directory.segment(number));
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }
}
