package io.chasqui.core.exchange;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ExchangeType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The exchange without a name: every queue is bound to it under its own name (0-9-1 §3.1.3.1), and
 * nobody can bind or unbind. So it keeps no bindings and asks the virtual host for the queue.
 */
public final class DefaultExchange implements Exchange {

    /** The name of the default exchange. */
    public static final String NAME = "";

    private static final ExchangeDefinition DEFINITION =
            new ExchangeDefinition(NAME, ExchangeType.DIRECT, true, false, false, Arguments.EMPTY);

    private static final Bindings NO_BINDINGS = new NoBindings();

    private final Function<String, @Nullable Destination> queues;
    private final ExchangeCounters counters = new ExchangeCounters();

    /**
     * @param queues finds a queue by its name, from any thread
     */
    public DefaultExchange(Function<String, @Nullable Destination> queues) {
        this.queues = queues;
    }

    @Override
    public ExchangeDefinition definition() {
        return DEFINITION;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        for (String key : message.routingKeys()) {
            Destination queue = queues.apply(key);
            if (queue != null) {
                sink.add(queue);
            }
        }
    }

    @Override
    public Bindings bound() {
        return NO_BINDINGS;
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
