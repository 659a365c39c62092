package io.chasqui.core.exchange;

import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.message.HeaderCursor;
import java.util.HashMap;
import java.util.Map;

/**
 * Routes by the headers of a message and not by its key (0-9-1 §3.1.3.4), with RabbitMQ's four
 * values of {@code x-match}.
 *
 * <p>Only headers whose names occur in a binding are decoded, and only bindings that ask for a
 * header as the message has it are looked at: see {@link HeaderIndex}.
 */
public final class HeadersExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final HeaderBindings bindings = new HeaderBindings();
    private final ExchangeCounters counters = new ExchangeCounters();

    HeadersExchange(ExchangeDefinition definition) {
        this.definition = definition;
    }

    @Override
    public ExchangeDefinition definition() {
        return definition;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        bindings.index().forEachMatch(read(message.headers()), sink);
    }

    /** Of a name that comes twice the last value counts, as in RabbitMQ. */
    private Map<String, Object> read(HeaderCursor cursor) {
        Map<String, Object> headers = new HashMap<>();
        while (cursor.next()) {
            String name = cursor.name();
            if (bindings.index().asksFor(name)) {
                headers.put(name, HeaderValue.ofMessage(cursor.value()));
            }
        }
        return headers;
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
        return false;
    }
}
