package io.chasqui.core.session;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Shard;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Tells when acknowledgements are on disk, for those that want to hear that a message never comes again. A
 * queue appends its acknowledgements to the log when a tick of its shard ends, and nobody waits for them
 * otherwise. Belongs to the session's shard.
 */
public final class SettlementBarrier {

    private final Shard shard;
    private final MessageStore store;
    private final Set<Shard> acknowledging = Collections.newSetFromMap(new IdentityHashMap<>());

    SettlementBarrier(Shard shard, MessageStore store) {
        this.shard = shard;
        this.store = store;
    }

    /**
     * Notes a message that was just acknowledged.
     *
     * @return whether there is anything to wait for; a message that does not survive a crash anyway has
     *     nothing on disk
     */
    public boolean acknowledged(Subscription owner, long position) {
        Queue queue = owner.queue();
        if (!queue.isDurable() || MessageStore.isTransient(position)) {
            return false;
        }
        acknowledging.add(queue.shard());
        return true;
    }

    /** Runs the task once all acknowledgements noted so far are on disk. */
    public void whenOnDisk(Runnable task) {
        List<Shard> noted = List.copyOf(acknowledging);
        acknowledging.clear();
        int[] open = {noted.size()};
        Runnable each =
                () -> {
                    if (--open[0] == 0) {
                        task.run();
                    }
                };
        noted.forEach(queues -> shard.run(queues, () -> queues.atFlush(() -> await(each))));
    }

    /** On a queue's shard, whose tick has appended what its queues had. */
    private void await(Runnable task) {
        long end = store.durableLog().requestSync();
        shard.submit(() -> shard.whenDurable(end - 1, task));
    }
}
