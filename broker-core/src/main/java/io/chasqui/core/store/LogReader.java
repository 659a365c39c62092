package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads records that have left the ring, on a thread of its own, so that no event loop ever waits
 * for the disk. Neighbours in a segment are fetched with one {@code pread} across small gaps.
 *
 * <p>Every record is verified. A damaged one is reported, counted and left out: the queue loses
 * that message and goes on. One whose segment is not there is for its queue to tell: nobody may want
 * it any more.
 */
public final class LogReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    /** Bytes worth reading for nothing to save a system call. */
    private static final int MAX_GAP_BYTES = 16 << 10;

    private final CommitLog log;
    private final LogContext context;
    private final LogGeometry geometry;
    private final LogCounters counters;
    private final StepThread thread = new StepThread("log-reader", this::step);
    private final Queue<ColdRead> orders = new ArrayDeque<>();

    private LogReader(CommitLog log) {
        this.log = log;
        this.context = log.context();
        this.geometry = log.geometry();
        this.counters = log.counters();
    }

    public static LogReader of(CommitLog log) {
        return new LogReader(log);
    }

    public LogReader start() {
        thread.start();
        return this;
    }

    /** Takes the order; it is the reader's until its completion is called. Never blocks. */
    public void read(ColdRead order) {
        synchronized (orders) {
            orders.add(order);
        }
        thread.wake();
    }

    /** Carries out one order, in a reader that was not started; false if there is none. */
    boolean runOnce() {
        ColdRead order;
        synchronized (orders) {
            order = orders.poll();
        }
        if (order == null) {
            return false;
        }
        try {
            new Reading(order).run();
        } catch (RuntimeException e) {
            // Whoever waits is told that what is missing cannot be read, and goes on.
            LOG.error("a cold read failed", e);
        }
        order.completed();
        return true;
    }

    private long step() {
        try {
            return runOnce() ? 0 : StepThread.Step.NOTHING_DUE;
        } catch (RuntimeException e) {
            LOG.error("taking over what was read failed", e);
            return 0;
        }
    }

    /** Ends the thread. Orders not begun are not completed. */
    @Override
    public void close() {
        thread.stop();
    }

    /** The carrying out of one order. */
    private final class Reading {
        private final ColdRead order;
        private final ByteBuffer data;
        private final RecordCrc crc;
        private int used;
        private int needed;

        Reading(ColdRead order) {
            this.order = order;
            this.data = order.data();
            this.crc = new RecordCrc(data, log.instanceId());
            this.needed = order.bytes();
        }

        void run() {
            int i = 0;
            while (i < order.count()) {
                i = copied(i) ? i + 1 : readRun(i);
            }
        }

        private int aligned(int i) {
            return RecordLayout.aligned(order.length(i));
        }

        /** Copies a record that is in the ring after all, such as one not yet written. */
        private boolean copied(int i) {
            long lsn = order.lsn(i);
            if (!log.resident(lsn)) {
                return false;
            }
            int index = geometry.ringIndex(lsn);
            int length = Math.min(order.length(i), geometry.ringBytes() - index);
            data.put(used, log.buffer(), index, length);
            if (!log.resident(lsn) || RecordLayout.length(data, used) != order.length(i)) {
                return false;
            }
            take(i, used);
            used += aligned(i);
            return true;
        }

        private void take(int i, int index) {
            order.found(i, index);
            needed -= aligned(i);
            counters.coldRecords.incrementAndGet();
        }

        /**
         * Reads record {@code first} and the neighbours that come with it; returns the one after.
         */
        private int readRun(int first) {
            long number = geometry.segment(order.lsn(first));
            if (context.segments().get(number) == null) {
                needed -= aligned(first);
                order.gone(first);
                return first + 1;
            }
            SegmentFiles.@Nullable Open file = null;
            try {
                file = context.files().use(number);
                return readRun(first, number, file);
            } catch (NoSuchFileException e) {
                lost(first, "its segment is missing");
            } catch (IOException e) {
                lost(first, e.toString());
            } finally {
                giveBack(file);
            }
            return first + 1;
        }

        private int readRun(int first, long number, SegmentFiles.Open file) throws IOException {
            int start = file.position(geometry.offset(order.lsn(first)));
            if (start < 0) {
                lost(first, "not kept when its segment was compacted");
                return first + 1;
            }
            int end = start + order.length(first);
            int stillNeeded = needed - aligned(first);
            int next = first + 1;
            while (next < order.count()
                    && geometry.segment(order.lsn(next)) == number
                    && !log.resident(order.lsn(next))) {
                int at = file.position(geometry.offset(order.lsn(next)));
                int span = RecordLayout.aligned(at + order.length(next) - start);
                boolean near = at >= end && at - end <= MAX_GAP_BYTES;
                if (!near || span > data.capacity() - used - (stillNeeded - aligned(next))) {
                    break;
                }
                end = at + order.length(next);
                stillNeeded -= aligned(next++);
            }
            int read = file.file.read(data.limit(used + end - start).position(used), start);
            data.clear();
            counters.coldReads.incrementAndGet();
            crc.segment(number);
            for (int i = first; i < next; i++) {
                int moved = file.position(geometry.offset(order.lsn(i))) - start;
                verify(i, used + moved, used + read);
            }
            used += RecordLayout.aligned(end - start);
            return next;
        }

        private void verify(int i, int index, int limit) {
            if (limit - index >= order.length(i)
                    && RecordLayout.length(data, index) == order.length(i)
                    && crc.intact(index, limit)) {
                take(i, index);
            } else {
                lost(i, "its checksum does not match");
            }
        }

        private void lost(int i, String why) {
            needed -= aligned(i);
            long lsn = order.lsn(i);
            if (context.segments().get(geometry.segment(lsn)) == null) {
                order.gone(i); // reclaimed while we read
                return;
            }
            counters.damagedRecords.incrementAndGet();
            LOG.error(
                    "{}, offset {}: a message is lost: {}",
                    context.directory().segment(geometry.segment(lsn)),
                    geometry.offset(lsn),
                    why);
        }

        private void giveBack(SegmentFiles.@Nullable Open file) {
            if (file != null) {
                try {
                    context.files().done(file);
                } catch (IOException e) {
                    LOG.warn("closing a segment file failed: {}", e.toString());
                }
            }
        }
    }
}
