package io.chasqui.metrics;

import io.chasqui.core.time.Durations;
import io.chasqui.metrics.Exposition.Type;
import java.io.IOException;
import java.util.List;

/** Writes durations as histograms in seconds. */
final class Histograms {

    private static final double NS_PER_SECOND = 1e9;
    private static final double US_PER_SECOND = 1e6;

    private final Exposition to;

    Histograms(Exposition to) {
        this.to = to;
    }

    void family(String name, String help) throws IOException {
        to.family(name, Type.HISTOGRAM, help);
    }

    /**
     * Writes one histogram of the family.
     *
     * @param parts what it is the sum of, all of one scale; none if there is nothing
     */
    void write(String name, String labels, List<Durations> parts) throws IOException {
        if (parts.isEmpty()) {
            return;
        }
        Durations.Scale scale = parts.getFirst().scale();
        String prefix = labels.isEmpty() ? "" : labels + ',';
        long sumNs = 0;
        for (Durations part : parts) {
            sumNs += part.sumNs();
        }
        long count = 0;
        for (int c = 0; c < scale.classes(); c++) {
            for (Durations part : parts) {
                count += part.count(c);
            }
            to.sample(name + "_bucket", prefix + "le=\"" + bound(scale, c) + '"', count);
        }
        to.sample(name + "_sum", labels, sumNs / NS_PER_SECOND);
        to.sample(name + "_count", labels, count);
    }

    private static String bound(Durations.Scale scale, int durationClass) {
        long us = scale.boundUs(durationClass);
        return us == Long.MAX_VALUE ? "+Inf" : Double.toString(us / US_PER_SECOND);
    }
}
