package io.chasqui.server.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Takes two brokers through scenarios, and tells where they part. */
final class Lockstep {

    /** Dead letters and deliveries arrive when they do: how long states may differ. */
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(2);

    /** The same while a scenario is made smaller. */
    private static final long SETTLE_BRIEFLY_NS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Every time to live has passed once nothing has changed for as long. */
    private static final long QUIET_NS =
            TimeUnit.MILLISECONDS.toNanos(2L * Scenario.LONGEST_TTL_MS);

    /** A difference counts if it shows each time: dead letters may be late on both sides at once. */
    private static final int TRIES = 4;

    private final Side one;
    private final Side other;

    Lockstep(Side one, Side other) {
        this.one = one;
        this.other = other;
    }

    /** Where the two part in this scenario, if they do. */
    Optional<String> difference(long seed)
            throws IOException, InterruptedException, TimeoutException {
        List<Step> steps = Scenario.steps(seed);
        String found = null;
        for (int i = 0; i < TRIES; i++) {
            found = run(steps, SETTLE_NS);
            if (found == null) {
                return Optional.empty();
            }
        }
        return Optional.of("seed " + seed + ", " + found);
    }

    /** As {@link #difference}, with fewest of the steps that show it. */
    Optional<String> smallestDifference(long seed)
            throws IOException, InterruptedException, TimeoutException {
        Optional<String> whole = difference(seed);
        if (whole.isEmpty()) {
            return whole;
        }
        List<Step> steps = new ArrayList<>(Scenario.steps(seed));
        for (int size = steps.size() / 2; size > 0; size /= 2) {
            for (int from = steps.size() - size; from >= 0; from -= size) {
                List<Step> fewer = new ArrayList<>(steps);
                fewer.subList(from, from + size).clear();
                if (partTwice(fewer)) {
                    steps = fewer;
                }
            }
        }
        StringBuilder smallest = new StringBuilder("seed " + seed + ", made smaller:");
        steps.forEach(step -> smallest.append(System.lineSeparator()).append("  ").append(step));
        return Optional.of(
                whole.get()
                        + System.lineSeparator()
                        + smallest
                        + System.lineSeparator()
                        + "  "
                        + run(steps, SETTLE_NS));
    }

    private boolean partTwice(List<Step> steps)
            throws IOException, InterruptedException, TimeoutException {
        for (int i = 0; i < 2; i++) {
            if (run(steps, SETTLE_BRIEFLY_NS) == null) {
                return false;
            }
        }
        return true;
    }

    private @Nullable String run(List<Step> steps, long settleNs)
            throws IOException, InterruptedException, TimeoutException {
        one.clear();
        other.clear();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            String here = one.take(step);
            String there = other.take(step);
            if (!here.equals(there)) {
                return told(i, step, here, there);
            }
            if (!(step instanceof Step.Quiet) && !here.equals("empty")) {
                String parted = settle(i, step, settleNs);
                if (parted != null) {
                    return parted;
                }
            }
        }
        return null;
    }

    /** Waits until both sides are in the same state, and time has passed where it should. */
    private @Nullable String settle(int number, Step step, long settleNs) throws IOException {
        long quietNs = step instanceof Step.LetTimePass ? QUIET_NS : 0;
        String before = "";
        long sinceNs = System.nanoTime();
        long alikeNs = sinceNs;
        while (true) {
            String here = one.state();
            String there = other.state();
            long now = System.nanoTime();
            boolean alike = here.equals(there);
            if (alike) {
                alikeNs = now;
            }
            if (!here.equals(before)) {
                before = here;
                sinceNs = now;
            }
            if (alike && now - sinceNs >= quietNs) {
                return null;
            }
            if (now - alikeNs > settleNs) {
                return told(number, step, here, there);
            }
            LockSupport.parkNanos(quietNs == 0 ? LOOK_AGAIN_NS : 20 * LOOK_AGAIN_NS);
        }
    }

    private static String told(int number, Step step, String here, String there) {
        String newLine = System.lineSeparator();
        return "step "
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
