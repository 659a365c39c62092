package io.chasqui.core.queue;

/** What became of a message that a queue gave out. */
public enum Settlement {
    /** Bytes are on their way to the client; it has yet to settle the message. */
    WRITTEN,
    /** Bytes are on their way, and the client need not settle (0-9-1 no-ack, 1.0 pre-settled). */
    WRITTEN_AND_ACKNOWLEDGED,
    /** Never sent: back to its place as if it had not been given out. */
    UNSENT,
    /**
     * Could not be read from disk, and so not sent. It stays out of the queue's way but in the store:
     * the next start tries again.
     */
    UNREADABLE,
    /** Is no longer in the store and never will be, and so not sent: the queue drops it, and says so. */
    GONE,
    /** Done with (basic.ack). */
    ACKNOWLEDGED,
    /**
     * Refused for good by a client that failed with it (basic.reject without requeue): dropped, or
     * dead-lettered, and then flagged as redelivered.
     */
    REJECTED,
    /** Refused for good (nack without requeue): the same, but no failure. */
    DISCARDED,
    /**
     * Given back by a client that failed with it (reject with requeue, closed channel): to its original
     * place, flagged, and counted as a failure where that matters.
     */
    REQUEUED,
    /** Given back unharmed (nack with requeue, recover, kept for too long): the same, but no failure. */
    RETURNED;

    /** Whether it is of a message that the client had. */
    boolean wasWritten() {
        return switch (this) {
            case ACKNOWLEDGED, REJECTED, DISCARDED, REQUEUED, RETURNED -> true;
            case WRITTEN, WRITTEN_AND_ACKNOWLEDGED, UNSENT, UNREADABLE, GONE -> false;
        };
    }

    private static final Settlement[] ALL = values();

    static Settlement of(int ordinal) {
        return ALL[ordinal];
    }
}
