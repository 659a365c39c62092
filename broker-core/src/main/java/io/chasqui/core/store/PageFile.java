package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.PrimitiveIterator;
import java.util.zip.CRC32C;

/**
 * {@code index/pages.dat}: pages of queue indexes that do not stay in memory. Integers are
 * big-endian.
 *
 * <pre>
 *     file:   header, 4096 B | slot 0 | slot 1 | …        a slot is 68 KiB; slot n at 4096 + n × 69632
 *
 *     header: 0          8       10      12            16                          60       64
 *             +----------+-------+-------+-------------+---------------------------+--------+
 *             | CHASQPAG | u16   | u16 0 | u32 bytes   | 0 …                       | u32    |
 *             |          | ver. 1|       | of a slot   |                           | crc32c |
 *             +----------+-------+-------+-------------+---------------------------+--------+
 *
 *     slot:   0      4       6     7    8         16        24       28     60       64
 *             +------+-------+-----+----+---------+---------+--------+------+--------+---------+
 *             | CQPG | u16   | u8  | u8 | u64     | u64     | u32    | 0 …  | u32    | entries |
 *             |      | ver. 1| kind| 0  | queueId | page no | entries|      | crc32c | × 16 B  |
 *             +------+-------+-----+----+---------+---------+--------+------+--------+---------+
 *             crc32c: over bytes 0…60 and the entries
 *
 *     kind:   1  queue order: 4096 entries of consecutive messages
 *             reserved, see docs/decisions/0002-index-orders.md:
 *             2  expiry      3  delay bucket      4  cost bucket      5  fairness key
 *             6  cancel ids
 * </pre>
 *
 * <p>A slot begins on a 4 KiB boundary and ends in front of one, so that a torn write never touches
 * what a neighbour had safely on disk; that costs 6 % of the file.
 *
 * <p>A slot in use is never written again. Once {@link #release released} it still may be what a
 * checkpoint on disk refers to, so it is reused only after {@value #CHECKPOINTS_TO_WAIT}
 * checkpoints: the first completed one may be of a snapshot taken before the release, and it stays
 * the one to fall back to until two more have replaced it. The file grows when no slot is free and
 * never shrinks.
 *
 * <p>Safe for use by several threads. Reads and writes do I/O and belong on an I/O thread; {@link
 * #release} does none.
 */
public final class PageFile implements AutoCloseable {

    /** Bytes of the largest page. */
    public static final int PAGE_BYTES = 1 << 16;

    static final String DIRECTORY = "index";
    static final String PATH = DIRECTORY + "/pages.dat";
    static final int HEADER_BYTES = 4096;
    static final int SLOT_BYTES = PAGE_BYTES + 4096;
    static final int CHECKPOINTS_TO_WAIT = 3;

    private static final int VERSION = 1;
    private static final long FILE_MAGIC = 0x4348_4153_5150_4147L; // CHASQPAG
    private static final int SLOT_MAGIC = 0x4351_5047; // CQPG
    private static final int KIND_QUEUE_ORDER = 1;
    private static final int SLOT_HEADER_BYTES = 64;
    private static final int CRC_AT = 60;
    private static final int ENTRY_BYTES = 16;

    private final DiskFile file;
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(SLOT_HEADER_BYTES + PAGE_BYTES);
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(SLOT_HEADER_BYTES + PAGE_BYTES);

    /** Guards which slots are used; never held during I/O. */
    private final Object slots = new Object();

    private final BitSet free = new BitSet();

    /** Released slots by how many checkpoints they still have to wait for, less one. */
    private final BitSet[] waiting = new BitSet[CHECKPOINTS_TO_WAIT];

    private int slotCount;

    private PageFile(DiskFile file, int slotCount) {
        this.file = file;
        this.slotCount = slotCount;
        Arrays.setAll(waiting, i -> new BitSet());
        waiting[CHECKPOINTS_TO_WAIT - 1].set(0, slotCount);
    }

