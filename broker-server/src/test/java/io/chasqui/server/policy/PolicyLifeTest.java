package io.chasqui.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for policies and operator's policies alone. */
@ParameterizedClass
@EnumSource(
        value = PolicyScene.SetBy.class,
        names = {"POLICY", "OPERATOR_POLICY"})
class PolicyLifeTest extends PolicyScene {

    PolicyLifeTest(SetBy setBy) {
        super(setBy);
    }

    /** Taking a policy away gives the queue back what it had. */
    @Test
    void a_policy_that_goes_has_no_effect_any_more() throws Exception {
        given(Map.of("max-length", 1, "message-ttl", 60_000, "expires", 120_000), Map.of());
        publish("1", "2");
        set();
        holds("q", 1);
        assertThat(management.delete(policyPath()).status()).isEqualTo(204);
        publish("3");
        broker.clock().advance(Duration.ofHours(1));
        holds("q", 2);
        restart();
        broker.clock().advance(Duration.ofHours(1));
        holds("q", 2);
    }

    /** Keys that other brokers need are kept and shown. */
    @Test
    void what_has_no_effect_here_is_taken() throws Exception {
        Map<String, Object> without =
                setBy == SetBy.OPERATOR_POLICY
                        ? Map.of("max-in-memory-length", 5, "target-group-size", 3)
                        : Map.of(
                                "max-in-memory-length", 5,
                                "max-in-memory-bytes", 500,
                                "queue-leader-locator", "balanced");
        given(without, Map.of("x-queue-type", "quorum"));
        publish("1");
        set();
        restart();
        holds("q", 1);
        String name = setBy == SetBy.POLICY ? "policy" : "operator_policy";
        assertThat(management.get("queues/%2F/q").object()).containsEntry(name, "p");
    }
}
