package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.ExchangeDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Routes to every binding, whatever the keys are (0-9-1 §3.1.3.2). */
public final class FanoutExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final BindingSet all = new BindingSet();

    FanoutExchange(ExchangeDefinition definition) {
        this.definition = definition;
    }

    @Override
    public ExchangeDefinition definition() {
        return definition;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        all.addTo(sink);
    }

    @Override
    public void bind(BindingDefinition binding, Destination destination) {
        all.add(binding, destination);
    }

    @Override
    public void unbind(BindingDefinition binding) {
        all.remove(binding);
    }

    @Override
    public boolean isBound(BindingDefinition binding) {
        return all.contains(binding);
    }

    @Override
    public boolean hasBindings() {
        return !all.isEmpty();
    }

    @Override
    public Collection<BindingDefinition> bindings() {
        List<BindingDefinition> copy = new ArrayList<>();
        all.addTo(copy);
        return copy;
    }

    @Override
    public boolean routesByKeyAlone() {
        return true;
    }
}
