package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.Collection;

/**
 * The bindings of one exchange, kept as its matching rule needs them. {@link #add} and {@link #remove}
 * are called by one thread at a time, everything else by any thread and without a lock.
 */
public interface Bindings {

    /** Adds the binding if there is none equal to it. */
    void add(BindingDefinition binding, Destination destination);

    /** Removes the binding if it is there. */
    void remove(BindingDefinition binding);

    /** Whether this very binding is there. */
    boolean contains(BindingDefinition binding);

    boolean isEmpty();

    /** A copy of them, in no order. */
    Collection<BindingDefinition> all();
}
