package io.chasqui.core.policy;

import io.chasqui.core.definition.ApplyTo;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.InvalidPatternException;
import io.chasqui.core.security.NamePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a policy may be, in RabbitMQ's words. */
public final class PolicyRules {

    private static final String DELAYED_RETRY_TYPE = PolicyKey.DELAYED_RETRY_TYPE.wireName();
    private static final String DELAYED_RETRY_MIN = PolicyKey.DELAYED_RETRY_MIN.wireName();
    private static final String DELAYED_RETRY_MAX = PolicyKey.DELAYED_RETRY_MAX.wireName();

    /** Longer than this, Erlang's printer goes on in the next line. */
    private static final int LINE = 80;

    private PolicyRules() {}

    /**
     * Makes a policy of what somebody asks for.
     *
     * @param fields of RabbitMQ's HTTP API: {@code pattern} and {@code definition}; {@code priority}
     *     and {@code apply-to} if they are not 0 and all
     * @throws Refusal.PreconditionFailed saying all that is wrong with it
     */
    public static PolicyDefinition policy(PolicyKind kind, String name, Map<String, ?> fields) {
        List<String> faults = new ArrayList<>();
        @Nullable Object pattern = fields.get("pattern");
        note(faults, patternFault(pattern));
        @Nullable Object priority = fields.containsKey("priority") ? fields.get("priority") : 0;
        if (!PolicyKey.isInteger(priority)) {
            faults.add("priority should be a number, actually was " + PolicyKey.term(priority));
        }
        @Nullable Object applyTo = fields.containsKey("apply-to") ? fields.get("apply-to") : "all";
        ApplyTo known = ApplyTo.named(String.valueOf(applyTo)).orElse(null);
        if (known == null) {
            faults.add(
                    "apply-to '"
                            + applyTo
                            + "' unrecognised; should be one of: 'queues', 'classic_queues', "
                            + " 'quorum_queues', 'streams', 'exchanges', or 'all'");
        }
        Arguments definition =
                fields.get("definition") instanceof Map<?, ?> table
                        ? table(table)
                        : Arguments.EMPTY;
        note(faults, definitionFault(kind, definition));
        if (!faults.isEmpty()) {
            throw invalid(faults);
        }
        return new PolicyDefinition(
                kind,
                name,
                String.valueOf(pattern),
                Objects.requireNonNull(known),
                priority instanceof Number number ? number.longValue() : 0,
                definition);
    }

    /** How RabbitMQ says that a parameter, policies among them, is not as it should be. */
    public static Refusal invalid(List<String> faults) {
        return new Refusal.PreconditionFailed(
                "Validation failed\n\n" + String.join("\n", faults) + "\n");
    }

    private static void note(List<String> faults, @Nullable String fault) {
        if (fault != null) {
            faults.add(fault);
        }
    }

    private static Arguments table(Map<?, ?> table) {
        // Sorted, as RabbitMQ keeps it.
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        table.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        return Arguments.of(sorted);
    }

    private static @Nullable String patternFault(@Nullable Object pattern) {
        if (!(pattern instanceof String text)) {
            return "pattern should be a binary but was " + PolicyKey.term(pattern);
        }
        try {
            NamePattern.of(text);
            return null;
        } catch (InvalidPatternException e) {
            String words = "pattern should be regular expression but is invalid: ";
            String problem = "{\"" + e.problem() + "\",";
            String at = e.at() + "}";
            boolean fits = words.length() + problem.length() + at.length() <= LINE;
            return words + problem + (fits ? "" : "\n" + " ".repeat(words.length() + 1)) + at;
        }
    }

    private static @Nullable String definitionFault(PolicyKind kind, Arguments definition) {
        if (definition.isEmpty()) {
            return "no policy provided";
        }
        @Nullable String unknown = null;
        for (PolicyKey key : PolicyKey.values()) {
            if (definition.contains(key.wireName()) && isOffered(kind, key)) {
                @Nullable String fault = key.fault(definition.get(key.wireName()));
                if (fault != null) {
                    return fault;
                }
            }
        }
        if (definition.contains("queue-master-locator")) {
            return "use of deprecated queue-master-locator argument is not permitted";
        }
        for (String name : definition.names()) {
            if (PolicyKey.named(name).filter(key -> isOffered(kind, key)).isEmpty()) {
                String term =
                        "{"
                                + PolicyKey.term(name)
                                + ","
                                + PolicyKey.term(definition.get(name))
                                + "}";
                unknown = unknown == null ? term : unknown + "," + term;
            }
        }
        return unknown == null
                ? delayedRetryFault(definition)
                : "[" + unknown + "] are not recognised policy settings";
    }

    private static boolean isOffered(PolicyKind kind, PolicyKey key) {
        return kind == PolicyKind.USER || key.isForOperators();
    }

    private static @Nullable String delayedRetryFault(Arguments definition) {
        String type = definition.text(DELAYED_RETRY_TYPE).orElse("disabled");
        long min = definition.integer(DELAYED_RETRY_MIN).orElse(0);
        long max = definition.integer(DELAYED_RETRY_MAX).orElse(Long.MAX_VALUE);
        if (!type.equals("disabled") && min == 0) {
            return DELAYED_RETRY_MIN + " is required when " + DELAYED_RETRY_TYPE + " is " + type;
        }
        return max < min
                ? DELAYED_RETRY_MAX
                        + " ("
                        + max
                        + ") must not be smaller than "
                        + DELAYED_RETRY_MIN
                        + " ("
                        + min
                        + ")"
                : null;
    }
}
