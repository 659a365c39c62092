package io.chasqui.core.session;

import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Receiver;
import java.util.List;

/**
 * Hears what queues say that may refuse a message because they are full. A publish asks each such
 * queue on its route; each says once whether it took the message. Lives on the publisher's shard.
 *
 * <p>{@link #receive} takes an answer: the publish's number, 1 if the queue took it or 0, and which of
 * the queues asked it was, from 0 on.
 */
public interface Verdicts extends Receiver {

    /**
     * A message was stored, and the queues are about to be asked.
     *
     * @param position what must be on disk before it is confirmed; 0 for nothing
     * @param queues that will answer
     * @return the publish's number
     */
    long asked(long position, List<Queue> queues);
}
