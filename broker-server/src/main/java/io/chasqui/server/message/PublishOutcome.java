package io.chasqui.server.message;

/** What became of a message that was published. */
public enum PublishOutcome {
    /** It is in all queues it belongs to, and on disk if it must be. */
    ROUTED,
    /** It belongs to no queue. */
    UNROUTABLE,
    /** A queue it belongs to is full and did not take it. */
    REFUSED
}
