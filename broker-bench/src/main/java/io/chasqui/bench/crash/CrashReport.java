package io.chasqui.bench.crash;

import io.chasqui.bench.crash.Tally.Kind;
import java.util.List;
import java.util.Locale;

/** How a crash test ended, and its words. */
record CrashReport(
        Tally tally,
        List<String> examples,
        RecoveryTimes untilReady,
        RecoveryTimes untilConnected,
        boolean drained) {

    boolean brokerKeptItsWord() {
        return drained && tally.violations() == 0;
    }

    /** One line for one kill and the start after it. */
    static String round(
            int round, int delayMs, int cutShort, String recovery, Tally before, Tally after) {
        return String.format(
                Locale.ROOT,
                "round %3d  killed after %4d ms%s  %s  published %,d  confirmed %,d"
                        + "  delivered %,d  again %,d  violations %,d",
                round,
                delayMs,
                cutShort == 0 ? "" : " and " + cutShort + " times while starting",
                recovery,
                after.get(Kind.PUBLISHED) - before.get(Kind.PUBLISHED),
                after.get(Kind.CONFIRMED) - before.get(Kind.CONFIRMED),
                after.get(Kind.DELIVERED) - before.get(Kind.DELIVERED),
                duplicates(after) - duplicates(before),
                after.violations() - before.violations());
    }

    private static long duplicates(Tally tally) {
        return tally.get(Kind.DUP_FLAGGED) + tally.get(Kind.DUP_ACKED);
    }

    /** A table of all counts, what went wrong, and the verdict. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Kind kind : Kind.values()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%-14s %,12d  %s%s%n",
                            kind.name().toLowerCase(Locale.ROOT),
                            tally.get(kind),
                            kind.isViolation() ? "(must be 0) " : "",
                            kind.meaning()));
        }
        text.append("start to ready            ").append(untilReady).append('\n');
        text.append("start to first connection ").append(untilConnected).append('\n');
        examples.forEach(example -> text.append("  ").append(example).append('\n'));
        if (!drained) {
            text.append("NOT DRAINED in time: what is lost may only be late\n");
        }
        return text.append(brokerKeptItsWord() ? "PASSED" : "FAILED").toString();
    }
}
