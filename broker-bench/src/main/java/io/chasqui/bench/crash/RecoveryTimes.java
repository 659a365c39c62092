package io.chasqui.bench.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long starts took, in milliseconds. */
final class RecoveryTimes {

    private final List<Long> sorted = new ArrayList<>();

    void add(long millis) {
        sorted.add(millis);
        sorted.sort(null);
    }

    /** Minimum, median and maximum in seconds. */
    @Override
    public String toString() {
        if (sorted.isEmpty()) {
            return "none";
        }
        return String.format(
                Locale.ROOT,
                "min %.2f  median %.2f  max %.2f s",
                sorted.getFirst() / 1e3,
                sorted.get(sorted.size() / 2) / 1e3,
                sorted.getLast() / 1e3);
    }
}
