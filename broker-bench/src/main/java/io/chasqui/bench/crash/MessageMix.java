package io.chasqui.bench.crash;

import java.util.List;
import java.util.SplittableRandom;

/**
 * What one publisher publishes next, by its seed: one message in eight through the fanout, one
 * transient, one onto the backlog if there is one, the others persistent to a work queue.
 */
final class MessageMix {

    private static final int SHARES = 8;
    private static final int FANOUT_SHARE = 0;
    private static final int TRANSIENT_SHARE = 1;
    private static final int BACKLOG_SHARE = 2;

    private final LoadTopology topology;
    private final List<Route> work;
    private final CrashPlan plan;
    private final SplittableRandom random;

    MessageMix(CrashPlan plan, LoadTopology topology, int publisher) {
        this.plan = plan;
        this.topology = topology;
        this.work = topology.workRoutes();
        this.random = new SplittableRandom(plan.seed() + 1 + publisher);
    }

    /** A message to be. */
    record Next(Route route, boolean persistent, int bodyBytes) {}

    Next next() {
        int share = random.nextInt(SHARES);
        Route route = work.get(random.nextInt(work.size()));
        if (share == FANOUT_SHARE) {
            route = topology.fanoutRoute();
        } else if (share == BACKLOG_SHARE && topology.hasBacklog()) {
            route = topology.backlogRoute();
        }
        boolean large = plan.largeEvery() > 0 && random.nextInt(plan.largeEvery()) == 0;
        int bodyBytes = large ? CrashPlan.LARGE_BODY_BYTES : plan.bodyBytes();
        return new Next(route, share != TRANSIENT_SHARE, bodyBytes);
    }
}
