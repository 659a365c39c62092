package io.chasqui.core.vhost;

import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueSettings;

/**
 * Makes the queue behind a definition and gives it a home shard. Called under the lock of the
 * virtual host, so it must not wait for anything.
 */
public interface QueueFactory {

    /**
     * Called before any thread can find the queue.
     *
     * @param settings what the queue goes by: its arguments and the policies for it
     * @param ownerSessionId of the session that an exclusive queue belongs to, 0 if there is none
     */
    Queue create(
            VirtualHost vhost,
            QueueDefinition definition,
            QueueSettings settings,
            long ownerSessionId);

    /** Has the queue go by other settings soon; the last that it is given count. */
    void apply(Queue queue, QueueSettings settings);
}
