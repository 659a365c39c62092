package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.Comparator;

/** A binding that a {@link ChoosingExchange} may choose. */
record Candidate(BindingDefinition binding, Destination destination) {

    /**
     * The same order whenever the bindings are the same, also after a restart, which brings them
     * back in another order than they were made in.
     */
    static final Comparator<Candidate> BY_NAME =
            Comparator.<Candidate, String>comparing(candidate -> candidate.binding.destination())
                    .thenComparing(candidate -> candidate.binding.kind())
                    .thenComparing(candidate -> candidate.binding.routingKey())
                    .thenComparing(candidate -> candidate.binding.arguments().toString());
}
