package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bindings under one key, or all of a fanout exchange. One writer at a time, readers without a
 * lock.
 *
 * <p>Nearly every set has one binding and a few have very many, so there are two forms: a small
 * immutable map that is copied for each change, and from {@link #FEW} on a concurrent map, so that
 * binding the 100,000th queue does not copy 99,999 others.
 */
final class BindingSet implements Bindings {

    private static final int FEW = 16;

    private volatile Map<BindingDefinition, Destination> destinations = Map.of();

    @Override
    public void add(BindingDefinition binding, Destination destination) {
        Map<BindingDefinition, Destination> current = destinations;
        if (current instanceof ConcurrentHashMap) {
            current.putIfAbsent(binding, destination);
        } else if (!current.containsKey(binding)) {
            Map<BindingDefinition, Destination> next =
                    current.size() < FEW
                            ? new HashMap<>(current)
                            : new ConcurrentHashMap<>(current);
            next.put(binding, destination);
            destinations = current.size() < FEW ? Map.copyOf(next) : next;
        }
    }

    @Override
    public void remove(BindingDefinition binding) {
        Map<BindingDefinition, Destination> current = destinations;
        if (current instanceof ConcurrentHashMap) {
            current.remove(binding);
        } else if (current.containsKey(binding)) {
            Map<BindingDefinition, Destination> next = new HashMap<>(current);
            next.remove(binding);
            destinations = Map.copyOf(next);
        }
    }

    void addTo(RouteSink sink) {
        for (Destination destination : destinations.values()) {
            sink.add(destination);
        }
    }

    @Override
    public Collection<BindingDefinition> all() {
        return List.copyOf(destinations.keySet());
    }

    @Override
    public boolean contains(BindingDefinition binding) {
        return destinations.containsKey(binding);
    }

    @Override
    public boolean isEmpty() {
        return destinations.isEmpty();
    }
}
