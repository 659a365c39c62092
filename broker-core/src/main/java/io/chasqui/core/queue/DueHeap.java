package io.chasqui.core.queue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * Messages by the time at which they must go, the first due first: a binary min-heap outside the Java
 * heap, in chunks of the indexes' pool. An entry is 16 bytes:
 *
 * <pre>
 *     0        8        16
 *     +--------+--------+
 *     | u64    | u64    |
 *     | due ms | seq    |
 *     +--------+--------+
 * </pre>
 *
 * <p>The first chunk grows with its entries up to a page of 4096; then chunks of that size are added.
 * Adding and removing cost O(log n). Belongs to the queue's shard.
 */
final class DueHeap {

    private static final int ENTRY_BITS = 4;
    private static final int SEQ = 8;
    private static final int[] NO_CHUNKS = {};
    private static final long[] NO_HANDLES = {};
    private static final ByteBuffer[] NO_MEMORY = {};

    private final PagePool pool;
    private ByteBuffer[] memories = NO_MEMORY;
    private int[] origins = NO_CHUNKS;
    private long[] handles = NO_HANDLES;
    private int chunks;

    /** Size class of the only chunk; of several all are of the largest. */
    private int sizeClass;

    private int size;

    DueHeap(PagePool pool) {
        this.pool = pool;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Whether there is memory for one more. */
    boolean hasRoom() {
        return size < capacity() || !pool.isExhausted();
    }

    /** When the first one is due; there must be one. */
    long firstDueMs() {
        return due(0);
    }

    long firstSeq() {
        return seq(0);
    }

    /**
     * Adds a message.
     *
     * @return false if there is no memory to be had for it
     */
    boolean add(long dueMs, long seq) {
        if (!hasRoom()) {
            return false;
        }
        if (size == capacity()) {
            grow();
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!isBefore(dueMs, seq, parent)) {
                break;
            }
            set(at, due(parent), seq(parent));
            at = parent;
        }
        set(at, dueMs, seq);
        return true;
    }

    /** Removes the first one. */
    void pop() {
        size--;
        if (size > 0) {
            sink(0, due(size), seq(size));
        }
        shrink();
    }

    /** Forgets those that are not to be kept. Costs O(n). */
    void retain(LongPredicate kept) {
        int count = 0;
        for (int at = 0; at < size; at++) {
            if (kept.test(seq(at))) {
                set(count++, due(at), seq(at));
            }
        }
        size = count;
        for (int at = size / 2 - 1; at >= 0; at--) {
            sink(at, due(at), seq(at));
        }
        shrink();
    }

    /** Forgets all and gives the memory back. */
    void clear() {
        size = 0;
        while (chunks > 0) {
            dropChunk();
        }
        memories = NO_MEMORY;
        origins = NO_CHUNKS;
        handles = NO_HANDLES;
    }

    private void sink(int from, long dueMs, long seq) {
        int at = from;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && isBefore(due(child + 1), seq(child + 1), child)) {
                child++;
            }
            if (!isBefore(due(child), seq(child), dueMs, seq)) {
                break;
            }
            set(at, due(child), seq(child));
            at = child;
        }
        set(at, dueMs, seq);
    }

    private boolean isBefore(long dueMs, long seq, int other) {
        return isBefore(dueMs, seq, due(other), seq(other));
    }

    private static boolean isBefore(long dueMs, long seq, long otherDueMs, long otherSeq) {
        return dueMs < otherDueMs || (dueMs == otherDueMs && seq < otherSeq);
    }

    private long due(int at) {
        int chunk = at >>> IndexPage.BITS;
        return memories[chunk].getLong(address(chunk, at));
    }

    private long seq(int at) {
        int chunk = at >>> IndexPage.BITS;
        return memories[chunk].getLong(address(chunk, at) + SEQ);
    }

    private void set(int at, long dueMs, long seq) {
        int chunk = at >>> IndexPage.BITS;
        int address = address(chunk, at);
        memories[chunk].putLong(address, dueMs).putLong(address + SEQ, seq);
    }

    private int address(int chunk, int at) {
        return origins[chunk] + ((at & IndexPage.MASK) << ENTRY_BITS);
    }

    // -- memory

    private int capacity() {
        if (chunks == 0) {
            return 0;
        }
        return (chunks - 1) * IndexPage.ENTRIES + (PagePool.chunkBytes(sizeClass) >> ENTRY_BITS);
    }

    private void grow() {
        if (chunks == 0) {
            addChunk(0);
        } else if (sizeClass < IndexPage.LARGEST) {
            ByteBuffer old = memories[0];
            int oldOrigin = origins[0];
            long oldHandle = handles[0];
            int oldClass = sizeClass;
            chunks = 0;
            addChunk(oldClass + 1);
            memories[0].put(origins[0], old, oldOrigin, PagePool.chunkBytes(oldClass));
            pool.free(oldHandle, oldClass);
        } else {
            addChunk(IndexPage.LARGEST);
        }
    }

    private void addChunk(int ofClass) {
        if (chunks == handles.length) {
            int room = Math.max(1, chunks * 2);
            memories = Arrays.copyOf(memories, room);
            origins = Arrays.copyOf(origins, room);
            handles = Arrays.copyOf(handles, room);
        }
        long handle = pool.allocate(ofClass);
        handles[chunks] = handle;
        memories[chunks] = pool.memory(handle);
        origins[chunks] = PagePool.offset(handle);
        sizeClass = ofClass;
        chunks++;
    }

    /** Keeps one chunk more than is needed, so that a heap at its border does not come and go. */
    private void shrink() {
        while (chunks > 2 && size <= (chunks - 2) * IndexPage.ENTRIES) {
            dropChunk();
        }
        if (size == 0) {
            clear();
        }
    }

    private void dropChunk() {
        chunks--;
        pool.free(handles[chunks], sizeClass);
        memories[chunks] = memories[0];
    }
}
