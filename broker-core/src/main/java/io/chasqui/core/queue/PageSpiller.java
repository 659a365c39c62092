package io.chasqui.core.queue;

import io.chasqui.core.store.PageFile;
import io.chasqui.core.store.StoreException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves index pages to and from the {@link PageFile} on an I/O thread and answers on the owner's.
 * With {@code Runnable::run} for both it answers at once, which is what recovery needs.
 */
public final class PageSpiller implements PageIo {

    private static final Logger log = LoggerFactory.getLogger(PageSpiller.class);

    private final PageFile file;
    private final Executor writes;
    private final Executor reads;
    private final Executor owner;

    /**
     * @param io runs reads and writes
     * @param owner runs the answers; the event loop that the indexes belong to
     */
    public PageSpiller(PageFile file, Executor io, Executor owner) {
        this(file, io, io, owner);
    }

    /**
     * @param writes runs the writes, which the system holds up when the disk cannot keep pace
     * @param reads runs the reads, which consumers wait for and which must not wait behind writes
     * @param owner runs the answers; the event loop that the indexes belong to
     */
    public PageSpiller(PageFile file, Executor writes, Executor reads, Executor owner) {
        this.file = file;
        this.writes = writes;
        this.reads = reads;
        this.owner = owner;
    }

    @Override
    public void write(long queueId, long pageNumber, ByteBuffer page, IntConsumer slotWritten) {
        writes.execute(() -> {
            int slot = writeOrFail(queueId, pageNumber, page);
            owner.execute(() -> slotWritten.accept(slot));
        });
    }

    private int writeOrFail(long queueId, long pageNumber, ByteBuffer page) {
        try {
            return file.write(queueId, pageNumber, page);
        } catch (StoreException e) {
            log.warn("Queue index stays in memory: {}", e.getMessage());
            return FAILED;
        }
    }

    @Override
    public void read(int slot, long queueId, long pageNumber, ByteBuffer target, Arrival arrival) {
        reads.execute(() -> {
            boolean intact = readOrFail(slot, queueId, pageNumber, target);
            owner.execute(() -> arrival.arrived(intact));
        });
    }

    private boolean readOrFail(int slot, long queueId, long pageNumber, ByteBuffer target) {
        try {
            file.read(slot, queueId, pageNumber, target);
            return true;
        } catch (StoreException e) {
            log.error("Messages of a queue are lost from its index: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void release(int slot) {
        file.release(slot);
    }
}
