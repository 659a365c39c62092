package io.chasqui.server.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Figures of one moment, each with how much it changes a second; they can be added up. */
final class Readings {

    private final List<String> names;
    private final long[] values;
    private final double[] rates;

    private Readings(List<String> names) {
        this.names = names;
        this.values = new long[names.size()];
        this.rates = new double[names.size()];
    }

    /** Nothing yet, to add to. */
    static <T> Readings none(List<Meter<T>> meters) {
        return new Readings(meters.stream().map(Meter::name).toList());
    }

    /** What the meters say of a thing just now; where it belongs. */
    static <T> Readings of(List<Meter<T>> meters, T thing, double[] rates, int from) {
        Readings readings = none(meters);
        for (int i = 0; i < meters.size(); i++) {
            readings.values[i] = meters.get(i).of().applyAsLong(thing);
            readings.rates[i] = rates.length == 0 ? 0 : rates[from + i];
        }
        return readings;
    }

    /** Adds others of the same meters. */
    void add(Readings others) {
        for (int i = 0; i < values.length; i++) {
            values[i] += others.values[i];
            rates[i] += others.rates[i];
        }
    }

    /** The value of a figure. */
    long value(String name) {
        return values[names.indexOf(name)];
    }

    /** As RabbitMQ tells them: {@code "ack": 5, "ack_details": {"rate": 0.2}}. */
    void tell(Map<String, @Nullable Object> fields) {
        for (int i = 0; i < values.length; i++) {
            fields.put(names.get(i), values[i]);
            fields.put(names.get(i) + "_details", Map.of("rate", rates[i]));
        }
    }

    /** The same, by themselves. */
    Map<String, @Nullable Object> told() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        tell(fields);
        return fields;
    }
}
