package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A durable log on a {@link FaultyDisk}, what was appended to it and what recovery showed. Segments
 * are small and the ring is smaller, so that a few records roll, wrap and pad.
 */
final class LogFixture {

    static final String DIRECTORY = "log";
    static final int SEGMENT_BITS = 15;
    static final int RING_BYTES = 1 << 14;
    static final long INSTANCE = 0x1234_5678_9abc_def0L;

    record Entry(long lsn, int type, ByteBuffer payload) {

        int bytes() {
            return RecordLayout.HEADER_BYTES + payload.capacity();
        }

        @Override
        public String toString() {
            return Long.toHexString(lsn) + ":" + type + "(" + payload.capacity() + ")";
        }
    }

    final ManualClock clock = new ManualClock();
    final List<Entry> appended = new ArrayList<>();
    final List<Entry> recovered = new ArrayList<>();
    final List<DamagedRange> damaged = new ArrayList<>();
    FaultyDisk disk;
    CommitLog log;

    /** Where a checkpoint would have the next start read from. */
    long mark;

    private LogFixture(FaultyDisk disk, StoreOptions options, long from) {
        this.disk = disk;
        this.mark = from;
        this.log = CommitLog.open(disk, DIRECTORY, options, clock, from, visitor());
    }

    /** Frees what is dead, as if all settlements were durable; returns how many segments. */
    static int reclaim(SegmentReclaimer reclaimer, long replayFrom) {
        return reclaimer.free(reclaimer.deadSegments(replayFrom));
    }

    static StoreOptions options() {
        return StoreOptions.durable(RING_BYTES, INSTANCE).withSegmentBits(SEGMENT_BITS);
    }

    static LogFixture create() {
        return open(new FaultyDisk());
    }

    static LogFixture open(FaultyDisk disk) {
        return open(disk, 0);
    }

    static LogFixture open(FaultyDisk disk, long from) {
        return open(disk, options(), from);
    }

    static LogFixture open(FaultyDisk disk, StoreOptions options, long from) {
        return new LogFixture(disk, options, from);
    }

    private RecordVisitor visitor() {
        return new RecordVisitor() {
            @Override
            public void record(long lsn, ByteBuffer buffer, int at, int length) {
                recovered.add(entry(lsn, buffer, at));
            }

            @Override
            public void damaged(DamagedRange range) {
                damaged.add(range);
            }
        };
    }

    static Entry entry(long lsn, ByteBuffer buffer, int at) {
        byte[] payload = new byte[RecordLayout.payloadBytes(buffer, at)];
        buffer.get(RecordLayout.payloadAt(at), payload);
        return new Entry(lsn, RecordLayout.type(buffer, at), ByteBuffer.wrap(payload));
    }

    /** Appends a PUBLISH with a payload of its own and one reference. */
    Entry append(int payloadBytes, boolean sync) {
        return append(RecordType.PUBLISH, payloadBytes, 1, sync);
    }

    Entry append(int type, int payloadBytes, int refs, boolean sync) {
        long lsn = log.begin(type, 0, 0, refs, 0, 0, clock.wallMs(), payloadBytes);
        int at = log.payloadAt();
        byte[] content = new byte[payloadBytes];
        new Random(lsn).nextBytes(content);
        log.buffer().put(at, content);
        Entry entry = entry(lsn, log.buffer(), at - RecordLayout.HEADER_BYTES);
        log.end(sync);
        appended.add(entry);
        return entry;
    }

    /** Steps the flusher until nothing is due. */
    void flush() {
        while (log.runOnce()) {
            log.prepareOnce();
        }
    }

    /** Appends, makes durable, and goes on until the log is in another segment. */
    void fillSegment() {
        long segment = segment();
        while (segment() == segment) {
            append(1000, true);
            flush();
        }
    }

    long segment() {
        return log.geometry().segment(log.tail());
    }

    /** Bytes the disk has not been given yet. */
    long unwritten() {
        return log.tail() - log.written();
    }

    /** What was appended and is durable now. */
    List<Entry> durable() {
        return appended.stream().filter(entry -> entry.lsn < log.durable()).toList();
    }

    String file(long segment) {
        return new LogDirectory(disk, DIRECTORY).segment(segment);
    }

    int offset(Entry entry) {
        return log.geometry().offset(entry.lsn);
    }

    /**
     * The rule of every crash: what is durable is there byte for byte, in order, and so is perhaps
     * some of what was appended after it, but nothing else.
     */
    static void assertSurvived(List<Entry> durable, List<Entry> appended, List<Entry> found) {
        assertThat(found.size()).isBetween(durable.size(), appended.size());
        assertThat(found).isEqualTo(appended.subList(0, found.size()));
    }
}
