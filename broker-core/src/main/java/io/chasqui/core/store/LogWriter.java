package io.chasqui.core.store;

import java.io.IOException;
import java.util.List;

/**
 * What takes records from the ring to disk, on a thread of its own: {@link LogFlusher} for the
 * durable log, {@link TransientSpiller} for the transient one. Until it is started, a test steps
 * it.
 */
sealed interface LogWriter extends StepThread.Step permits LogFlusher, TransientSpiller {

    void start();

    /** Has it step soon; whether it slept. */
    boolean wake();

    /** Whether it should be woken before its own time; cheap, asked once per tick. */
    boolean wanted();

    /** Bytes that wait for the disk and cannot be overwritten. */
    long pendingBytes();

    /** Whether the disk has no room for what must be written next. */
    boolean starved();

    /** Does one step's work; whether it wrote anything. */
    boolean runOnce();

    /** Makes one segment more ready to be written to, if one is missing. */
    void prepareOnce();

    /**
     * Gives the disk space of dead segments back.
     *
     * @param dead their numbers; one that is still written to, or live after all, is left out
     * @return how many were freed
     */
    int free(List<Long> dead) throws IOException;

    /** Ends the thread, writes and syncs what is to outlive the broker, closes all files. */
    void close() throws IOException;
}
