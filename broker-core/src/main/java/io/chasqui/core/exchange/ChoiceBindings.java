package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bindings of which a rule chooses one for each message. The rule looks at all of them at once, so what
 * it makes of them is kept until one comes or goes, and made anew by the next message: binding many
 * queues is not the square of binding one.
 */
final class ChoiceBindings implements Bindings {

    private final ChoiceRule rule;

    /** In the order in which they came; guarded by itself. */
    private final Map<BindingDefinition, Destination> bindings = new LinkedHashMap<>();

    /** Null from a change of the bindings until a message asks. */
    private volatile @Nullable Choice choice;

    ChoiceBindings(ChoiceRule rule) {
        this.rule = rule;
    }

    /** What the rule makes of them. */
    Choice choice() {
        Choice current = choice;
        return current == null ? renewed() : current;
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
    public void add(BindingDefinition binding, Destination destination) {
        synchronized (bindings) {
            if (bindings.putIfAbsent(binding, destination) == null) {
                choice = null;
            }
        }
    }

    @Override
    public void remove(BindingDefinition binding) {
        synchronized (bindings) {
            if (bindings.remove(binding) != null) {
                choice = null;
            }
        }
    }

    @Override
    public boolean contains(BindingDefinition binding) {
        synchronized (bindings) {
            return bindings.containsKey(binding);
        }
    }

    @Override
    public boolean isEmpty() {
        synchronized (bindings) {
            return bindings.isEmpty();
        }
    }

    @Override
    public Collection<BindingDefinition> all() {
        synchronized (bindings) {
            return List.copyOf(bindings.keySet());
        }
    }
}
