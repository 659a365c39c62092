package io.chasqui.core.policy;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.PolicyDefinition;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policies that one queue or exchange goes by.
 *
 * @param policy the user's policy that won, null if there is none for it
 * @param operatorPolicy the operator's that won, null if there is none for it
 * @param definition what both come to, by RabbitMQ's keys
 */
public record EffectivePolicy(
        @Nullable PolicyDefinition policy,
        @Nullable PolicyDefinition operatorPolicy,
        Arguments definition) {

    /** No policy at all. */
    public static final EffectivePolicy NONE = new EffectivePolicy(null, null, Arguments.EMPTY);

    static EffectivePolicy of(
            @Nullable PolicyDefinition user, @Nullable PolicyDefinition operator) {
        return user == null && operator == null
                ? NONE
                : new EffectivePolicy(user, operator, merged(user, operator));
    }

    private static Arguments merged(
            @Nullable PolicyDefinition user, @Nullable PolicyDefinition operator) {
        Map<String, @Nullable Object> merged = new TreeMap<>();
        if (user != null) {
            merged.putAll(user.definition().asMap());
        }
        if (operator != null) {
            for (String name : operator.definition().names()) {
                Object own = merged.get(name);
                Object given = Objects.requireNonNull(operator.definition().get(name));
                merged.put(name, own == null ? given : merged(name, own, given));
            }
        }
        return Arguments.of(merged);
    }

    private static Object merged(String name, Object user, Object operator) {
        return PolicyKey.named(name).map(key -> key.merged(user, operator)).orElse(operator);
    }

    /** Whether there is none for it at all. */
    public boolean isNone() {
        return policy == null && operatorPolicy == null;
    }

    /** The name of the user's policy, null if there is none. */
    public @Nullable String policyName() {
        return policy == null ? null : policy.name();
    }

    /** The name of the operator's policy, null if there is none. */
    public @Nullable String operatorPolicyName() {
        return operatorPolicy == null ? null : operatorPolicy.name();
    }

    /** The arguments as they would be of a queue without policies that behaves the same. */
    public Arguments over(Arguments arguments) {
        Arguments result = arguments;
        for (String name : definition.names()) {
            PolicyKey key = PolicyKey.named(name).orElse(null);
            Object value = definition.get(name);
            if (key != null && value != null) {
                Object own = arguments.get(key.argument());
                result =
                        result.with(key.argument(), own == null ? value : key.resolved(own, value));
            }
        }
        return result;
    }
}
