package io.chasqui.core.queue;

import java.util.Arrays;

/**
 * The ids of the durable queues that a message goes to, as its record in the durable log names them.
 * Scratch space for one thread, used again for each message.
 */
public final class DurableTargets {

    private long[] ids = new long[8];
    private int count;

    /** Forgets those of the message before. */
    public void clear() {
        count = 0;
    }

    /** The message goes to this queue too. */
    public void add(Queue queue) {
        if (queue.isDurable()) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, count * 2);
            }
            ids[count++] = queue.id();
        }
    }

    /** The ids, the first {@link #count()} of them. */
    public long[] ids() {
        return ids;
    }

    public int count() {
        return count;
    }
}
