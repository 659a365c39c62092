package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room in the transient log's ring. Nothing is written until half the ring is in use; then
 * its oldest segment goes: forgotten if no live reference points into it, else written to a file of
 * its own, which is deleted once the last such reference is gone. Never synced: these files mean
 * nothing to the next start.
 *
 * <p>In this log, {@code written} means "spilled or forgotten".
 */
final class TransientSpiller implements LogWriter {

    private static final Logger LOG = LoggerFactory.getLogger(TransientSpiller.class);

    private static final long RETRY_NS = 1_000_000_000;

    private final LogContext context;
    private final LogGeometry geometry;
    private final LogDirectory directory;
    private final SegmentTable segments;
    private final LogCounters counters;
    private final AppendRing ring;
    private final RingWriter writer;
    private final StepThread thread = new StepThread("log-spiller", this);
    private volatile boolean starved;

    TransientSpiller(LogContext context, AppendRing ring) {
        this.context = context;
        this.geometry = context.geometry();
        this.directory = context.directory();
        this.segments = context.segments();
        this.counters = context.counters();
        this.ring = ring;
        this.writer = new RingWriter(geometry, ring.buffer(), context.instanceId());
        ring.onFull(thread::wake);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public boolean wake() {
        return thread.wake();
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

    /**
     * Congested at three quarters: the spiller begins at half, and is given the quarter between.
     */
    @Override
    public long pendingBytes() {
        return ring.tail() - ring.written() - geometry.ringBytes() / 4;
    }

    @Override
    public void prepareOnce() {}

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
            free(segments.all().stream().map(segment -> segment.number).toList());
            makeRoom();
            starved = false;
            context.listeners().progressed();
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
            context.header(segment.number).put(header, 0);
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
    @Override
    public int free(List<Long> dead) throws IOException {
        int deleted = 0;
        for (long number : dead) {
            Segment segment = segments.get(number);
            if (segment != null
                    && segment.state() == Segment.State.SPILLED
                    && segment.live.get() <= 0) {
                segments.remove(segment);
                context.files().forget(segment.number);
                directory.disk().delete(directory.segment(segment.number));
                counters.reclaimedSegments.incrementAndGet();
                deleted++;
            }
        }
        return deleted;
    }

    /** Writes nothing, and deletes what was spilled: it was not to outlive the broker. */
    @Override
    public void close() throws IOException {
        thread.stop();
        for (long number : directory.contents().segments()) {
            context.files().forget(number);
            directory.disk().delete(directory.segment(number));
        }
    }
}
