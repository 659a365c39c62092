package io.chasqui.core.shard;

/**
 * The event loop under a shard, as a port: Netty's in the server, a hand-cranked one in tests.
 *
 * <p>Tasks run one at a time, in the order of submission, on one thread.
 */
public interface ShardLoop {

    /** Runs the task on the loop's thread as soon as it is free. Any thread may call. */
    void execute(Runnable task);

    /** Runs the task on the loop's thread when so much time has passed. Any thread may call. */
    void schedule(Runnable task, long delayNs);

    /** Whether the caller is on the loop's thread. */
    boolean inLoop();
}
