package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the bindings of a headers exchange by a header and its value. One writer at a time, readers
 * without a lock.
 *
 * <p>A binding which any of its terms satisfies is found under each of them. One that asks for all
 * of its terms is found under one, the one that has the fewest bindings when it is added, and the
 * others are checked then. So thousands of bindings that share a term, say {@code type=order}, and
 * differ in another cost a message as much as one of them.
 */
final class HeaderIndex {

    /** The bindings found under one name. */
    private static final class Name {
        final ConcurrentMap<Object, ConcurrentMap<BindingDefinition, IndexedTerms>> byValue =
                new ConcurrentHashMap<>(4);
        final ConcurrentMap<BindingDefinition, IndexedTerms> present = new ConcurrentHashMap<>(4);

        /** Terms of this name, found under it or not; the writer's. */
        int terms;
    }

    private final ConcurrentMap<String, Name> names = new ConcurrentHashMap<>();
    private final BindingSet unconditional = new BindingSet();

    /** Whether the value of this header may matter. */
    boolean asksFor(String header) {
        return names.containsKey(header);
    }

    IndexedTerms add(BindingDefinition binding, HeaderTerms terms, Destination destination) {
        for (String name : terms.values().keySet()) {
            names.computeIfAbsent(name, _ -> new Name()).terms++;
        }
        IndexedTerms indexed = new IndexedTerms(binding, terms, destination, findableUnder(terms));
        for (String name : indexed.names()) {
            Name under = names.get(name);
            if (under != null) {
                bucketOrNew(under, terms.values().get(name)).put(binding, indexed);
            }
        }
        if (terms.values().isEmpty() && !terms.any()) {
            unconditional.add(binding, destination);
        }
        return indexed;
    }

    void remove(IndexedTerms indexed) {
        Map<String, @Nullable Object> values = indexed.terms().values();
        for (String name : indexed.names()) {
            Name under = names.get(name);
            if (under != null) {
                removeFrom(under, values.get(name), indexed.binding());
            }
        }
        for (String name : values.keySet()) {
            names.computeIfPresent(name, (_, known) -> --known.terms == 0 ? null : known);
        }
        unconditional.remove(indexed.binding());
    }

    /** Hands over the destinations of all bindings that these headers satisfy, some repeatedly. */
    void forEachMatch(Map<String, Object> headers, RouteSink sink) {
        unconditional.addTo(sink);
        headers.forEach((name, value) -> {
            Name under = names.get(name);
            if (under != null) {
                match(under.byValue.get(value), headers, sink);
                match(under.present, headers, sink);
            }
        });
    }

    private static void match(
            @Nullable Map<BindingDefinition, IndexedTerms> candidates,
            Map<String, Object> headers,
            RouteSink sink) {
        if (candidates == null) {
            return;
        }
        for (IndexedTerms candidate : candidates.values()) {
            if (candidate.terms().match(headers)) {
                sink.add(candidate.destination());
            }
        }
    }

    private List<String> findableUnder(HeaderTerms terms) {
        Map<String, @Nullable Object> values = terms.values();
        if (terms.any() || values.isEmpty()) {
            return List.copyOf(values.keySet());
        }
        String rarest = "";
        int fewest = Integer.MAX_VALUE;
        for (Map.Entry<String, @Nullable Object> term : values.entrySet()) {
            int size = size(term.getKey(), term.getValue());
            if (size < fewest) {
                fewest = size;
                rarest = term.getKey();
            }
        }
        return List.of(rarest);
    }

    /** How many bindings are found under a term so far. */
    private int size(String name, @Nullable Object value) {
        Name under = names.get(name);
        if (under == null) {
            return 0;
        }
        Map<BindingDefinition, IndexedTerms> bucket =
                value == null ? under.present : under.byValue.get(value);
        return bucket == null ? 0 : bucket.size();
    }

    private static Map<BindingDefinition, IndexedTerms> bucketOrNew(
            Name under, @Nullable Object value) {
        return value == null
                ? under.present
                : under.byValue.computeIfAbsent(value, _ -> new ConcurrentHashMap<>(2));
    }

    private static void removeFrom(Name under, @Nullable Object value, BindingDefinition binding) {
        if (value == null) {
            under.present.remove(binding);
        } else {
            under.byValue.computeIfPresent(
                    value,
                    (_, bucket) -> {
                        bucket.remove(binding);
                        return bucket.isEmpty() ? null : bucket;
                    });
        }
    }
}
