package io.chasqui.core.queue;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/**
 * How an index moves its pages out of memory and back: a port, so that the index does no I/O of its
 * own. Calls come on the index's owner thread, and so do the answers, at once or later.
 */
public interface PageIo {

    /** Told instead of a slot when a page could not be written. */
    int FAILED = -1;

    /**
     * Writes a page of 64 KiB and tells its slot, or {@link #FAILED}. The memory may change or serve
     * another page meanwhile: then what was written is worth nothing, and the caller releases the
     * slot as soon as it is told.
     */
    void write(long queueId, long pageNumber, ByteBuffer page, IntConsumer slotWritten);

    /** Reads a page into {@code target}. */
    void read(int slot, long queueId, long pageNumber, ByteBuffer target, Arrival arrival);

    /** The slot's page is needed no more. */
    void release(int slot);

    /** Told when a page was read. */
    @FunctionalInterface
    interface Arrival {

        /**
         * @param intact false if the page could not be read or is not what was written
         */
        void arrived(boolean intact);
    }
}
