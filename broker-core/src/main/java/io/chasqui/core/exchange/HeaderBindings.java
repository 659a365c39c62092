package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Bindings by the headers that they ask for. */
final class HeaderBindings implements Bindings {

    private final ConcurrentMap<BindingDefinition, IndexedTerms> terms = new ConcurrentHashMap<>();
    private final HeaderIndex index = new HeaderIndex();

    HeaderIndex index() {
        return index;
    }

    @Override
    public void add(BindingDefinition binding, Destination destination) {
        if (!terms.containsKey(binding)) {
            HeaderTerms asked = HeaderTerms.of(binding.arguments());
            terms.put(binding, index.add(binding, asked, destination));
        }
    }

    @Override
    public void remove(BindingDefinition binding) {
        IndexedTerms asked = terms.remove(binding);
        if (asked != null) {
            index.remove(asked);
        }
    }

    @Override
    public boolean contains(BindingDefinition binding) {
        return terms.containsKey(binding);
    }

    @Override
    public boolean isEmpty() {
        return terms.isEmpty();
    }

    @Override
    public Collection<BindingDefinition> all() {
        return List.copyOf(terms.keySet());
    }
}
