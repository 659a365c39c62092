package io.chasqui.core.queue;

import io.chasqui.core.message.DeadLetter;
import java.util.List;

/** What a queue asks of the world of definitions it is part of. */
public interface QueueLifecycle {

    /** Removes the queue's definition and bindings; returns the log position to wait for. */
    long remove(Queue queue);

    /** How long consumers of quorum queues may keep a message that nobody says otherwise for. */
    long consumerTimeoutMs();

    /** The queue's name as refusals spell it: {@code queue 'q' in vhost '/'}. */
    String describe(Queue queue);

    /** The queues that a dead letter goes to; none if its exchange is missing. Any thread. */
    List<Queue> route(DeadLetter letter);

    /** Routes that are known must be asked for anew: what a queue does with messages changed. */
    void routesChanged();
}
