package io.chasqui.core.queue;

import io.chasqui.core.message.MessageFilter;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a queue a consumer is after, and what for.
 *
 * @param filter tells which it wants; null for all
 * @param browses whether it only looks: it is given each message once and takes none
 */
public record Interest(@Nullable MessageFilter filter, boolean browses) {

    /** Whatever comes, to be taken. */
    public static final Interest ALL = new Interest(null, false);

    /** Whether it takes the messages as they come. */
    boolean isAll() {
        return filter == null && !browses;
    }
}
