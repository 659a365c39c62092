package io.chasqui.server.amqp091;

import org.jspecify.annotations.Nullable;

/**
 * Which content of a connection, if any, still lies in received memory that is about to go away.
 * Only the newest may: one that is interleaved with another (0-9-1 §4.2.6) is copied at once.
 */
final class InPlaceContent {

    private @Nullable Publishing holder;

    void hold(Publishing publishing) {
        Publishing previous = holder;
        if (previous != null && previous != publishing) {
            previous.keep();
        }
        holder = publishing;
    }

    /** The memory goes away. */
    void leave() {
        Publishing previous = holder;
        if (previous != null) {
            holder = null;
            previous.keep();
        }
    }
}
