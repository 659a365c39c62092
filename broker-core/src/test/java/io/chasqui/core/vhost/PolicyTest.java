package io.chasqui.core.vhost;

import static io.chasqui.core.vhost.VirtualHostContext.ME;
import static io.chasqui.core.vhost.VirtualHostContext.durable;
import static io.chasqui.core.vhost.VirtualHostContext.refused;
import static io.chasqui.core.vhost.VirtualHostContext.transientQueue;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ParameterDefinition;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.definition.VirtualHostDescription;
import io.chasqui.core.policy.EffectivePolicy;
import io.chasqui.core.policy.Limit;
import io.chasqui.core.policy.PolicyRules;
import io.chasqui.core.queue.QueueSettings;
import io.chasqui.core.refusal.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Policies, parameters and limits of a virtual host take effect at once and after a restart. */
class PolicyTest {

    private VirtualHostContext context = new VirtualHostContext();

    private static PolicyDefinition policy(String name, String key, Object value) {
        return PolicyRules.policy(
                PolicyKind.USER, name, Map.of("pattern", "^q", "definition", Map.of(key, value)));
    }

    private Changed set(String key, Object value) {
        return context.vhost.policies().set(policy("p", key, value));
    }

    private long ttl(String queue) {
        return context.settings.get(queue).messageTtlMs();
    }

    @Test
    void a_policy_reaches_the_queues_that_are_there_and_those_to_come() {
        context.declare(durable("q1"));
        context.declare(durable("other"));
        Changed changed = set("message-ttl", 1000);
        assertThat(changed.created()).isTrue();
        assertThat(changed.position()).isPositive();
        context.declare(durable("q2"));
        assertThat(ttl("q1")).isEqualTo(1000);
        assertThat(ttl("q2")).isEqualTo(1000);
        assertThat(context.settings.get("other")).isEqualTo(QueueSettings.of(Arguments.EMPTY));
        assertThat(set("message-ttl", 500).created()).isFalse();
        assertThat(ttl("q1")).isEqualTo(500);
        context.vhost.policies().clear(PolicyKind.USER, "p");
        assertThat(context.settings.get("q1")).isEqualTo(QueueSettings.of(Arguments.EMPTY));
    }

    @Test
    void it_counts_again_after_a_restart() {
        context.declare(durable("q1"));
        set("message-ttl", 1000);
        context = context.rebooted();
        assertThat(ttl("q1")).isEqualTo(1000);
        assertThat(context.vhost.policies().of(context.vhost.queue("q1")).policyName())
                .isEqualTo("p");
    }

    @Test
    void a_checkpoint_has_policies_and_parameters() {
        context.declare(durable("q1"));
        set("message-ttl", 1000);
        context.vhost.parameters().setLimit("max-queues", 7);
        VirtualHostContext other = new VirtualHostContext();
        context.vhost.forEachChange(other.vhost::replay);
        assertThat(other.durableState()).isEqualTo(context.durableState());
        assertThat(other.settings.get("q1").messageTtlMs()).isEqualTo(1000);
        assertThat(other.vhost.parameters().limit(Limit.MAX_QUEUES)).hasValue(7);
    }

    @Test
    void the_same_policy_again_is_not_recorded() {
        set("message-ttl", 1000);
        int before = context.recorded.size();
        assertThat(set("message-ttl", 1000).position()).isPositive();
        assertThat(context.recorded).hasSize(before);
    }

    @Test
    void a_policy_that_is_not_there_cannot_be_cleared() {
        refused(
                Refusal.NotFound.class,
                "no policy 'p' in vhost '/'",
                () -> context.vhost.policies().clear(PolicyKind.USER, "p"));
    }

    @Test
    void a_deleted_queue_leaves_nothing_to_one_of_its_name() {
        set("message-ttl", 1000);
        context.vhost.queueRemoved(context.declare(durable("q1")));
        context.vhost.policies().clear(PolicyKind.USER, "p");
        assertThat(context.vhost.policies().of(context.declare(durable("q1"))))
                .isEqualTo(EffectivePolicy.NONE);
    }

    @Test
    void an_alternate_exchange_by_policy_is_asked_at_once_and_the_argument_first() {
        context.declare(durable("caught"));
        context.exchange("q.source", "direct", true);
        context.exchange("alternate", "fanout", true);
        context.bind("caught", "alternate", "");
        long version = context.vhost.routing().version();
        context.expectRoute("q.source", "k");
        set("alternate-exchange", "alternate");
        assertThat(context.vhost.routing().version()).isGreaterThan(version);
        context.expectRoute("q.source", "k", "caught");
        context.vhost.declareExchange(
                "q.own",
                "direct",
                true,
                false,
                false,
                Arguments.of(Map.of("alternate-exchange", "amq.direct")));
        context.expectRoute("q.own", "k");
        context.vhost.policies().clear(PolicyKind.USER, "p");
        context.expectRoute("q.source", "k");
    }

    @Test
    void no_more_queues_than_the_limit_may_be_declared() {
        context.vhost.parameters().setLimit("max-queues", 1);
        context.declare(durable("q1"));
        context.declare(durable("q1"));
        refused(
                Refusal.PreconditionFailed.class,
                "cannot declare queue 'q2': queue limit in vhost '/' (1) is reached",
                () -> context.vhost.declareQueue(durable("q2"), ME));
        context.vhost.parameters().setLimit("max-queues", -1);
        context.declare(durable("q2"));
        context.vhost.parameters().clearLimit("max-queues");
        assertThat(context.vhost.parameters().limits()).isEqualTo(Arguments.EMPTY);
        assertThat(context.vhost.parameters().hasLimits())
                .as("what is left is kept as RabbitMQ does")
                .isTrue();
    }

    @Test
    void limits_are_checked_with_rabbitmqs_texts() {
        refused(
                Refusal.PreconditionFailed.class,
                "Validation failed\n\nmax-queues should be a number, actually was <<\"a\">>\n",
                () -> context.vhost.parameters().setLimit("max-queues", "a"));
        refused(
                Refusal.PreconditionFailed.class,
                "Validation failed\n\nUnrecognised terms [{<<\"nosuch\">>,1}] in limits\n",
                () -> context.vhost.parameters().setLimit("nosuch", 1));
        assertThat(context.vhost.parameters().limits()).isEqualTo(Arguments.EMPTY);
    }

    @Test
    void the_default_queue_type_is_for_queues_that_it_allows() {
        context.vhost.describe(new VirtualHostDescription("ours", List.of(), "quorum", false));
        context = context.rebooted();
        assertThat(context.vhost.description().description()).isEqualTo("ours");
        assertThat(context.declare(durable("q")).definition().arguments().text("x-queue-type"))
                .contains("quorum");
        assertThat(
                        context.declare(transientQueue("t"))
                                .definition()
                                .arguments()
                                .text("x-queue-type"))
                .contains("classic");
    }

    @Test
    void parameters_hold_any_value() {
        ParameterDefinition parameter =
                ParameterDefinition.of("shovel", "s", Map.of("list", List.of(1, "a", true)));
        assertThat(context.vhost.parameters().set(parameter).created()).isTrue();
        assertThat(context.vhost.parameters().set(parameter).created()).isFalse();
        context = context.rebooted();
        assertThat(context.vhost.parameters().all()).containsExactly(parameter);
        context.vhost.parameters().clear("shovel", "s");
        refused(
                Refusal.NotFound.class,
                "no parameter 's' of component 'shovel' in vhost '/'",
                () -> context.vhost.parameters().clear("shovel", "s"));
    }
}
