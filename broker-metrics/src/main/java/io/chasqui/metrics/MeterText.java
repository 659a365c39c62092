package io.chasqui.metrics;

import io.chasqui.metrics.Exposition.Type;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Writes the counters and gauges of a Micrometer registry, family by family. Micrometer's own
 * Prometheus registry holds a whole scrape in memory and brings 1.3 MB of classes to every start;
 * this does neither, and can be followed by families that no registry holds.
 */
final class MeterText {

    private MeterText() {}

    /** A family: counters end in {@code _total}, as the format wants. */
    static void write(MeterRegistry registry, Exposition to) throws IOException {
        Map<String, List<Meter>> families = new LinkedHashMap<>();
        for (Meter meter : registry.getMeters()) {
            families.computeIfAbsent(nameOf(meter), _ -> new ArrayList<>()).add(meter);
        }
        for (Map.Entry<String, List<Meter>> family : families.entrySet()) {
            Meter first = family.getValue().getFirst();
            to.family(
                    family.getKey(),
                    first instanceof FunctionCounter ? Type.COUNTER : Type.GAUGE,
                    String.valueOf(first.getId().getDescription()));
            for (Meter meter : family.getValue()) {
                to.sample(family.getKey(), labelsOf(meter), valueOf(meter));
            }
        }
    }

    private static String nameOf(Meter meter) {
        String name = meter.getId().getName().replace('.', '_').replace('-', '_');
        return meter instanceof FunctionCounter && !name.endsWith("_total")
                ? name + "_total"
                : name;
    }

    private static String labelsOf(Meter meter) {
        return StreamSupport.stream(meter.getId().getTagsAsIterable().spliterator(), false)
                .map(MeterText::label)
                .collect(Collectors.joining(","));
    }

    private static String label(Tag tag) {
        return Exposition.label(tag.getKey(), tag.getValue());
    }

    private static double valueOf(Meter meter) {
        return switch (meter) {
            case FunctionCounter counter -> counter.count();
            case Gauge gauge -> gauge.value();
            default -> throw new IllegalArgumentException("neither counter nor gauge: " + meter);
        };
    }
}
