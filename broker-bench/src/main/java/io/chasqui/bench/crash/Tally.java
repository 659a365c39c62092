package io.chasqui.bench.crash;

import java.util.EnumMap;
import java.util.Map;

/** What a {@link Ledger} counts. */
final class Tally {

    /** Each kind of event; some of them must never happen. */
    enum Kind {
        PUBLISHED(false, "publishes begun"),
        CONFIRMED(false, "publishes the broker confirmed"),
        NACKED(false, "publishes the broker refused"),
        DELIVERED(false, "deliveries"),
        DUP_FLAGGED(false, "delivered again, flagged, never acknowledged before the kill"),
        DUP_ACKED(false, "delivered again, flagged, acknowledged shortly before the kill"),
        LOST(true, "copies of confirmed persistent messages that never came"),
        PHANTOM(true, "deliveries of what was never published to that queue"),
        CORRUPT(true, "deliveries whose body fails its checksum"),
        REORDERED(true, "deliveries behind a later message of their publisher"),
        DUP_UNFLAGGED(true, "delivered again after a kill without the redelivered flag"),
        DUP_LIVE(true, "delivered twice in one life of the broker"),
        DUP_SETTLED(true, "delivered again though acknowledged long before the kill"),
        DUP_EXCESS(true, "delivered again though acknowledged, beyond what prefetch allows"),
        DISCONNECTED(true, "connections or channels the live broker closed");

        private final boolean violation;
        private final String meaning;

        Kind(boolean violation, String meaning) {
            this.violation = violation;
            this.meaning = meaning;
        }

        boolean isViolation() {
            return violation;
        }

        String meaning() {
            return meaning;
        }
    }

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    void add(Kind kind, long amount) {
        counts.merge(kind, amount, Long::sum);
    }

    long get(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    long violations() {
        long sum = 0;
        for (Map.Entry<Kind, Long> entry : counts.entrySet()) {
            if (entry.getKey().isViolation()) {
                sum += entry.getValue();
            }
        }
        return sum;
    }

    Tally copy() {
        Tally copy = new Tally();
        copy.counts.putAll(counts);
        return copy;
    }
}
