package io.chasqui.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ExchangeType;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** An exchange called x, the queues bound to it, and what to expect of its routes. */
final class ExchangeContext {

    final Exchange exchange;
    private final Map<String, Destination> destinations = new HashMap<>();

    ExchangeContext(ExchangeType type) {
        this(type, Arguments.EMPTY);
    }

    ExchangeContext(ExchangeType type, Arguments arguments) {
        exchange =
                Exchange.of(
                        new ExchangeDefinition("x", type, true, false, false, arguments),
                        new Random(1));
    }

    static BindingDefinition binding(String queue, String key, Arguments arguments) {
        return new BindingDefinition("x", DestinationKind.QUEUE, queue, key, arguments);
    }

    void bind(String queue, String key) {
        bind(queue, key, Arguments.EMPTY);
    }

    void bind(String queue, String key, Arguments arguments) {
        exchange.bind(
                binding(queue, key, arguments),
                destinations.computeIfAbsent(queue, BareQueues::destination));
    }

    void unbind(String queue, String key) {
        exchange.unbind(binding(queue, key, Arguments.EMPTY));
    }

    void unbind(String queue, String key, Arguments arguments) {
        exchange.unbind(binding(queue, key, arguments));
    }

    Route route(RoutedMessage message) {
        return RouteSearch.from(exchange, message, _ -> null);
    }

    Route route(String key) {
        return route(new KeyOnly(key));
    }

    void expectRoute(String key, String... queues) {
        assertThat(BareQueues.names(route(key))).containsExactly(queues);
    }
}
