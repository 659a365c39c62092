package io.chasqui.core.queue;

import io.chasqui.core.store.StoreException;
import java.nio.ByteBuffer;

/**
 * Indexes of queues as bytes of a checkpoint section, one behind the other. Integers are big-endian.
 *
 * <pre>
 *     index:         u16 version | u16 0 | u32 bytes of this index, all included
 *                    u64 queueId | u64 nextSeq | u64 redeliveredBelow
 *                    any number of items by ascending seq, then u64 0 (end)
 *
 *     item, run:     u8 1 | u8 0 | u16 0 | u32 count | u64 seq of the first
 *                    count × entry of consecutive messages, 16 B as in {@link IndexPage}
 *
 *     item, page:    u8 2 | u8 kind | u16 lives | u32 segments | u64 page number
 *                    u32 slot | u32 messages | u64 bytes | u64 lowest position | u64 highest
 *                    segments × { u64 segment | u32 messages }
 *                    kind as in the slot header of the page file: 1 = queue order
 *                    lives: 1 no record says how long its message may live, 2 some do, 0 not known
 *
 *     item, returns: u8 3 | u8 0 | u16 0 | u32 1 | u64 seq | u64 how often it was given back unharmed
 * </pre>
 *
 * The version is 1, or 2 for a level of priority above 0, which has an index of its own under the same
 * queue id: {@link PriorityIndex} says how its sequence numbers tell the level.
 *
 * Of a spilled page only what is durable is told; see {@link SpilledPage}.
 */
public final class IndexSnapshot implements IndexSnapshotSink {

    private static final short BY_ARRIVAL = 1;
    private static final short LEVEL_OF_PRIORITY = 2;
    private static final byte RUN = 1;
    private static final byte PAGE = 2;
    private static final byte RETURNS = 3;
    private static final byte QUEUE_ORDER = 1;
    private static final short NONE_LIMITED = 1;
    private static final short SOME_LIMITED = 2;
    private static final int HEADER_BYTES = 32;
    private static final int PAGE_BYTES = 48;
    private static final int NO_RUN = -1;

    private ByteBuffer bytes;
    private int start;
    private int run = NO_RUN;
    private long runEnd;

    public IndexSnapshot(int initialBytes) {
        bytes = ByteBuffer.allocate(initialBytes);
    }

    /** Adds what a queue needs to come back: an index for each level in use. */
    public void write(QueueOrder order) {
        order.levels().forEach(index -> index.snapshot(this));
    }

    /** Bytes of all indexes written since {@link #clear}; valid until the next one is written. */
    public ByteBuffer section() {
        return bytes.duplicate().flip();
    }

    /** Begins a new section in the same memory. */
    public void clear() {
        bytes.clear();
    }

    @Override
    public void begin(long queueId, long nextSeq, long redeliveredBelow) {
        start = bytes.position();
        run = NO_RUN;
        room(HEADER_BYTES);
        bytes.putShort(PriorityIndex.level(nextSeq) == 0 ? BY_ARRIVAL : LEVEL_OF_PRIORITY);
        bytes.putShort((short) 0).putInt(0);
        bytes.putLong(queueId).putLong(nextSeq).putLong(redeliveredBelow);
    }

    @Override
    public void entry(
            long seq, long position, int size, int flags, int priority, int deliveryCount) {
        if (run == NO_RUN || seq != runEnd) {
            room(HEADER_BYTES);
            run = bytes.position();
            bytes.put(RUN).put((byte) 0).putShort((short) 0).putInt(0).putLong(seq);
        }
        room(IndexPage.ENTRY_BYTES);
        bytes.putLong(position).putLong(IndexPage.word(size, flags, priority, deliveryCount));
        bytes.putInt(run + 4, bytes.getInt(run + 4) + 1);
        runEnd = seq + 1;
    }

