package io.chasqui.core.queue;

/** What has become of a message that was in an index. */
enum Presence {
    READY,
    /** Given out, or on its way elsewhere. */
    OUT,
    GONE,
    /** Not known yet: its page is being read, after which the index's owner is called. */
    LOADING
}
