package io.chasqui.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.definition.ApplyTo;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.refusal.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What RabbitMQ 4.3.6 says to policies that are not as they should be. */
class PolicyRulesTest {

    private static PolicyDefinition user(Map<String, ?> fields) {
        return PolicyRules.policy(PolicyKind.USER, "p", fields);
    }

    private static Map<String, Object> defining(Object definition) {
        return Map.of("pattern", "a", "definition", definition);
    }

    private static Map<String, Object> with(Map<String, Object> fields, String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return more;
    }

    private static void refused(PolicyKind kind, Map<String, ?> fields, String reason) {
        assertThatThrownBy(() -> PolicyRules.policy(kind, "p", fields))
                .isInstanceOf(Refusal.PreconditionFailed.class)
                .hasMessage("Validation failed\n\n" + reason + "\n");
    }

    private static void refused(Map<String, ?> fields, String reason) {
        refused(PolicyKind.USER, fields, reason);
    }

    @Test
    void what_is_not_said_has_a_default() {
        assertThat(user(defining(Map.of("max-length", 1))))
                .isEqualTo(
                        new PolicyDefinition(
                                PolicyKind.USER,
                                "p",
                                "a",
                                ApplyTo.ALL,
                                0,
                                Arguments.of(Map.of("max-length", 1))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "message-ttl | -1 | -1 is not a valid message TTL",
                "message-ttl | a | <<\"a\">> is not a valid message TTL",
                "expires | 0 | 0 is not a valid queue expiry",
                "max-length | -1 | -1 is not a valid maximum length",
                "max-length-bytes | -1 | -1 is not a valid maximum length in bytes",
                "max-in-memory-length | -1 | -1 is not a valid maximum memory in bytes",
                "max-in-memory-bytes | -1 | -1 is not a valid maximum memory in bytes",
                "overflow | x | <<\"x\">> is not a valid overflow value",
                "dead-letter-exchange | 1 | 1 is not a valid dead letter exchange name",
                "dead-letter-routing-key | 1 | 1 is not a valid dead letter routing key",
                "dead-letter-strategy | x | <<\"x\">> is not a valid dead letter strategy",
                "queue-mode | x | <<\"x\">> is not a valid queue-mode value",
                "queue-version | 3 | 3 is not a valid queue-version value",
                "queue-leader-locator | x | <<\"x\">> is not a valid queue leader locator value",
                "delivery-limit | a | <<\"a\">> is not a valid delivery limit",
                "consumer-timeout | -1 | -1 is not a valid consumer timeout",
                "consumer-disconnected-timeout | -1"
                        + " | -1 is not a valid consumer disconnected timeout",
                "alternate-exchange | 1 | 1 is not a valid alternate exchange name",
                "delayed-retry-type | x | <<\"x\">> is not a valid delayed retry type."
                        + " Must be one of: all, failed, returned, disabled",
                "delayed-retry-type | all"
                        + " | delayed-retry-min is required when delayed-retry-type is all",
                "delayed-retry-min | 0 | 0 is not a valid delayed retry minimum delay."
                        + " Must be a positive integer",
                "delayed-retry-max | -1 | -1 is not a valid delayed retry maximum delay."
                        + " Must be a positive integer",
                "max-age | x | <<\"x\">> is not a valid max age",
                "stream-max-segment-size-bytes | 3000000001"
                        + " | 3000000001 is not a valid segment size",
                "stream-filter-size-bytes | 15"
                        + " | 15 is not a valid filter size. Valid range is 16-255",
                "target-group-size | 0 | 0 is not a valid qq target count value",
                "queue-master-locator | min-masters"
                        + " | use of deprecated queue-master-locator argument is not permitted",
                "max-priority | 5 | [{<<\"max-priority\">>,5}] are not recognised policy settings",
                "nosuch | x | [{<<\"nosuch\">>,<<\"x\">>}] are not recognised policy settings",
            })
    void each_key_is_checked(String key, String value, String reason) {
        Object typed = value.matches("-?\\d+") ? (Object) Long.valueOf(value) : value;
        refused(defining(Map.of(key, typed)), reason);
    }

    @Test
    void numbers_are_whole() {
        refused(defining(Map.of("max-length", 1.5)), "1.5 is not a valid maximum length");
        refused(defining(Map.of("message-ttl", true)), "true is not a valid message TTL");
    }

    @Test
    void minimum_and_maximum_delay_go_together() {
        refused(
                defining(
                        Map.of(
                                "delayed-retry-type",
                                "all",
                                "delayed-retry-min",
                                5,
                                "delayed-retry-max",
                                1)),
                "delayed-retry-max (1) must not be smaller than delayed-retry-min (5)");
    }

    @Test
    void an_empty_definition_is_no_policy() {
        refused(defining(Map.of()), "no policy provided");
    }

    @Test
    void the_first_of_several_faults_is_told() {
        refused(
                defining(Map.of("max-length", -1, "nosuch", 1, "alternate-exchange", 1)),
                "1 is not a valid alternate exchange name");
    }

    @Test
    void pattern_priority_and_what_it_is_for_are_checked() {
        Map<String, Object> good = defining(Map.of("max-length", 1));
        refused(with(good, "pattern", 1), "pattern should be a binary but was 1");
        refused(with(good, "priority", "a"), "priority should be a number, actually was <<\"a\">>");
        refused(
                with(good, "apply-to", "x"),
                "apply-to 'x' unrecognised; should be one of: 'queues', 'classic_queues', "
                        + " 'quorum_queues', 'streams', 'exchanges', or 'all'");
        refused(
                with(good, "pattern", "("),
                "pattern should be regular expression but is invalid:"
                        + " {\"missing closing parenthesis\",\n"
                        + " ".repeat(54)
                        + "1}");
    }

    @Test
    void operators_set_fewer_keys() {
        Map<String, Object> alternate = defining(Map.of("alternate-exchange", "x"));
        assertThat(user(alternate).definition().text("alternate-exchange")).contains("x");
        refused(
                PolicyKind.OPERATOR,
                alternate,
                "[{<<\"alternate-exchange\">>,<<\"x\">>}] are not recognised policy settings");
        assertThat(
                        PolicyRules.policy(
                                        PolicyKind.OPERATOR,
                                        "p",
                                        defining(Map.of("delivery-limit", 5)))
                                .definition()
                                .integer("delivery-limit"))
                .hasValue(5);
    }
}
