package io.chasqui.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.DoubleSupplier;

/** Registers figures that are read when somebody asks. */
final class Meters {

    private final MeterRegistry registry;

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A figure that only grows; the name without {@code _total}. */
    void counter(String name, String help, Tags tags, DoubleSupplier figure) {
        // Micrometer holds the object weakly and the function strongly: a figure handed over as the
        // object would stand still after the next garbage collection.
        FunctionCounter.builder(name, registry, _ -> figure.getAsDouble())
                .description(help)
                .tags(tags)
                .register(registry);
    }

    void counter(String name, String help, DoubleSupplier figure) {
        counter(name, help, Tags.empty(), figure);
    }

    void gauge(String name, String help, Tags tags, DoubleSupplier figure) {
        Gauge.builder(name, figure, DoubleSupplier::getAsDouble)
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    void gauge(String name, String help, DoubleSupplier figure) {
        gauge(name, help, Tags.empty(), figure);
    }
}
