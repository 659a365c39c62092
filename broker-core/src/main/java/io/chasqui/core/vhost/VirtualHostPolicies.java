package io.chasqui.core.vhost;

import io.chasqui.core.definition.DefinitionChange.PolicyCleared;
import io.chasqui.core.definition.DefinitionChange.PolicySet;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.policy.EffectivePolicy;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The policies of a virtual host: set, cleared, and what they come to for each queue. Any thread. */
public final class VirtualHostPolicies {

    private final Definitions definitions;
    private final AppliedPolicies applied;

    VirtualHostPolicies(Definitions definitions, AppliedPolicies applied) {
        this.definitions = definitions;
        this.applied = applied;
    }

    /** A snapshot of all of a kind, best first. */
    public List<PolicyDefinition> all(PolicyKind kind) {
        return applied.policies().all(kind);
    }

    public @Nullable PolicyDefinition find(PolicyKind kind, String name) {
        return applied.policies().find(kind, name);
    }

    /** What the queue goes by. */
    public EffectivePolicy of(Queue queue) {
        return applied.ofQueue(queue.name());
    }

    /** What the exchange goes by. */
    public EffectivePolicy of(Exchange exchange) {
        return applied.ofExchange(exchange.definition().name());
    }

    /** Puts a policy in place, for the queues and exchanges that are there as for those to come. */
    public Changed set(PolicyDefinition policy) {
        return definitions.locked(() -> {
            PolicyDefinition known = find(policy.kind(), policy.name());
            long position =
                    policy.equals(known)
                            ? definitions.position(true)
                            : definitions.commit(new PolicySet(definitions.vhost(), policy), true);
            return new Changed(known == null, position);
        });
    }

    /**
     * Takes a policy away.
     *
     * @return the log position that must be durable before anybody is told
     * @throws Refusal.NotFound if there is none
     */
    public long clear(PolicyKind kind, String name) {
        return definitions.locked(() -> {
            if (find(kind, name) == null) {
                throw new Refusal.NotFound(
                        "no policy '" + name + "' in vhost '" + definitions.vhost() + "'");
            }
            return definitions.commit(new PolicyCleared(definitions.vhost(), kind, name), true);
        });
    }
}
