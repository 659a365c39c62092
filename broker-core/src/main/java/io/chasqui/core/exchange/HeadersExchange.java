package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.message.HeaderCursor;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Routes by the headers of a message and not by its key (0-9-1 §3.1.3.4), with RabbitMQ's four
 * values of {@code x-match}.
 *
 * <p>Only headers whose names occur in a binding are decoded, and only bindings that ask for a
 * header as the message has it are looked at: see {@link HeaderIndex}.
 */
public final class HeadersExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final ConcurrentMap<BindingDefinition, IndexedTerms> bindings =
            new ConcurrentHashMap<>();
    private final HeaderIndex index = new HeaderIndex();

    HeadersExchange(ExchangeDefinition definition) {
        this.definition = definition;
    }

    @Override
    public ExchangeDefinition definition() {
        return definition;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        index.forEachMatch(read(message.headers()), sink);
    }

    /** Of a name that comes twice the last value counts, as in RabbitMQ. */
    private Map<String, Object> read(HeaderCursor cursor) {
        Map<String, Object> headers = new HashMap<>();
        while (cursor.next()) {
            String name = cursor.name();
            if (index.asksFor(name)) {
                headers.put(name, HeaderValue.ofMessage(cursor.value()));
            }
        }
        return headers;
    }

    @Override
    public void bind(BindingDefinition binding, Destination destination) {
        if (!bindings.containsKey(binding)) {
            HeaderTerms terms = HeaderTerms.of(binding.arguments());
            bindings.put(binding, index.add(binding, terms, destination));
        }
    }

    @Override
    public void unbind(BindingDefinition binding) {
        IndexedTerms terms = bindings.remove(binding);
        if (terms != null) {
            index.remove(terms);
        }
    }

    @Override
    public boolean isBound(BindingDefinition binding) {
        return bindings.containsKey(binding);
    }

    @Override
    public boolean hasBindings() {
        return !bindings.isEmpty();
    }

    @Override
    public Collection<BindingDefinition> bindings() {
        return List.copyOf(bindings.keySet());
    }

    @Override
    public boolean routesByKeyAlone() {
        return false;
    }
}
