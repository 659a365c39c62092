package io.chasqui.core.queue;

/**
 * Takes one index's content for a checkpoint, or gives it back to an index at recovery. The calls
 * come in this order: {@link #begin} once, then entries and spilled pages by ascending sequence
 * number, then those that were given back, {@link #end} once.
 */
public interface IndexSnapshotSink {

    /**
     * @param nextSeq sequence number of the next message
     * @param redeliveredBelow messages below this sequence number count as redelivered
     */
    void begin(long queueId, long nextSeq, long redeliveredBelow);

    /**
     * A message that is ready; one that was given out and not settled comes as redelivered.
     *
     * @param size see {@link MessageSize}
     * @param flags {@link QueueIndex#REDELIVERED}, {@link QueueIndex#PERSISTENT}, {@link
     *     QueueIndex#LARGE}
     */
    void entry(long seq, long position, int size, int flags, int priority, int deliveryCount);

    /** 4096 messages that lie in the page file. */
    void spilledPage(long pageNumber, SpilledPage page);

    /** A message was given back unharmed so often. */
    void returned(long seq, int returns);

    void end();
}
