package io.chasqui.core.policy;

import io.chasqui.core.definition.DefinitionChange.OfParameter;
import io.chasqui.core.definition.DefinitionChange.ParameterCleared;
import io.chasqui.core.definition.DefinitionChange.ParameterSet;
import io.chasqui.core.definition.ParameterDefinition;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one virtual host, or those of the whole broker. Changed by one thread at a time,
 * and only through {@link #replay}; asked by any thread without a lock.
 */
public final class Parameters {

    private final ConcurrentMap<Key, ParameterDefinition> byKey = new ConcurrentHashMap<>();

    private record Key(String component, String name) {}

    /** A snapshot, ordered by component and name. */
    public List<ParameterDefinition> all() {
        return byKey.values().stream()
                .sorted(
                        Comparator.comparing(ParameterDefinition::component)
                                .thenComparing(ParameterDefinition::name))
                .toList();
    }

    public @Nullable ParameterDefinition find(String component, String name) {
        return byKey.get(new Key(component, name));
    }

    /** Makes the change take effect; a second time changes nothing. */
    public void replay(OfParameter change) {
        switch (change) {
            case ParameterSet set ->
                    byKey.put(
                            new Key(set.parameter().component(), set.parameter().name()),
                            set.parameter());
            case ParameterCleared cleared ->
                    byKey.remove(new Key(cleared.component(), cleared.parameter()));
        }
    }

    /** Whatever they belong to is gone. */
    public void clear() {
        byKey.clear();
    }
}
