package io.chasqui.server.management;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Figures of one moment, each with how much it changes a second; they can be added up. */
final class Readings {

    private final List<String> names;
    private final long[] values;
    private final double[] rates;

    /** Earlier looks at these figures, newest first. */
    private List<Sample.Look> looks = List.of();

    private Readings(List<String> names) {
        this.names = names;
        this.values = new long[names.size()];
        this.rates = new double[names.size()];
    }

    /** Nothing yet, to add to. */
    static <T> Readings none(List<Meter<T>> meters) {
        return new Readings(meters.stream().map(Meter::name).toList());
    }

    /**
     * What the meters say of a thing just now; where it belongs.
     *
     * @param known what was noted of it
     * @param from which of the noted values is that of the first meter
     */
    static <T> Readings of(List<Meter<T>> meters, T thing, Sample known, int from) {
        Readings readings = none(meters);
        for (int i = 0; i < meters.size(); i++) {
            readings.values[i] = meters.get(i).of().applyAsLong(thing);
            readings.rates[i] = known.rates().length == 0 ? 0 : known.rates()[from + i];
        }
        readings.looks =
                known.past().stream().map(look -> part(look, from, meters.size())).toList();
        return readings;
    }

    private static Sample.Look part(Sample.Look look, int from, int count) {
        return new Sample.Look(look.atMs(), Arrays.copyOfRange(look.values(), from, from + count));
    }

    /** Adds others of the same meters. */
    void add(Readings others) {
        add(values, others.values);
        for (int i = 0; i < rates.length; i++) {
            rates[i] += others.rates[i];
        }
        addLooks(others.looks);
    }

    /** Has the values of others, which count more than changes now. */
    void setValues(Readings others) {
        System.arraycopy(others.values, 0, values, 0, values.length);
    }

    private static void add(long[] sum, long[] more) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += more[i];
        }
    }

    /** Shards look at the same time; what was looked at less often was not there before. */
    private void addLooks(List<Sample.Look> others) {
        List<Sample.Look> sums = new ArrayList<>();
        for (int i = 0; i < Math.max(looks.size(), others.size()); i++) {
            if (i >= others.size()) {
                sums.add(looks.get(i));
            } else if (i >= looks.size()) {
                sums.add(others.get(i));
            } else {
                long[] sum = looks.get(i).values().clone();
                add(sum, others.get(i).values());
                sums.add(new Sample.Look(looks.get(i).atMs(), sum));
            }
        }
        looks = sums;
    }

    /** The value of a figure. */
    long value(String name) {
        return values[names.indexOf(name)];
    }

    /** Whether any figure is not 0. */
    boolean any() {
        return Arrays.stream(values).anyMatch(value -> value != 0);
    }

    /** As RabbitMQ tells them: {@code "ack": 5, "ack_details": {"rate": 0.2}}. */
    void tell(Map<String, @Nullable Object> fields, Past past) {
        List<Sample.Look> asked = past.isAsked() ? past.of(looks) : List.of();
        for (int i = 0; i < values.length; i++) {
            fields.put(names.get(i), values[i]);
            fields.put(names.get(i) + "_details", details(i, past, asked));
        }
    }

    private Map<String, Object> details(int figure, Past past, List<Sample.Look> asked) {
        if (!past.isAsked()) {
            return Map.of("rate", rates[figure]);
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("rate", rates[figure]);
        details.put(
                "samples",
                asked.stream()
                        .map(look ->
                                Map.of("sample", look.values()[figure], "timestamp", look.atMs()))
                        .toList());
        details.put(
                "avg", asked.stream().mapToLong(look -> look.values()[figure]).average().orElse(0));
        details.put(
                "avg_rate",
                asked.isEmpty()
                        ? 0.0
                        : Sample.changePerSecond(asked.getLast(), asked.getFirst(), figure));
        return details;
    }

    /** The same, by themselves. */
    Map<String, @Nullable Object> told(Past past) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        tell(fields, past);
        return fields;
    }

    /**
     * {@code message_stats} as RabbitMQ has them where it counts for one thing: each group once
     * anything of it has happened, and nothing at all before.
     */
    static void tellStats(Map<String, @Nullable Object> fields, Past past, Readings... groups) {
        Map<String, @Nullable Object> stats = new LinkedHashMap<>();
        for (Readings group : groups) {
            if (group.any()) {
                group.tell(stats, past);
            }
        }
        if (!stats.isEmpty()) {
            fields.put("message_stats", stats);
        }
    }
}
