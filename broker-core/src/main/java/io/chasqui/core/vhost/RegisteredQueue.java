package io.chasqui.core.vhost;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.exchange.Destination;
import io.chasqui.core.queue.Queue;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A queue as its virtual host knows it.
 *
 * @param ownerSessionId of the session that has it for itself, 0 if none has
 * @param destination the one that all bindings to it share
 * @param bindings that lead to it; guarded by the lock of the virtual host
 */
record RegisteredQueue(
        Queue queue,
        long ownerSessionId,
        Destination destination,
        Set<BindingDefinition> bindings) {

    RegisteredQueue(Queue queue, long ownerSessionId) {
        this(queue, ownerSessionId, new Destination.ToQueue(queue), new LinkedHashSet<>());
    }
}
