package io.chasqui.core.queue;

import java.util.List;

/**
 * The order in which one queue gives out its messages: by arrival ({@link QueueIndex}), or by
 * priority and then by arrival ({@link PriorityIndex}). Belongs to the queue's shard.
 *
 * <p>A message is known by its sequence number, which it keeps for life. What is asked of a sequence
 * number is asked of a message that was peeked at or taken.
 */
public sealed interface QueueOrder permits QueueIndex, PriorityIndex {

    /**
     * Adds a message.
     *
     * @param position where in the log its record is
     * @param size of its record and body: {@link MessageSize}
     * @param flags any of {@link QueueIndex#PERSISTENT}, {@link QueueIndex#LARGE}, {@link
     *     QueueIndex#TIME_TO_LIVE}, {@link QueueIndex#REDELIVERED}
     * @param priority 0…255, or {@link io.chasqui.core.message.StoredMessage#NO_PRIORITY}
     * @return its sequence number
     */
    long append(long position, int size, int flags, int priority);

    /** Adds a message that is not ready but given out already; as {@link #append}. */
    long appendTaken(long position, int size, int flags, int priority);

    /** Takes a ready message whose entry is in memory, wherever it lies; it is unacknowledged then. */
    void takeOut(long seq);

    /**
     * A message that was given out, and still is, counts one failed delivery more.
     *
     * @return how many it has
     */
    int countFailure(long seq);

    /**
     * A message that was given out, and still is, counts as given back unharmed once more, and as
     * redelivered.
     */
    void countReturn(long seq);

    /** How often {@link #countReturn} was called for a message. */
    int returns(long seq);

    /** A client failed with a message that was given out, and still is. */
    void markFailed(long seq);

    /**
     * Takes the first ready message; it is unacknowledged then.
     *
     * @return its sequence number, {@link QueueIndex#NONE} or {@link QueueIndex#LOADING}
     */
    long takeReady();

    /**
     * The first ready message, left where it is.
     *
     * @return its sequence number, {@link QueueIndex#NONE} or {@link QueueIndex#LOADING}
     */
    long peekReady();

    /** The message is done with, whether it was given out or not. */
    void settle(long seq);

    /**
     * Gives a message back to its place, marked as redelivered.
     *
     * @param failed whether a client failed with it; its delivery count rises then
     */
    void requeue(long seq, boolean failed);

    /** Gives a message back to its place as if it had never been taken. */
    void putBack(long seq);

    /** Where in the log the message's record is. */
    long position(long seq);

    /** Bytes of the message's record. */
    int length(long seq);

    boolean redelivered(long seq);

    /** {@link QueueIndex#PERSISTENT} and the others. */
    int flags(long seq);

    default boolean persistent(long seq) {
        return (flags(seq) & QueueIndex.PERSISTENT) != 0;
    }

    default boolean large(long seq) {
        return (flags(seq) & QueueIndex.LARGE) != 0;
    }

    /** Whether a client failed with the message, here or in a queue that it died in. */
    default boolean failed(long seq) {
        return (flags(seq) & QueueIndex.FAILED) != 0;
    }

    /** Whether the message's record says how long it may live. */
    default boolean timeToLive(long seq) {
        return (flags(seq) & QueueIndex.TIME_TO_LIVE) != 0;
    }

    /** Counted requeues; stays at 65535 once there. */
    int deliveryCount(long seq);

    long queueId();

    long ready();

    long unacked();

    /** Sum of the bodies of all ready messages; see {@link MessageSize}. */
    long readyBytes();

    /** Sum of the bodies of all messages that are given out. */
    long unackedBytes();

    /** Messages lost from the queue because a page could not be read back. */
    long damaged();

    /**
     * Drops every ready message. They count no more at once; most of them are reported by the
     * {@link #continuePurge} calls that must follow.
     *
     * @return how many were dropped
     */
    long purge(QueueIndex.Dropped dropped);

    /**
     * Drops everything, unacknowledged messages too: the queue is being deleted. {@link
     * #continuePurge} calls must follow.
     *
     * @return how many were dropped
     */
    long clear();

    /**
     * Goes on reporting what was dropped, looking at no more than {@code maxEntries} entries.
     *
     * @return whether to call again soon; false when all is reported and while a page is being read,
     *     after which the owner is called
     */
    boolean continuePurge(int maxEntries, QueueIndex.Dropped dropped);

    /** Whether there are dropped messages still to be reported. */
    boolean purging();

    /** Gives back what an idle queue does not need; to be called now and then. */
    void trim();

    /**
     * What an acknowledgement in the log says of a message that is done with, for {@link
     * OrderRecovery#settle}. From any thread.
     *
     * @param position where its record is
     */
    long receipt(long seq, long position);

    /**
     * The orders by arrival that it consists of, most urgent first: one for each level of priority
     * that was ever in use. Within one of them messages expire in their order.
     */
    List<QueueIndex> levels();

    /** What may be asked until {@link OrderRecovery#end}: before its queue runs. */
    OrderRecovery recovery();

    /** From now on every message in the queue counts as redelivered: it may have been, before a crash. */
    void markAllRedelivered();
}
