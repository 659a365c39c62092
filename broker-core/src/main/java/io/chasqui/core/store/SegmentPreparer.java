package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the next segment file ready before the log needs it: recycled from a dead segment, else
 * filled with zeros, because overwriting blocks that exist makes a sync twice as fast as growing a
 * file and cannot run out of space. Besides the next one it keeps a spare in reserve, so that
 * settlements can still be written for a while when the disk is full.
 *
 * <p>Nothing is prepared while the segment in use is still nearly empty: a broker that hardly
 * writes should not fill 128 MiB with zeros at every first start.
 *
 * <p>A file is called {@code N.log} only while its header says N: it gets the name after the header
 * was synced, and loses it, durably, before the header changes. A spare keeps the header it had, so
 * that a start after a crash knows every number that was ever in use and gives none out again.
 */
final class SegmentPreparer implements StepThread.Step {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentPreparer.class);

    private static final int RESERVED_SPARES = 1;

    /**
     * Header and start of the first records; zeroed so that an unused segment shows at a glance.
     */
    static final int FIRST_PAGE_BYTES = 4096;

    private static final String TOO_FULL = "less space left on the disk than a segment takes";

    private static final long RETRY_NS = 1_000_000_000;

    private record Prepared(long number, DiskFile file) {}

    private final LogContext context;
    private final LogDirectory directory;
    private final LogGeometry geometry;
    private final StepThread thread = new StepThread("log-preparer", this);
    private final Deque<Long> spares = new ArrayDeque<>();
    private long lastSpare;
    private long lastTaken;
    private @Nullable Prepared next;

    // by the preparer's own thread
    private @Nullable SegmentFill filling;
    private long fillingSpare;

    private volatile boolean wanted;
    private volatile @Nullable String trouble;
    private boolean closed;
    private @Nullable IOException failedSync;
    private Runnable onPrepared = () -> {};

    /**
     * @param lastNumber the number before the first that will be asked for
     * @param spares numbers of the spare files there are, ascending
     */
    SegmentPreparer(LogContext context, long lastNumber, List<Long> spares) {
        this.context = context;
        this.directory = context.directory();
        this.geometry = context.geometry();
        this.lastTaken = lastNumber;
        this.spares.addAll(spares);
        this.lastSpare = spares.isEmpty() ? 0 : spares.getLast();
    }

    /** Whether there is no room for another segment: publishers should stop. */
    boolean starved() {
        return trouble != null;
    }

    /** Why there is no room. */
    @Nullable String trouble() {
        return trouble;
    }

    void start() {
        thread.start();
    }

    void onPrepared(Runnable listener) {
        onPrepared = listener;
    }

    /** Says that the segment in use is filling up. */
    void want() {
        if (!wanted) {
            wanted = true;
            thread.wake();
        }
    }

    /**
     * The file of the next segment, its header synced and its name durable. If none is prepared,
     * one is made on the spot, but not filled: waiting for that would hold up the commits.
     *
     * @return null if the disk has no room for it
     * @throws IOException if a sync failed, now or on the preparer's own thread: what it was to
     *     make durable may be lost although the next sync succeeds
     */
    synchronized @Nullable DiskFile take(long number) throws IOException {
        try {
            Prepared taken = next;
            if (taken == null && (!spares.isEmpty() || addUnfilledSpare())) {
                taken = fromSpare(number);
            }
            if (taken == null || taken.number != number) {
                trouble = TOO_FULL;
                return null;
            }
            next = null;
            lastTaken = number;
            wanted = false;
            return taken.file;
        } catch (IOException e) {
            if (failedSync != null) {
                throw failedSync;
            }
            refuse("the next segment", e);
            return null;
        }
    }

    @Override
    public long step() {
        if (!wanted) {
            return NOTHING_DUE;
        }
        try {
            if (!prepared()) {
                return fillSpare() ? 0 : SegmentFill.PAUSE_NS;
            }
            if (trouble != null) {
                trouble = null;
                LOG.info("room for new segments in {} again", directory.path());
            }
            onPrepared.run();
            return NOTHING_DUE;
        } catch (IOException e) {
            refuse("a segment ahead", e);
            return RETRY_NS;
        }
    }

    /** Whether nothing is missing; makes what it can of the spares there are. */
    private synchronized boolean prepared() throws IOException {
        if (next == null && !closed) {
            next = fromSpare(lastTaken + 1);
        }
        return closed || (next != null && spares.size() >= RESERVED_SPARES);
    }

    /** Outside the monitor, so that the flusher never waits for it; whether a spare is complete. */
    private boolean fillSpare() throws IOException {
        SegmentFill current = filling;
        if (current == null) {
            if (directory.disk().usableBytes() < geometry.segmentBytes()) {
                throw new IOException(TOO_FULL);
            }
            current = startFilling();
        }
        try {
            if (!current.step()) {
                return false;
            }
            filling = null;
        } catch (IOException e) {
            filling = null;
            current.abandon();
            throw e;
        }
        directory.sync();
        synchronized (this) {
            spares.add(fillingSpare);
        }
        return true;
    }

    private synchronized SegmentFill startFilling() throws IOException {
        fillingSpare = ++lastSpare;
        filling =
                new SegmentFill(
                        directory.disk(), directory.spare(fillingSpare), geometry.segmentBytes());
        return filling;
    }

    /** Takes the file of a dead segment: for reuse while spares are few, else deletes it. */
    synchronized void retire(long number, boolean reusable) throws IOException {
        if (reusable && spares.size() < context.options().keptSpares() && !closed) {
            long spare = ++lastSpare;
            directory.disk().rename(directory.segment(number), directory.spare(spare));
            syncOrFail(directory::sync); // before its header may change
            spares.add(spare);
            thread.wake(); // it may have waited for room
        } else {
            directory.disk().delete(directory.segment(number));
            syncOrFail(directory::sync);
        }
    }

    void close() throws IOException {
        thread.stop();
        closeFiles();
    }

    private synchronized void closeFiles() throws IOException {
        closed = true;
        if (filling != null) {
            filling.abandon();
            filling = null;
        }
        if (next != null) {
            next.file.close();
            next = null;
        }
    }

    private @Nullable Prepared fromSpare(long number) throws IOException {
        Long spare = spares.peek();
        if (spare == null) {
            return null;
        }
        String path = directory.spare(spare);
        spares.remove(); // used or, if anything fails, given up
        DiskFile file = directory.disk().open(path);
        try {
            ByteBuffer page = ByteBuffer.allocateDirect(firstPageBytes());
            context.header(number).put(page, 0);
            file.write(page, 0);
            syncOrFail(file::sync);
            directory.disk().rename(path, directory.segment(number));
            syncOrFail(directory::sync);
            return new Prepared(number, file);
        } catch (IOException e) {
            file.close();
            directory.disk().delete(path);
            throw e;
        }
    }

    private interface Sync {
        void run() throws IOException;
    }

    private void syncOrFail(Sync sync) throws IOException {
        try {
            sync.run();
        } catch (IOException e) {
            failedSync = e;
            throw e;
        }
    }

    private int firstPageBytes() {
        return Math.min(FIRST_PAGE_BYTES, geometry.segmentBytes());
    }

    private boolean addUnfilledSpare() throws IOException {
        if (directory.disk().usableBytes() < geometry.segmentBytes()) {
            return false;
        }
        long spare = ++lastSpare;
        directory.disk().create(directory.spare(spare)).close();
        spares.add(spare);
        return true;
    }

    private void refuse(String what, IOException cause) {
        if (trouble == null) {
            LOG.warn("cannot prepare {} in {}: {}", what, directory.path(), cause.toString());
        }
        trouble = cause.toString();
    }
}
