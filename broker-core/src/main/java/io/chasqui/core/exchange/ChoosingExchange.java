package io.chasqui.core.exchange;

import io.chasqui.core.definition.ExchangeDefinition;

/**
 * Routes each message to one of its bindings; which one, a {@link ChoiceRule} says. RabbitMQ's
 * exchanges that spread a load are of this kind.
 */
public final class ChoosingExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final ChoiceRule rule;
    private final ChoiceBindings bindings;
    private final ExchangeCounters counters = new ExchangeCounters();

    ChoosingExchange(ExchangeDefinition definition, ChoiceRule rule) {
        this.definition = definition;
        this.rule = rule;
        this.bindings = new ChoiceBindings(rule);
    }

    @Override
    public ExchangeDefinition definition() {
        return definition;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        Destination chosen = bindings.choice().destinationOf(message);
        if (chosen != null) {
            sink.add(chosen);
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
        return rule.choosesByKeyAlone();
    }
}
