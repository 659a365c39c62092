package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.List;

/**
 * The terms of one binding and where {@link HeaderIndex} has them.
 *
 * @param names of the terms under which they are found: all of them if one will do, else one; none
 *     if there are no terms
 */
record IndexedTerms(
        BindingDefinition binding,
        HeaderTerms terms,
        Destination destination,
        List<String> names) {}
