package io.chasqui.core.policy;

import io.chasqui.core.definition.ApplyTo;
import io.chasqui.core.definition.DefinitionChange.OfPolicy;
import io.chasqui.core.definition.DefinitionChange.PolicyCleared;
import io.chasqui.core.definition.DefinitionChange.PolicySet;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.security.InvalidPatternException;
import io.chasqui.core.security.NamePattern;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies of one virtual host. Changed by one thread at a time, and only through {@link
 * #replay}; asked by any thread without a lock.
 */
public final class Policies {

    private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

    /** Of equal priority the last in the order of names wins, as in RabbitMQ. */
    private static final Comparator<Compiled> BEST_FIRST =
            Comparator.comparingLong((Compiled policy) -> policy.definition.priority())
                    .thenComparing(policy -> policy.definition.name())
                    .reversed();

    /** Best first; replaced as a whole. */
    private volatile List<Compiled> user = List.of();

    private volatile List<Compiled> operator = List.of();

    /** A policy with its pattern ready to be asked; null for a text that is none. */
    private record Compiled(PolicyDefinition definition, @Nullable NamePattern pattern) {

        boolean isFor(String name) {
            // As a policy's, unlike as a permission's, the empty pattern is in every name.
            return definition.pattern().isEmpty() || (pattern != null && pattern.isIn(name));
        }

        /**
         * A policy with a key that queues of a type do not know in RabbitMQ is not for them, unless
         * it is for that type only: there it never had an effect that somebody could rely on.
         */
        boolean isFor(QueueType type) {
            ApplyTo applyTo = definition.applyTo();
            return applyTo.covers(type)
                    && (applyTo == ApplyTo.CLASSIC_QUEUES
                            || definition.definition().names().stream()
                                    .flatMap(key -> PolicyKey.named(key).stream())
                                    .allMatch(key -> key.isKnownTo(type)));
        }
    }

    /** All of a kind, best first. */
    public List<PolicyDefinition> all(PolicyKind kind) {
        return compiled(kind).stream().map(Compiled::definition).toList();
    }

    public @Nullable PolicyDefinition find(PolicyKind kind, String name) {
        for (Compiled policy : compiled(kind)) {
            if (policy.definition.name().equals(name)) {
                return policy.definition;
            }
        }
        return null;
    }

    /** What the queue goes by. */
    public EffectivePolicy forQueue(QueueDefinition queue) {
        if (user.isEmpty() && operator.isEmpty()) {
            return EffectivePolicy.NONE;
        }
        QueueType type = QueueType.of(queue.arguments());
        Predicate<Compiled> fits = policy -> policy.isFor(type) && policy.isFor(queue.name());
        return EffectivePolicy.of(first(user, fits), first(operator, fits));
    }

    /** What the exchange goes by; operators' policies are for queues only. */
    public EffectivePolicy forExchange(String name) {
        return EffectivePolicy.of(
                first(
                        user,
                        policy ->
                                policy.definition.applyTo().coversExchanges()
                                        && policy.isFor(name)),
                null);
    }

    private static @Nullable PolicyDefinition first(
            List<Compiled> policies, Predicate<Compiled> fits) {
        for (Compiled policy : policies) {
            if (fits.test(policy)) {
                return policy.definition;
            }
        }
        return null;
    }

    /** Makes the change take effect; a second time changes nothing. */
    public void replay(OfPolicy change) {
        switch (change) {
            case PolicySet set -> {
                PolicyDefinition policy = set.policy();
                List<Compiled> next = without(policy.kind(), policy.name());
                next.add(compiled(policy));
                put(policy.kind(), next);
            }
            case PolicyCleared cleared ->
                    put(cleared.kind(), without(cleared.kind(), cleared.policy()));
        }
    }

    /** The virtual host is gone. */
    public void clear() {
        user = List.of();
        operator = List.of();
    }

    private List<Compiled> compiled(PolicyKind kind) {
        return switch (kind) {
            case USER -> user;
            case OPERATOR -> operator;
        };
    }

    private void put(PolicyKind kind, List<Compiled> policies) {
        policies.sort(BEST_FIRST);
        switch (kind) {
            case USER -> user = List.copyOf(policies);
            case OPERATOR -> operator = List.copyOf(policies);
        }
    }

    private List<Compiled> without(PolicyKind kind, String name) {
        List<Compiled> left = new ArrayList<>(compiled(kind));
        left.removeIf(policy -> policy.definition.name().equals(name));
        return left;
    }

    private static Compiled compiled(PolicyDefinition policy) {
        try {
            return new Compiled(policy, NamePattern.of(policy.pattern()));
        } catch (InvalidPatternException e) {
            // Checked before it was recorded, by the release that did.
            LOG.error(
                    "the pattern of policy '{}' is not understood and fits nothing: {}",
                    policy.name(),
                    e.problem());
            return new Compiled(policy, null);
        }
    }
}
