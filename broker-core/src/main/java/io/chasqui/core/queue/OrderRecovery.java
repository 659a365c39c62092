package io.chasqui.core.queue;

/**
 * The order of a queue on its way back after a restart: filled from a checkpoint, then asked for
 * messages by their place in the log. Ends with {@link #end}, before the queue runs. Until then pages
 * are read at once, so the {@link PageIo} must answer at once.
 */
public interface OrderRecovery {

    /** Takes the content of a checkpoint into the order, which must be fresh. */
    IndexSnapshotSink restoring();

    /** Whether the message at a durable position is in the queue. */
    boolean contains(long position);

    /**
     * The same for a message whose priority is known.
     *
     * @param priority 0…255, or {@link io.chasqui.core.message.StoredMessage#NO_PRIORITY}
     */
    boolean contains(long position, int priority);

    /**
     * Settles a message.
     *
     * @param receipt what {@link QueueOrder#receipt} made of it, or its durable position
     * @return false if it is not in the queue
     */
    boolean settle(long receipt);

    /**
     * Clients failed so often with the message of that receipt, and gave it back unharmed so often;
     * nothing if it is not in the queue.
     */
    void count(long receipt, int failures, int returns);

    /** Recovery is over: drops its search tables and installs the port to be used from now on. */
    void end(PageIo io);
}
