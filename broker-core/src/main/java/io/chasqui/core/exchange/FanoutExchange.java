package io.chasqui.core.exchange;

import io.chasqui.core.definition.ExchangeDefinition;

/** Routes to every binding, whatever the keys are (0-9-1 §3.1.3.2). */
public final class FanoutExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final BindingSet bindings = new BindingSet();
    private final ExchangeCounters counters = new ExchangeCounters();

    FanoutExchange(ExchangeDefinition definition) {
        this.definition = definition;
    }

    @Override
    public ExchangeDefinition definition() {
        return definition;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        bindings.addTo(sink);
    }

    @Override
    public Bindings bound() {
        return bindings;
    }

    @Override
    public ExchangeCounters counters() {
        return counters;
    }

    @Override
    public boolean routesByKeyAlone() {
        return true;
    }
}
