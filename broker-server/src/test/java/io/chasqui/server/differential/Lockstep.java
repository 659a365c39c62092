package io.chasqui.server.differential;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Takes two brokers through scenarios, and tells where they part. */
final class Lockstep {

    /** Dead letters arrive when they do: how long counts may differ. */
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(2);

    /** A difference counts if it shows each time: dead letters may be late on both sides at once. */
    private static final int TRIES = 3;

    private final Side one;
    private final Side other;

    Lockstep(Side one, Side other) {
        this.one = one;
        this.other = other;
    }

    /** Where the two part in this scenario, if they do. */
    Optional<String> difference(long seed)
            throws IOException, InterruptedException, TimeoutException {
        Optional<String> first = Optional.empty();
        for (int i = 0; i < TRIES; i++) {
            first = run(seed);
            if (first.isEmpty()) {
                return first;
            }
        }
        return first;
    }

    private Optional<String> run(long seed)
            throws IOException, InterruptedException, TimeoutException {
        one.clear();
        other.clear();
        List<Step> steps = Scenario.steps(seed);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            String here = one.take(step);
            String there = other.take(step);
            if (!here.equals(there)) {
                return Optional.of(told(seed, i, step, here, there));
            }
            if (moves(step)) {
                long deadline = System.nanoTime() + SETTLE_NS;
                here = one.counts();
                there = other.counts();
                while (!here.equals(there)) {
                    if (System.nanoTime() - deadline > 0) {
                        return Optional.of(told(seed, i, step, here, there));
                    }
                    LockSupport.parkNanos(LOOK_AGAIN_NS);
                    here = one.counts();
                    there = other.counts();
                }
            }
        }
        return Optional.empty();
    }

    /** Whether messages may be on their way after it. */
    private static boolean moves(Step step) {
        return step instanceof Step.Publish
                || step instanceof Step.Get
                || step instanceof Step.Settle;
    }

    private static String told(long seed, int number, Step step, String here, String there) {
        String newLine = System.lineSeparator();
        return "seed "
                + seed
                + ", step "
                + number
                + ": "
                + step
                + newLine
                + "    one:   "
                + here
                + newLine
                + "    other: "
                + there;
    }
}
