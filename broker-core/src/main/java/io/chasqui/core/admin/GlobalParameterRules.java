package io.chasqui.core.admin;

import io.chasqui.core.definition.DefinitionChange.OfParameter;
import io.chasqui.core.definition.DefinitionChange.ParameterCleared;
import io.chasqui.core.definition.DefinitionChange.ParameterSet;
import io.chasqui.core.definition.ParameterDefinition;
import io.chasqui.core.policy.Parameters;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.vhost.Changed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of the whole broker: values kept under a name for whoever asks for them, as RabbitMQ
 * has them. The broker itself looks at none.
 */
public final class GlobalParameterRules {

    private final Changes changes;
    private final Parameters parameters = new Parameters();

    GlobalParameterRules(Changes changes) {
        this.changes = changes;
    }

    /** A snapshot, ordered by name. */
    public List<ParameterDefinition> all() {
        return parameters.all();
    }

    public @Nullable ParameterDefinition find(String name) {
        return parameters.find("", name);
    }

    /** Keeps a value under the name. */
    public Changed set(String name, @Nullable Object value) {
        return changes.locked(() -> {
            ParameterDefinition parameter = ParameterDefinition.global(name, value);
            ParameterDefinition known = find(name);
            return new Changed(
                    known == null,
                    parameter.equals(known) ? 0 : changes.commit(new ParameterSet("", parameter)));
        });
    }

    /**
     * Forgets the value.
     *
     * @throws Refusal.NotFound if there is none
     */
    public long clear(String name) {
        return changes.locked(() -> {
            if (find(name) == null) {
                throw new Refusal.NotFound("no global parameter '" + name + "'");
            }
            return changes.commit(new ParameterCleared("", "", name));
        });
    }

    void replay(OfParameter change) {
        parameters.replay(change);
    }
}
