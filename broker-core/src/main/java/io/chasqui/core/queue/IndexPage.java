package io.chasqui.core.queue;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of 4096 consecutive messages of one queue, or of a window of them: the part in use so
 * far. An entry is 16 bytes, in memory and on disk:
 *
 * <pre>
 *     0        8         12     13        14               16
 *     +--------+---------+------+---------+----------------+
 *     | u64    | u32     | u8   | u8      | u16            |
 *     | pos.   | size    | flags| priority| delivery count |
 *     +--------+---------+------+---------+----------------+
 *     size:   see {@link MessageSize}
 *     flags:  bits 0-1  0 gone, 1 ready, 2 unacknowledged
 *             bit 2     redelivered      bit 3  persistent      bit 4  large
 *             bit 5     its record says how long it may live
 *             bit 6     a client failed with it (see {@link Settlement#REQUEUED})
 * </pre>
 *
 * <p>An entry that is gone keeps its position, so that a page whose positions ascend goes on doing
 * so. Methods taking an {@code index} mean the message's place in its page, 0…4095.
 *
 * <p>Hot: entries are read and written as two longs with absolute accesses, without objects.
 */
final class IndexPage {

    static final int BITS = 12;
    static final int ENTRIES = 1 << BITS;
    static final int MASK = ENTRIES - 1;
    static final int ENTRY_BYTES = 16;
    static final int BYTES = ENTRIES * ENTRY_BYTES;
    static final int LARGEST = PagePool.SIZE_CLASSES - 1;

    static final int GONE = 0;
    static final int READY = 1;
    static final int UNACKED = 2;
    static final int STATE = 3;
    static final int REDELIVERED = 4;
    static final int PERSISTENT = 8;
    static final int LARGE = 16;
    static final int TIME_TO_LIVE = 32;
    static final int FAILED = 64;

    private static final int ENTRY_BITS = 4;
    private static final int WORD = 8;
    private static final int FLAGS_SHIFT = 24;
    private static final int PRIORITY_SHIFT = 16;
    private static final int MOST_DELIVERIES = 0xFFFF;
    private static final int NO_CLASS = -1;
    private static final ByteBuffer NO_MEMORY = ByteBuffer.allocate(0);

    /** Stands for "no page", so that the hot path needs no null check. Never written to. */
    static final IndexPage NO_PAGE = new IndexPage();

    /** Where a page's entries are. */
    enum Place {
        /** In memory, only there. */
        RESIDENT,
        /** In memory, and on the way to disk. Any change to it calls the write off. */
        WRITING,
        /** On disk. */
        SPILLED,
        /** On disk, and on the way into memory. */
        LOADING
    }

    /** Number of the page: sequence number / 4096; -1 while it serves no queue. */
    long number = -1;

    Place place = Place.RESIDENT;

    /** Entries that are ready or unacknowledged. */
    int live;

    int unacked;

    /** Whether the page counts as one that could be spilled; see {@link PageTraffic}. */
    boolean spillable;

    /** What is known of the entries on disk while the page is spilled or loading. */
    @Nullable SpilledPage spilled;

    /** The write or read under way, and nothing older. */
    @Nullable Object transfer;

    /** Search table, only during recovery; see {@link IndexSearch}. */
    @Nullable PositionTable positions;

    private ByteBuffer memory = NO_MEMORY;
    private long handle;
    private int sizeClass = NO_CLASS;

    /** Byte offset in {@link #memory} where entry 0 would be. */
    private int origin;

    private int first;
    private int used;
    private int end;

    /** Takes memory for a window that begins at {@code index}. */
    void open(PagePool pool, long pageNumber, int index, int chunkClass) {
        number = pageNumber;
        place = Place.RESIDENT;
        live = 0;
        unacked = 0;
        acquire(pool, chunkClass);
        restart(pageNumber, index);
    }

    /** Forgets all entries, which are gone, and begins a new window in the same memory. */
    void restart(long pageNumber, int index) {
        number = pageNumber;
        first = index;
        used = index;
        end = Math.min(ENTRIES, index + capacity());
        origin = PagePool.offset(handle) - (index << ENTRY_BITS);
    }

    /** Takes memory for all 4096 entries, to be filled from disk. */
    void openWhole(PagePool pool) {
        acquire(pool, LARGEST);
        restart(number, 0);
        used = ENTRIES;
    }

    /** Gives the memory back. */
    void close(PagePool pool) {
        if (sizeClass != NO_CLASS) {
            pool.free(handle, sizeClass);
            memory = NO_MEMORY;
            sizeClass = NO_CLASS;
            first = 0;
            used = 0;
            end = 0;
        }
    }

    /**
     * Makes room behind the last entry: moves the window past entries that are gone if those are at
     * least half of it, otherwise into the next larger chunk.
     */
    void extend(PagePool pool) {
        int firstLive = first;
        while (firstLive < used && state(firstLive) == GONE) {
            firstLive++;
        }
        int entries = used - firstLive;
        ByteBuffer oldMemory = memory;
        int oldAddress = address(firstLive);
        long oldHandle = handle;
        int oldClass = sizeClass;
        int oldUsed = used;
        boolean slides = entries <= capacity() / 2;
        if (!slides) {
            acquire(pool, sizeClass + 1);
        }
        restart(number, firstLive);
        used = oldUsed;
        memory.put(address(firstLive), oldMemory, oldAddress, entries << ENTRY_BITS);
        if (!slides) {
            pool.free(oldHandle, oldClass);
        }
    }

    private void acquire(PagePool pool, int chunkClass) {
        handle = pool.allocate(chunkClass);
        sizeClass = chunkClass;
        memory = pool.memory(handle);
    }

    boolean resident() {
        return sizeClass != NO_CLASS && place != Place.LOADING;
    }

    /** Whether memory for all 4096 entries is held, so that the page can go to disk as it is. */
    boolean whole() {
        return first == 0 && end == ENTRIES && sizeClass == LARGEST;
    }

    /** Lowest index in the window. */
    int first() {
        return first;
    }

    /** One more than the highest index in use. */
    int used() {
        return used;
    }

    /** One more than the highest index there is memory for. */
    int end() {
        return end;
    }

    boolean holds(int index) {
        return index >= first && index < used;
    }

    /** Sequence number of the entry. */
    long seq(int index) {
        return number << BITS | index;
    }

    /** The page's bytes, for disk; only of a whole page. */
    ByteBuffer bytes() {
        return memory.slice(PagePool.offset(handle), BYTES);
    }

    void append(int index, long position, long word) {
        int at = address(index);
        memory.putLong(at, position);
        memory.putLong(at + WORD, word);
        used = index + 1;
    }

    /** Adds entries that are gone up to {@code index}; they take the position of the last one. */
    void skipTo(int index) {
        long position = used > first ? position(used - 1) : 0;
        while (used < index) {
            append(used, position, 0);
        }
    }

    /** Takes the entry out for good, as if the one before had stood here. */
    void erase(int index) {
        int at = address(index);
        memory.putLong(at, index > first ? position(index - 1) : 0);
        memory.putLong(at + WORD, 0);
    }

    long position(int index) {
        return memory.getLong(address(index));
    }

    /** Size, flags, priority and delivery count; see the accessors of words below. */
    long word(int index) {
        return memory.getLong(address(index) + WORD);
    }

    void word(int index, long word) {
        memory.putLong(address(index) + WORD, word);
    }

    int state(int index) {
        return memory.get(address(index) + WORD + 4) & STATE;
    }

    /** First index from {@code index} on whose message is ready; {@link #used()} if there is none. */
    int nextReady(int index) {
        int at = index;
        while (at < used && state(at) != READY) {
            at++;
        }
        return at;
    }

    private int capacity() {
        return PagePool.chunkBytes(sizeClass) >> ENTRY_BITS;
    }

    private int address(int index) {
        return origin + (index << ENTRY_BITS);
    }

    static long word(int size, int flags, int priority, int deliveryCount) {
        return (long) size << 32
                | (long) flags << FLAGS_SHIFT
                | (long) priority << PRIORITY_SHIFT
                | deliveryCount;
    }

    /** See {@link MessageSize}. */
    static int size(long word) {
        return (int) (word >>> 32);
    }

    /** Bytes of the message's record. */
    static int length(long word) {
        return MessageSize.recordBytes(size(word));
    }

    /** Bytes of the message's body. */
    static long bodyBytes(long word) {
        return MessageSize.bodyBytes(size(word), (flags(word) & LARGE) != 0);
    }

    static int flags(long word) {
        return (int) (word >>> FLAGS_SHIFT) & 0xFF;
    }

    static int state(long word) {
        return (int) (word >>> FLAGS_SHIFT) & STATE;
    }

    static int priority(long word) {
        return (int) (word >>> PRIORITY_SHIFT) & 0xFF;
    }

    static int deliveryCount(long word) {
        return (int) word & 0xFFFF;
    }

    static long inState(long word, int state) {
        return (word & ~((long) STATE << FLAGS_SHIFT)) | (long) state << FLAGS_SHIFT;
    }

    static long redelivered(long word) {
        return word | (long) REDELIVERED << FLAGS_SHIFT;
    }

    /** Of a message that a client failed with: also redelivered. */
    static long failed(long word) {
        return word | (long) (FAILED | REDELIVERED) << FLAGS_SHIFT;
    }

    static long withDeliveries(long word, int count) {
        return (word & ~(long) MOST_DELIVERIES) | Math.min(count, MOST_DELIVERIES);
    }

    /** With one delivery more; stays at 65535 once there. */
    static long countedDelivery(long word) {
        return deliveryCount(word) == MOST_DELIVERIES ? word : word + 1;
    }
}