    @Override
    public void spilledPage(long pageNumber, SpilledPage page) {
        run = NO_RUN;
        int segments = page.segments().length;
        room(PAGE_BYTES + segments * 12);
        bytes.put(PAGE).put(QUEUE_ORDER);
        bytes.putShort(page.limited() ? SOME_LIMITED : NONE_LIMITED).putInt(segments);
        bytes.putLong(pageNumber).putInt(page.slot()).putInt(page.durable());
        bytes.putLong(page.durableBytes()).putLong(page.lowest()).putLong(page.highest());
        for (int i = 0; i < segments; i++) {
            bytes.putLong(page.segments()[i]).putInt(page.counts()[i]);
        }
    }

    @Override
    public void returned(long seq, int returns) {
        run = NO_RUN;
        room(HEADER_BYTES);
        bytes.put(RETURNS)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(1)
                .putLong(seq)
                .putLong(returns);
    }

    @Override
    public void end() {
        room(Long.BYTES);
        bytes.putLong(0);
        bytes.putInt(start + 4, bytes.position() - start);
    }

    private void room(int more) {
        if (bytes.remaining() < more) {
            int size = Math.max(bytes.capacity() * 2, bytes.position() + more);
            bytes = ByteBuffer.allocate(size).put(bytes.flip());
        }
    }

    /** The queue that the index at the section's position belongs to. */
    public static long queueId(ByteBuffer section) {
        return section.getLong(section.position() + 8);
    }

    /** Moves the section's position past one index without reading it. */
    public static void skip(ByteBuffer section) {
        section.position(section.position() + section.getInt(section.position() + 4));
    }

    /**
     * Reads the index at the section's position and moves the position behind it.
     *
     * @throws StoreException for a version or item this release does not know
     */
    public static void read(ByteBuffer section, IndexSnapshotSink sink) {
        short version = section.getShort();
        if (version != BY_ARRIVAL && version != LEVEL_OF_PRIORITY) {
            throw new StoreException(
                    "queue index of version " + version + " in the checkpoint; known are 1 and 2");
        }
        section.getShort();
        section.getInt();
        sink.begin(section.getLong(), section.getLong(), section.getLong());
        for (long item = section.getLong(); item != 0; item = section.getLong()) {
            int kind = (int) (item >>> 56);
            int count = (int) item;
            switch (kind) {
                case RUN -> readRun(section, count, sink);
                case RETURNS -> sink.returned(section.getLong(), (int) section.getLong());
                case PAGE -> {
                    boolean limited = (short) (item >>> 32) != NONE_LIMITED;
                    readPage(section, count, (int) (item >>> 48) & 0xFF, limited, sink);
                }
                default ->
                        throw new StoreException(
                                "unknown item " + kind + " in a queue index of the checkpoint");
            }
        }
        sink.end();
    }

    private static void readRun(ByteBuffer section, int count, IndexSnapshotSink sink) {
        long seq = section.getLong();
        for (int i = 0; i < count; i++) {
            long position = section.getLong();
            long word = section.getLong();
            sink.entry(
                    seq + i,
                    position,
                    IndexPage.size(word),
                    IndexPage.flags(word),
                    IndexPage.priority(word),
                    IndexPage.deliveryCount(word));
        }
    }

    private static void readPage(
            ByteBuffer section,
            int segmentCount,
            int pageKind,
            boolean limited,
            IndexSnapshotSink sink) {
        if (pageKind != QUEUE_ORDER) {
            throw new StoreException(
                    "unknown page kind " + pageKind + " in a queue index of the checkpoint");
        }
        long pageNumber = section.getLong();
        int slot = section.getInt();
        int count = section.getInt();
        long bytes = section.getLong();
        long lowest = section.getLong();
        long highest = section.getLong();
        long[] segments = new long[segmentCount];
        int[] counts = new int[segmentCount];
        for (int i = 0; i < segmentCount; i++) {
            segments[i] = section.getLong();
            counts[i] = section.getInt();
        }
        sink.spilledPage(
                pageNumber,
                new SpilledPage(
                        slot, count, bytes, count, bytes, lowest, highest, segments, counts,
                        limited, true));
    }
}
