package io.chasqui.core.exchange;

import io.chasqui.core.definition.ExchangeDefinition;

/** Routes to the bindings whose key is one of the message's (0-9-1 §3.1.3.1). */
public final class DirectExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final KeyedBindings bindings = new KeyedBindings();
    private final ExchangeCounters counters = new ExchangeCounters();

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
            bindings.addTo(sink, key);
        }
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