    /**
     * Opens the file, creating it if absent. Every slot in it counts as just released until {@link
     * #restore} tells which are in use.
     *
     * @throws StoreException if the file is damaged or of another version
     */
    public static PageFile open(Disk disk) {
        try {
            disk.makeDirectory(DIRECTORY);
            boolean there = disk.exists(PATH);
            DiskFile file = there ? disk.open(PATH) : disk.create(PATH);
            if (!there || !headerKnown(file)) {
                writeHeader(file);
                disk.syncDirectory(DIRECTORY);
            }
            long slotBytes = Math.max(0, file.size() - HEADER_BYTES);
            return new PageFile(file, (int) ((slotBytes + SLOT_BYTES - 1) / SLOT_BYTES));
        } catch (IOException e) {
            throw new StoreException("cannot open " + PATH + ": " + e, e);
        }
    }

    /** False if the file was created and power was lost before its header was safe. */
    private static boolean headerKnown(DiskFile file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(SLOT_HEADER_BYTES);
        file.read(header, 0);
        if (header.position() < SLOT_HEADER_BYTES || isZero(header)) {
            if (file.size() > HEADER_BYTES) {
                throw new StoreException(PATH + " has no header, but pages; it is damaged");
            }
            return false;
        }
        if (header.getLong(0) != FILE_MAGIC || header.getInt(CRC_AT) != crc(header, 0)) {
            throw new StoreException(PATH + ", offset 0: the header is damaged");
        }
        int version = header.getShort(8) & 0xFFFF;
        if (version != VERSION) {
            throw StoreException.unknownVersion(PATH, version, VERSION);
        }
        return true;
    }

