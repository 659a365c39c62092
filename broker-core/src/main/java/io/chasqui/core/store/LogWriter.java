package io.chasqui.core.store;

/**
 * What takes records from the ring to disk, in one thread's steps: {@link LogFlusher} for the durable
 * log, {@link TransientSpiller} for the transient one.
 */
sealed interface LogWriter extends StepThread.Step permits LogFlusher, TransientSpiller {

    /** Whether a step should come sooner than the writer's own time; cheap, asked once per tick. */
    boolean wanted();

    /** Whether the disk has no room for what must be written next. */
    boolean starved();

    /** Does one step's work; whether it wrote anything. */
    boolean runOnce();

    /** Writes and syncs all that is left, and closes the file being written; after the last step. */
    void close();
}
