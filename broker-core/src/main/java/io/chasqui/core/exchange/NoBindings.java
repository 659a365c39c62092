package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.Collection;
import java.util.List;

/** Those of the default exchange: they are implicit, so there is none, and none can be made. */
final class NoBindings implements Bindings {

    @Override
    public void add(BindingDefinition binding, Destination destination) {
        throw implicit();
    }

    @Override
    public void remove(BindingDefinition binding) {
        throw implicit();
    }

    private static UnsupportedOperationException implicit() {
        return new UnsupportedOperationException("bindings of the default exchange are implicit");
    }

    @Override
    public boolean contains(BindingDefinition binding) {
        return false;
    }

    @Override
    public boolean isEmpty() {
        return true;
    }

    @Override
    public Collection<BindingDefinition> all() {
        return List.of();
    }
}
