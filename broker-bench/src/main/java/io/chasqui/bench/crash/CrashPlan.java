package io.chasqui.bench.crash;

import java.time.Duration;

/**
 * What a crash test does.
 *
 * @param uri where the broker listens, {@code amqp://user:password@host:port}
 * @param rounds kills under load
 * @param killAfterLeastMs earliest kill after the load began
 * @param killAfterMostMs latest one
 * @param killStartingPercent how many starts in a hundred are cut short by another kill
 * @param ratePerSecond messages a second of each publisher
 * @param window messages a publisher may have unconfirmed
 * @param largeEvery one message of so many is large; 0: none
 * @param backlog whether a queue nobody consumes grows until the end
 */
record CrashPlan(
        String uri,
        int rounds,
        long seed,
        int killAfterLeastMs,
        int killAfterMostMs,
        int killStartingPercent,
        int publishers,
        int queues,
        int consumersPerQueue,
        int prefetch,
        int ratePerSecond,
        int window,
        int bodyBytes,
        int largeEvery,
        boolean backlog,
        Duration startPatience,
        Duration drainPatience) {

    /** Larger than a frame, so that it comes in several. */
    static final int LARGE_BODY_BYTES = 300_000;
}
