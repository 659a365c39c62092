package io.chasqui.core.queue;

import io.chasqui.core.message.MessageFilter;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a queue a consumer is after, and what for.
 *
 * @param filter tells which it wants; null for all
 */
public record Interest(@Nullable MessageFilter filter, Purpose purpose) {

    /** Whatever comes, to be taken. */
    public static final Interest ALL = new Interest(null, Purpose.TAKE);

    /** What a consumer is there for. */
    public enum Purpose {
        /** To take what it wants; the rest stays for others. */
        TAKE,
        /** To take what it wants; the rest is dropped, because the queue is there for it alone. */
        SIFT,
        /** To look: it is given each message once and takes none. */
        BROWSE
    }

    /** Whether it only looks. */
    public boolean browses() {
        return purpose == Purpose.BROWSE;
    }

    /** Whether it takes the messages as they come. */
    boolean isAll() {
        return filter == null && !browses();
    }
}
