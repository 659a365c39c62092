package io.chasqui.core.vhost;

import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.queue.Queue;

/** Makes the queue behind a definition and gives it a home shard. */
public interface QueueFactory {

    /**
     * Called under the lock of the virtual host, so it must not wait for anything, before any
     * thread can find the queue.
     *
     * @param ownerSessionId of the session that an exclusive queue belongs to, 0 if there is none
     */
    Queue create(VirtualHost vhost, QueueDefinition definition, long ownerSessionId);
}
