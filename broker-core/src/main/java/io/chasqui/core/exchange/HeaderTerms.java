package io.chasqui.core.exchange;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.HeaderMatch;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a binding to a headers exchange asks of a message (0-9-1 §3.1.3.4): headers with certain
 * values, or merely present, where the binding's argument is void.
 *
 * @param any whether one of them will do; else all are asked for
 * @param values by name, comparable as {@link HeaderValue} makes them; null asks for presence only
 */
record HeaderTerms(boolean any, Map<String, @Nullable Object> values) {

    private static final String NOT_COMPARED = "x-";

    /** Reads the arguments of a binding, which have been checked. */
    static HeaderTerms of(Arguments arguments) {
        HeaderMatch match = HeaderMatch.of(arguments);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String name : arguments.names()) {
            if (match.withX()
                    ? !name.equals(HeaderMatch.ARGUMENT)
                    : !name.startsWith(NOT_COMPARED)) {
                Object value = arguments.get(name);
                values.put(name, value == null ? null : HeaderValue.ofBinding(value));
            }
        }
        return new HeaderTerms(match.any(), Collections.unmodifiableMap(values));
    }

    /**
     * Whether a message is what the binding asks for.
     *
     * @param headers of the message by name, comparable
     */
    boolean match(Map<String, Object> headers) {
        for (Map.Entry<String, @Nullable Object> term : values.entrySet()) {
            Object found = headers.get(term.getKey());
            Object wanted = term.getValue();
            boolean matches = found != null && (wanted == null || wanted.equals(found));
            if (matches == any) {
                return any;
            }
        }
        return !any;
    }
}