    private static boolean isZero(ByteBuffer header) {
        for (int at = 0; at < SLOT_HEADER_BYTES; at++) {
            if (header.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private static void writeHeader(DiskFile file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(0, FILE_MAGIC).putShort(8, (short) VERSION).putInt(12, SLOT_BYTES);
        header.putInt(CRC_AT, crc(header, 0));
        file.write(header, 0);
        file.sync();
    }

    /**
     * Tells which slots the indexes refer to at the end of recovery. The others count as just
     * released, because the checkpoints on disk may still refer to them.
     *
     * @throws StoreException if the file does not have one of these slots
     */
    public void restore(PrimitiveIterator.OfInt slotsInUse) {
        synchronized (slots) {
            while (slotsInUse.hasNext()) {
                int slot = slotsInUse.nextInt();
                if (slot < 0 || slot >= slotCount) {
                    throw new StoreException(
                            PATH + " ends before " + at(slot) + ", which a queue refers to");
                }
                waiting[CHECKPOINTS_TO_WAIT - 1].clear(slot);
            }
        }
    }

    /**
     * Writes a page of a queue's order into a free slot. It is durable after the next {@link #sync}.
     *
     * @param page whole entries of 16 bytes, at most 64 KiB; its position and limit stay
     * @return the slot
     * @throws StoreException if it could not be written
     */
    public int write(long queueId, long pageNo, ByteBuffer page) {
        int bytes = page.remaining();
        if (bytes > PAGE_BYTES || bytes % ENTRY_BYTES != 0) {
            throw new IllegalArgumentException("a page of " + bytes + " bytes");
        }
        int slot = takeSlot();
        boolean written = false;
        try {
            write(slot, queueId, pageNo, page);
            written = true;
        } catch (IOException e) {
            throw new StoreException("cannot write %s of %s: %s".formatted(at(slot), PATH, e), e);
        } finally {
            if (!written) {
                synchronized (slots) {
                    free.set(slot);
                }
            }
        }
        return slot;
    }

    private void write(int slot, long queueId, long pageNo, ByteBuffer page) throws IOException {
        int bytes = page.remaining();
        synchronized (outgoing) {
            outgoing.clear();
            outgoing.putInt(SLOT_MAGIC).putShort((short) VERSION);
            outgoing.put((byte) KIND_QUEUE_ORDER).put((byte) 0);
            outgoing.putLong(queueId).putLong(pageNo).putInt(bytes / ENTRY_BYTES);
            outgoing.put(SLOT_HEADER_BYTES, page, page.position(), bytes);
            outgoing.putInt(CRC_AT, crc(outgoing, bytes));
            outgoing.position(0).limit(SLOT_HEADER_BYTES + bytes);
            file.write(outgoing, offset(slot));
        }
    }

    private int takeSlot() {
        synchronized (slots) {
            int slot = free.nextSetBit(0);
            if (slot >= 0) {
                free.clear(slot);
                return slot;
            }
            return slotCount++;
        }
    }

    /**
     * Reads the page in a slot into {@code target}, whose position moves behind it.
     *
     * @throws StoreException if the slot does not hold this page, or the page is damaged, or the
     *     read fails
     */
    public void read(int slot, long queueId, long pageNo, ByteBuffer target) {
        synchronized (incoming) {
            incoming.clear();
            try {
                file.read(incoming, offset(slot));
            } catch (IOException e) {
                throw new StoreException(
                        "cannot read %s of %s: %s".formatted(at(slot), PATH, e), e);
            }
            int bytes = check(slot, queueId, pageNo);
            target.put(incoming.position(SLOT_HEADER_BYTES).limit(SLOT_HEADER_BYTES + bytes));
        }
    }

    /** Checks what was read and returns how many bytes of entries there are. */
    private int check(int slot, long queueId, long pageNo) {
        int read = incoming.position();
        if (read < SLOT_HEADER_BYTES || incoming.getInt(0) != SLOT_MAGIC) {
            throw new StoreException("%s of %s holds no page".formatted(at(slot), PATH));
        }
        int entries = incoming.getInt(24);
        boolean plausible = entries >= 0 && entries <= (read - SLOT_HEADER_BYTES) / ENTRY_BYTES;
        if (!plausible || incoming.getInt(CRC_AT) != crc(incoming, entries * ENTRY_BYTES)) {
            throw new StoreException(
                    "%s of %s is damaged: its checksum does not match".formatted(at(slot), PATH));
        }
        int version = incoming.getShort(4) & 0xFFFF;
        if (version != VERSION) {
            throw StoreException.unknownVersion(at(slot) + " of " + PATH, version, VERSION);
        }
        if (incoming.get(6) != KIND_QUEUE_ORDER
                || incoming.getLong(8) != queueId
                || incoming.getLong(16) != pageNo) {
            throw new StoreException(
                    (at(slot) + " of " + PATH + " holds page " + incoming.getLong(16))
                            + (" of queue " + incoming.getLong(8) + ", kind " + incoming.get(6))
                            + ("; sought was page " + pageNo + " of queue " + queueId));
        }
        return entries * ENTRY_BYTES;
    }

    /** The page in this slot is needed no more, except by checkpoints already on disk. */
    public void release(int slot) {
        synchronized (slots) {
            waiting[CHECKPOINTS_TO_WAIT - 1].set(slot);
        }
    }

    /** A checkpoint that refers to this file is on disk. */
    public void checkpointCompleted() {
        synchronized (slots) {
            free.or(waiting[0]);
            waiting[0].clear();
            BitSet emptied = waiting[0];
            System.arraycopy(waiting, 1, waiting, 0, CHECKPOINTS_TO_WAIT - 1);
            waiting[CHECKPOINTS_TO_WAIT - 1] = emptied;
        }
    }

    /** Makes every page written so far durable; to be called before a checkpoint refers to it. */
    public void sync() {
        try {
            file.sync();
        } catch (IOException e) {
            throw new StoreException("cannot sync " + PATH + ": " + e, e);
        }
    }

    /** Slots that hold a page in use. */
    public int slotsInUse() {
        synchronized (slots) {
            int unused = free.cardinality();
            for (BitSet released : waiting) {
                unused += released.cardinality();
            }
            return slotCount - unused;
        }
    }

    /** Bytes of all slots, in use or not. */
    public long sizeBytes() {
        synchronized (slots) {
            return offset(slotCount);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new StoreException("cannot close " + PATH + ": " + e, e);
        }
    }

    private static long offset(int slot) {
        return HEADER_BYTES + (long) slot * SLOT_BYTES;
    }

    private static String at(int slot) {
        return "slot " + slot + " (offset " + offset(slot) + ")";
    }

    private static int crc(ByteBuffer header, int entryBytes) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, CRC_AT));
        crc.update(header.slice(SLOT_HEADER_BYTES, entryBytes));
        return (int) crc.getValue();
    }
}
