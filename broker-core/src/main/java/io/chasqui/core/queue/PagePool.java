package io.chasqui.core.queue;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The off-heap memory of all queue indexes of a broker: 1 MiB slabs of direct memory, cut into
 * blocks of 64 KiB, each block cut into chunks of one size. Safe for use by several threads.
 *
 * <pre>
 *     slab 1 MiB = 16 blocks of 64 KiB
 *     block      = 256 × 256 B | 64 × 1 KiB | 16 × 4 KiB | 4 × 16 KiB | 1 × 64 KiB
 *                  (size class 0)                                       (size class 4)
 *     chunk      = addressed by a handle: slab number &lt;&lt; 20 | offset in the slab
 * </pre>
 *
 * <p>A free chunk holds the offset of the next free one of its block in its first four bytes, so
 * the bookkeeping of chunks needs no Java memory. A block whose chunks are all free may take
 * another size; a slab whose blocks are all free is let go, except for one.
 *
 * <p>The budget is a mark, not a wall: beyond it {@link #overBudget()} makes every index spill, and
 * allocation goes on. One lock guards all of it; it is taken when a page grows or dies, not per
 * message.
 */
public final class PagePool {

    /** Number of chunk sizes, each four times the one before. */
    static final int SIZE_CLASSES = 5;

    private static final int SLAB_BITS = 20;
    private static final int BLOCK_BITS = 16;
    private static final int SLAB_BYTES = 1 << SLAB_BITS;
    private static final int BLOCK_BYTES = 1 << BLOCK_BITS;
    private static final int BLOCKS = SLAB_BYTES / BLOCK_BYTES;
    private static final int SMALLEST_BYTES = 256;
    private static final int NIL = -1;
    private static final ByteBuffer NO_MEMORY = ByteBuffer.allocate(0);

    private final long budgetBytes;
    private ByteBuffer[] slabs = new ByteBuffer[4];
    private boolean[] held = new boolean[4];
    private int slabCount;
    private int slabsHeld;
    private int idleSlabs;

    /** Lists of blocks, linked both ways: per size those with a free chunk, and the free ones. */
    private final int[] roomy = new int[SIZE_CLASSES];

    private int freeBlocks = NIL;
    private int[] next = new int[0];
    private int[] previous = new int[0];

    /** Per block: chunks in use, the first free chunk's offset, and where the untouched rest begins. */
    private int[] chunksInUse = new int[0];

    private int[] freeChunk = new int[0];
    private int[] untouched = new int[0];
    private int[] blocksInUse = new int[0];

    private volatile long usedBytes;

    /**
     * @param budgetBytes chunk bytes in use beyond which the indexes spill
     */
    public PagePool(long budgetBytes) {
        this.budgetBytes = budgetBytes;
        Arrays.fill(roomy, NIL);
    }

    /** Bytes of a chunk of this size class. */
    static int chunkBytes(int sizeClass) {
        return SMALLEST_BYTES << (2 * sizeClass);
    }

    /** The smallest size class with room for so many entries of 16 bytes. */
    static int classFor(int entries) {
        int sizeClass = 0;
        while (chunkBytes(sizeClass) < entries * IndexPage.ENTRY_BYTES) {
            sizeClass++;
        }
        return sizeClass;
    }

    /** Takes a chunk with undefined content. */
    synchronized long allocate(int sizeClass) {
        int block = roomy[sizeClass];
        if (block == NIL) {
            block = openBlock(sizeClass);
        }
        int slab = block / BLOCKS;
        int blockStart = (block % BLOCKS) << BLOCK_BITS;
        int chunk = freeChunk[block];
        if (chunk == NIL) {
            chunk = untouched[block];
            untouched[block] += chunkBytes(sizeClass);
        } else {
            freeChunk[block] = slabs[slab].getInt(blockStart + chunk);
        }
        chunksInUse[block]++;
        if (full(block, sizeClass)) {
            roomy[sizeClass] = unlink(roomy[sizeClass], block);
        }
        usedBytes += chunkBytes(sizeClass);
        return (long) slab << SLAB_BITS | (blockStart + chunk);
    }

    /** The slab that the chunk lies in. */
    synchronized ByteBuffer memory(long handle) {
        return slabs[(int) (handle >>> SLAB_BITS)];
    }

    /** Where in its slab the chunk begins. */
    static int offset(long handle) {
        return (int) handle & (SLAB_BYTES - 1);
    }

    /** Gives a chunk back. */
    synchronized void free(long handle, int sizeClass) {
        int block = (int) (handle >>> BLOCK_BITS);
        int slab = block / BLOCKS;
        int blockStart = (block % BLOCKS) << BLOCK_BITS;
        int chunk = offset(handle) - blockStart;
        boolean wasFull = full(block, sizeClass);
        slabs[slab].putInt(blockStart + chunk, freeChunk[block]);
        freeChunk[block] = chunk;
        chunksInUse[block]--;
        usedBytes -= chunkBytes(sizeClass);
        if (chunksInUse[block] == 0) {
            if (!wasFull) {
                roomy[sizeClass] = unlink(roomy[sizeClass], block);
            }
            closeBlock(block);
        } else if (wasFull) {
            roomy[sizeClass] = link(roomy[sizeClass], block);
        }
    }

    /** Bytes of all chunks in use. */
    public long usedBytes() {
        return usedBytes;
    }

    /** Bytes of direct memory held, in use or not. */
    public synchronized long residentBytes() {
        return (long) slabsHeld << SLAB_BITS;
    }

    /** Whether the indexes should keep less in memory. */
    public boolean overBudget() {
        return usedBytes > budgetBytes;
    }

    /** Whether those who can do without should take no more: twice the budget is in use. */
    boolean isExhausted() {
        return usedBytes > 2 * budgetBytes;
    }

    private boolean full(int block, int sizeClass) {
        return chunksInUse[block] == BLOCK_BYTES / chunkBytes(sizeClass);
    }

    private int openBlock(int sizeClass) {
        if (freeBlocks == NIL) {
            openSlab();
        }
        int block = freeBlocks;
        freeBlocks = unlink(freeBlocks, block);
        if (blocksInUse[block / BLOCKS]++ == 0) {
            idleSlabs--;
        }
        freeChunk[block] = NIL;
        untouched[block] = 0;
        roomy[sizeClass] = link(roomy[sizeClass], block);
        return block;
    }

    private void closeBlock(int block) {
        freeBlocks = link(freeBlocks, block);
        int slab = block / BLOCKS;
        if (--blocksInUse[slab] == 0 && ++idleSlabs > 1) {
            releaseSlab(slab);
        }
    }

    private void openSlab() {
        int slab = 0;
        while (slab < slabCount && held[slab]) {
            slab++;
        }
        if (slab == slabCount) {
            addSlabNumber();
        }
        slabs[slab] = ByteBuffer.allocateDirect(SLAB_BYTES);
        held[slab] = true;
        slabsHeld++;
        idleSlabs++;
        for (int block = (slab + 1) * BLOCKS - 1; block >= slab * BLOCKS; block--) {
            freeBlocks = link(freeBlocks, block);
        }
    }

    private void addSlabNumber() {
        slabCount++;
        if (slabCount > slabs.length) {
            slabs = Arrays.copyOf(slabs, slabs.length * 2);
            held = Arrays.copyOf(held, slabs.length);
        }
        if (slabCount * BLOCKS > next.length) {
            int blocks = slabs.length * BLOCKS;
            next = Arrays.copyOf(next, blocks);
            previous = Arrays.copyOf(previous, blocks);
            chunksInUse = Arrays.copyOf(chunksInUse, blocks);
            freeChunk = Arrays.copyOf(freeChunk, blocks);
            untouched = Arrays.copyOf(untouched, blocks);
            blocksInUse = Arrays.copyOf(blocksInUse, slabs.length);
        }
    }

    private void releaseSlab(int slab) {
        for (int block = slab * BLOCKS; block < (slab + 1) * BLOCKS; block++) {
            freeBlocks = unlink(freeBlocks, block);
        }
        slabs[slab] = NO_MEMORY;
        held[slab] = false;
        slabsHeld--;
        idleSlabs--;
    }

    private int link(int head, int block) {
        next[block] = head;
        previous[block] = NIL;
        if (head != NIL) {
            previous[head] = block;
        }
        return block;
    }

    private int unlink(int head, int block) {
        int after = next[block];
        int before = previous[block];
        if (after != NIL) {
            previous[after] = before;
        }
        if (before == NIL) {
            return after;
        }
        next[before] = after;
        return head;
    }
}
