package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Bindings by their keys. */
final class KeyedBindings implements Bindings {

    private final ConcurrentMap<String, BindingSet> byKey = new ConcurrentHashMap<>();

    /** Tells the destinations of the bindings with this key. */
    void addTo(RouteSink sink, String key) {
        BindingSet bindings = byKey.get(key);
        if (bindings != null) {
            bindings.addTo(sink);
        }
    }

    @Override
    public void add(BindingDefinition binding, Destination destination) {
        byKey.computeIfAbsent(binding.routingKey(), _ -> new BindingSet())
                .add(binding, destination);
    }

    @Override
    public void remove(BindingDefinition binding) {
        BindingSet bindings = byKey.get(binding.routingKey());
        if (bindings != null) {
            bindings.remove(binding);
            if (bindings.isEmpty()) {
                byKey.remove(binding.routingKey());
            }
        }
    }

    @Override
    public boolean contains(BindingDefinition binding) {
        BindingSet bindings = byKey.get(binding.routingKey());
        return bindings != null && bindings.contains(binding);
    }

    @Override
    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    @Override
    public Collection<BindingDefinition> all() {
        List<BindingDefinition> all = new ArrayList<>();
        byKey.values().forEach(bindings -> all.addAll(bindings.all()));
        return all;
    }
}
