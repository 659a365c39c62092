package io.chasqui.core.session;

import java.nio.ByteBuffer;

/**
 * Where a front end writes the messages of one consumer to its connection. All calls come on the
 * session's shard, but for {@link #writable}.
 */
public interface DeliverySink {

    /**
     * Writes one message to the connection's output. The record is only valid during the call.
     *
     * @param subscription whose message it is
     * @param seq its place in the queue, to be given back when it is settled
     * @param position where the message is stored
     * @param record memory that holds the message, to be read through {@link
     *     io.chasqui.core.message.StoredMessage} with absolute gets
     * @param at where its record begins
     */
    void deliver(
            Subscription subscription,
            long seq,
            long position,
            boolean redelivered,
            ByteBuffer record,
            int at);

    /** Takes the delivery just written back: its memory was overwritten meanwhile; it comes again. */
    void undo();

    /** A message that was on its way could not be read; it is passed over. */
    void passedOver();

    /** Whether the connection can take more just now. Any thread. */
    boolean writable();

    /**
     * The consumer kept a message for longer than it may. What it has is to be given back, see {@link
     * UnackedLedger#giveBack}; nothing more will come, or, if it has not ended ({@link
     * Subscription#hasEnded}), nothing until {@link Subscription#tookBack} says.
     */
    void timedOut(Subscription subscription, long timeoutMs);

    /** The number of the channel it writes to, 0 if its protocol has none. */
    int channel();

    /** The queue was deleted; nothing more will come. */
    void queueDeleted();

    /** There is nothing more for the credit that {@link Subscription#grant} was to drain. */
    default void drained() {}

    /** See {@link Subscription#activity}; may be told before the subscription is, and twice. */
    default void activityChanged() {}
}
