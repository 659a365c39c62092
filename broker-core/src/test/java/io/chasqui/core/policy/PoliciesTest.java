package io.chasqui.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.ApplyTo;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange.PolicyCleared;
import io.chasqui.core.definition.DefinitionChange.PolicySet;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.definition.QueueDefinition;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which policies win and what they come to, as RabbitMQ 4.3.6 answered. */
class PoliciesTest {

    private final Policies policies = new Policies();

    private void set(
            PolicyKind kind,
            String name,
            String pattern,
            ApplyTo applyTo,
            long priority,
            Map<String, ?> definition) {
        policies.replay(
                new PolicySet(
                        "/",
                        new PolicyDefinition(
                                kind, name, pattern, applyTo, priority, Arguments.of(definition))));
    }

    private void user(String name, long priority, Map<String, ?> definition) {
        set(PolicyKind.USER, name, "^q", ApplyTo.ALL, priority, definition);
    }

    private void operator(String name, Map<String, ?> definition) {
        set(PolicyKind.OPERATOR, name, "^q", ApplyTo.QUEUES, 0, definition);
    }

    private EffectivePolicy of(String queue, String type, Map<String, ?> arguments) {
        return policies.forQueue(
                new QueueDefinition(
                        1,
                        queue,
                        true,
                        false,
                        false,
                        Arguments.of(arguments).with("x-queue-type", type)));
    }

    private EffectivePolicy classic() {
        return of("q", "classic", Map.of());
    }

    private EffectivePolicy quorum() {
        return of("q", "quorum", Map.of());
    }

    @Test
    void the_highest_priority_wins_then_the_last_name() {
        user("a", 0, Map.of("max-length", 1));
        user("b", 0, Map.of("max-length", 2));
        assertThat(classic().policyName()).isEqualTo("b");
        user("a", 1, Map.of("max-length", 3, "message-ttl", 5));
        assertThat(classic().policyName()).isEqualTo("a");
        assertThat(classic().definition())
                .isEqualTo(Arguments.of(Map.of("max-length", 3, "message-ttl", 5)));
        policies.replay(new PolicyCleared("/", PolicyKind.USER, "a"));
        assertThat(classic().definition()).isEqualTo(Arguments.of(Map.of("max-length", 2)));
    }

    @Test
    void the_pattern_is_found_anywhere_in_the_name_and_the_empty_one_in_every_name() {
        set(PolicyKind.USER, "p", "ee", ApplyTo.QUEUES, 0, Map.of("max-length", 1));
        assertThat(of("beer", "classic", Map.of()).policyName()).isEqualTo("p");
        assertThat(of("wine", "classic", Map.of()).policyName()).isNull();
        set(PolicyKind.USER, "p", "", ApplyTo.QUEUES, 0, Map.of("max-length", 1));
        assertThat(of("wine", "classic", Map.of()).policyName()).isEqualTo("p");
    }

    @ParameterizedTest
    @CsvSource({
        "QUEUES, true, true, false",
        "CLASSIC_QUEUES, true, false, false",
        "QUORUM_QUEUES, false, true, false",
        "STREAMS, false, false, false",
        "EXCHANGES, false, false, true",
        "ALL, true, true, true",
    })
    void it_is_for_what_it_says(
            ApplyTo applyTo, boolean classic, boolean quorum, boolean exchange) {
        set(PolicyKind.USER, "p", "q", applyTo, 0, Map.of("max-length", 1));
        assertThat(classic().policyName() != null).isEqualTo(classic);
        assertThat(quorum().policyName() != null).isEqualTo(quorum);
        assertThat(policies.forExchange("q").policyName() != null).isEqualTo(exchange);
    }

