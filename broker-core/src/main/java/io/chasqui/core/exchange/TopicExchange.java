package io.chasqui.core.exchange;

import io.chasqui.core.definition.ExchangeDefinition;

/**
 * Routes by the words of the routing key (0-9-1 §3.1.3.3): words are separated by dots, {@code *}
 * in a binding's key stands for one word and {@code #} for any number of words, none included.
 *
 * <p>As in RabbitMQ the empty key has no words at all, so {@code #} matches it and {@code *} does
 * not, while {@code "."} has two empty words, which {@code *.*} matches. Unlike RabbitMQ 4.3.5 and
 * later a binding's key may have any number of {@code #}: {@link TopicTrie} does not slow down with
 * them.
 */
public final class TopicExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final TopicBindings bindings = new TopicBindings();
    private final ExchangeCounters counters = new ExchangeCounters();

    TopicExchange(ExchangeDefinition definition) {
        this.definition = definition;
    }

    @Override
    public ExchangeDefinition definition() {
        return definition;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        for (String key : message.routingKeys()) {
            bindings.addMatchesTo(sink, key);
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
