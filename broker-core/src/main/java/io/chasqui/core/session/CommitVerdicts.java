package io.chasqui.core.session;

import io.chasqui.core.queue.Queue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the queues say that a transaction's messages went to, where they may be full. */
final class CommitVerdicts implements Verdicts {

    private int open;
    private boolean refused;
    private @Nullable Runnable whenAnswered;

    @Override
    public long asked(long position, List<Queue> queues) {
        open += queues.size();
        return 0;
    }

    @Override
    public void receive(long number, long taken, long queue) {
        open--;
        refused |= taken == 0;
        Runnable waiting = whenAnswered;
        if (open == 0 && waiting != null) {
            whenAnswered = null;
            waiting.run();
        }
    }

    /** Whether one of the messages was refused by a queue; known when all have answered. */
    boolean anyRefused() {
        return refused;
    }

    /** Runs the task when all have answered; at once if none was asked. */
    void whenAnswered(Runnable task) {
        if (open == 0) {
            task.run();
        } else {
            whenAnswered = task;
        }
    }
}
