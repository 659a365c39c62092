package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.ExchangeDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Routes to the bindings whose key is one of the message's (0-9-1 §3.1.3.1). */
public final class DirectExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final ConcurrentMap<String, BindingSet> byKey = new ConcurrentHashMap<>();

    DirectExchange(ExchangeDefinition definition) {
        this.definition = definition;
    }

    @Override
    public ExchangeDefinition definition() {
        return definition;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        for (String key : message.routingKeys()) {
            BindingSet bindings = byKey.get(key);
            if (bindings != null) {
                bindings.addTo(sink);
            }
        }
    }

    @Override
    public void bind(BindingDefinition binding, Destination destination) {
        byKey.computeIfAbsent(binding.routingKey(), _ -> new BindingSet())
                .add(binding, destination);
    }

    @Override
    public void unbind(BindingDefinition binding) {
        BindingSet bindings = byKey.get(binding.routingKey());
        if (bindings != null) {
            bindings.remove(binding);
            if (bindings.isEmpty()) {
                byKey.remove(binding.routingKey());
            }
        }
    }

    @Override
    public boolean isBound(BindingDefinition binding) {
        BindingSet bindings = byKey.get(binding.routingKey());
        return bindings != null && bindings.contains(binding);
    }

    @Override
    public boolean hasBindings() {
        return !byKey.isEmpty();
    }

    @Override
    public Collection<BindingDefinition> bindings() {
        List<BindingDefinition> all = new ArrayList<>();
        byKey.values().forEach(bindings -> bindings.addTo(all));
        return all;
    }

    @Override
    public boolean routesByKeyAlone() {
        return true;
    }
}
