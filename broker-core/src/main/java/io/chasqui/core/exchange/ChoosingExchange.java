package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.ExchangeDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Routes each message to one of its bindings; which one, a {@link ChoiceRule} says. RabbitMQ's
 * exchanges that spread a load are of this kind.
 *
 * <p>The rule looks at all bindings at once, so what it makes of them is kept until one comes or
 * goes, and made anew by the next message: binding many queues is not the square of binding one.
 */
public final class ChoosingExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final ChoiceRule rule;

    /** In the order in which they came; guarded by itself. */
    private final Map<BindingDefinition, Destination> bindings = new LinkedHashMap<>();

    /** Null from a change of the bindings until a message asks. */
    private volatile @Nullable Choice choice;

    ChoosingExchange(ExchangeDefinition definition, ChoiceRule rule) {
        this.definition = definition;
        this.rule = rule;
    }

    @Override
    public ExchangeDefinition definition() {
        return definition;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        Choice current = choice;
        Destination chosen = (current == null ? renewed() : current).destinationOf(message);
        if (chosen != null) {
            sink.add(chosen);
        }
    }

    private Choice renewed() {
        synchronized (bindings) {
            Choice current = choice;
            if (current == null) {
                List<Candidate> candidates = new ArrayList<>(bindings.size());
                bindings.forEach((binding, to) -> candidates.add(new Candidate(binding, to)));
                current = rule.among(candidates);
                choice = current;
            }
            return current;
        }
    }

    @Override
    public void bind(BindingDefinition binding, Destination destination) {
        synchronized (bindings) {
            if (bindings.putIfAbsent(binding, destination) == null) {
                choice = null;
            }
        }
    }

    @Override
    public void unbind(BindingDefinition binding) {
        synchronized (bindings) {
            if (bindings.remove(binding) != null) {
                choice = null;
            }
        }
    }

    @Override
    public boolean isBound(BindingDefinition binding) {
        synchronized (bindings) {
            return bindings.containsKey(binding);
        }
    }

    @Override
    public boolean hasBindings() {
        synchronized (bindings) {
            return !bindings.isEmpty();
        }
    }

    @Override
    public Collection<BindingDefinition> bindings() {
        synchronized (bindings) {
            return List.copyOf(bindings.keySet());
        }
    }

    @Override
    public boolean routesByKeyAlone() {
        return rule.choosesByKeyAlone();
    }
}