    @Test
    void a_policy_with_a_key_that_the_type_does_not_know_is_not_for_it() {
        user("low", 0, Map.of("max-length", 4));
        user("high", 1, Map.of("delivery-limit", 9, "max-length", 3));
        assertThat(classic().policyName()).isEqualTo("low");
        assertThat(quorum().policyName()).isEqualTo("high");
        user("high", 1, Map.of("queue-mode", "lazy"));
        assertThat(classic().policyName()).isEqualTo("high");
        assertThat(quorum().policyName()).isEqualTo("low");
    }

    @Test
    void a_policy_for_classic_queues_only_may_limit_deliveries() {
        set(PolicyKind.USER, "p", "q", ApplyTo.CLASSIC_QUEUES, 0, Map.of("delivery-limit", 1));
        assertThat(classic().definition()).isEqualTo(Arguments.of(Map.of("delivery-limit", 1)));
    }

    @ParameterizedTest
    @CsvSource({
        "message-ttl, 5, 9, 5",
        "message-ttl, 9, 5, 5",
        "expires, 5, 9, 5",
        "max-length, 9, 5, 5",
        "max-length-bytes, 5, 9, 5",
        "overflow, drop-head, reject-publish, reject-publish",
        "delivery-limit, -1, 5, 5",
        "delivery-limit, 5, -1, 5",
        "delivery-limit, 9, 5, 5",
        "delivery-limit, 5, 9, 5",
        "queue-version, 2, 1, 1",
        "target-group-size, 3, 5, 5",
        "target-group-size, 5, 3, 5",
        "delayed-retry-min, 5, 9, 9",
        "delayed-retry-min, 9, 5, 9",
        "delayed-retry-max, 9, 5, 5",
        "delayed-retry-type, all, failed, failed",
    })
    void operators_limit_what_users_may_set(
            String key, String ofUser, String ofOperator, String merged) {
        user("u", 0, Map.of(key, typed(ofUser)));
        operator("o", Map.of(key, typed(ofOperator)));
        assertThat(quorum().definition().get(key)).isEqualTo(typed(merged));
        assertThat(quorum().policyName()).isEqualTo("u");
        assertThat(quorum().operatorPolicyName()).isEqualTo("o");
        assertThat(policies.forExchange("q").operatorPolicyName()).isNull();
    }

    @Test
    void what_only_one_of_them_sets_stays() {
        user("u", 0, Map.of("message-ttl", 70_000, "max-length", 9));
        operator("o", Map.of("max-length", 7, "expires", 1_000_000));
        assertThat(classic().definition())
                .isEqualTo(
                        Arguments.of(
                                Map.of(
                                        "expires", 1_000_000,
                                        "max-length", 7,
                                        "message-ttl", 70_000)));
    }

    @ParameterizedTest
    @CsvSource({
        "message-ttl, 5, 9, 5",
        "message-ttl, 9, 5, 5",
        "expires, 9, 5, 5",
        "max-length, 9, 5, 5",
        "max-length-bytes, 5, 9, 5",
        "delivery-limit, -1, 5, 5",
        "overflow, reject-publish, drop-head, reject-publish",
        "dead-letter-exchange, mine, its, mine",
        "dead-letter-routing-key, mine, its, mine",
        "consumer-timeout, 9000, 5000, 9000",
    })
    void the_lower_of_argument_and_policy_counts_or_the_argument(
            String key, String argument, String policy, String effective) {
        Arguments arguments =
                Arguments.of(Map.of("x-queue-type", "quorum", "x-" + key, typed(argument)));
        user("u", 0, Map.of(key, typed(policy)));
        assertThat(quorum().over(arguments).get("x-" + key)).isEqualTo(typed(effective));
    }

    @Test
    void a_policy_sets_what_no_argument_does() {
        user("u", 0, Map.of("max-length", 5, "dead-letter-exchange", "dead"));
        assertThat(classic().over(Arguments.EMPTY))
                .isEqualTo(
                        Arguments.of(Map.of("x-max-length", 5, "x-dead-letter-exchange", "dead")));
    }

    private static Object typed(String text) {
        return text.matches("-?\\d+") ? (Object) Integer.valueOf(text) : text;
    }
}
