package io.chasqui.core.vhost;

import static io.chasqui.core.vhost.VirtualHostContext.ME;
import static io.chasqui.core.vhost.VirtualHostContext.durable;
import static io.chasqui.core.vhost.VirtualHostContext.refused;
import static io.chasqui.core.vhost.VirtualHostContext.transientQueue;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange.BindingAdded;
import io.chasqui.core.definition.DefinitionChange.BindingRemoved;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeleted;
import io.chasqui.core.definition.DefinitionChange.QueueDeclared;
import io.chasqui.core.definition.DefinitionChange.QueueDeleted;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** queue.bind, queue.unbind, and what goes when its last binding goes. */
class BindingRulesTest {

    private final VirtualHostContext context = new VirtualHostContext();
    private final VirtualHost vhost = context.vhost;

    @Test
    void both_ends_of_a_binding_must_be_there() {
        context.declare(durable("q"));

        refused(
                Refusal.NotFound.class,
                "no exchange 'nosuch' in vhost '/'",
                () -> context.bind("q", "nosuch", "k"));
        refused(
                Refusal.NotFound.class,
                "no queue 'nosuch' in vhost '/'",
                () -> context.bind("nosuch", "amq.direct", "k"));
        refused(
                Refusal.NotFound.class,
                "no exchange 'nosuch' in vhost '/'",
                () -> context.bind("nosuch", "nosuch", "k"));
    }

    @Test
    void to_unbind_what_is_missing_succeeds() {
        context.declare(durable("q"));

        assertThat(context.unbind("nosuch", "amq.direct", "k")).isZero();
        assertThat(context.unbind("q", "nosuch", "k")).isZero();
        assertThat(context.unbind("q", "amq.direct", "k")).isZero();
    }

    @Test
    void a_binding_is_durable_only_if_both_ends_are() {
        context.exchange("t", "direct", false);
        context.declare(durable("dq"));
        context.declare(transientQueue("tq"));
        context.recorded.clear();

        assertThat(context.bind("tq", "amq.direct", "k")).isZero();
        assertThat(context.bind("dq", "t", "k")).isZero();
        assertThat(context.unbind("tq", "amq.direct", "k")).isZero();
        assertThat(context.recorded).isEmpty();

        assertThat(context.bind("dq", "amq.direct", "k")).isEqualTo(1);
        assertThat(context.unbind("dq", "amq.direct", "k")).isEqualTo(2);
        assertThat(context.recorded)
                .hasExactlyElementsOfTypes(BindingAdded.class, BindingRemoved.class);
    }

    @Test
    void the_same_binding_twice_is_recorded_once() {
        context.declare(durable("q"));
        long first = context.bind("q", "amq.topic", "#");
        long second = context.bind("q", "amq.topic", "#");

        assertThat(second).isEqualTo(first);
        assertThat(context.recorded)
                .hasOnlyElementsOfTypes(BindingAdded.class, QueueDeclared.class);
        assertThat(context.recorded).hasSize(2);
        assertThat(vhost.bindingsTo(vhost.queue("q"))).hasSize(1);
    }

    @Test
    void bindings_with_different_arguments_are_different() {
        context.declare(durable("q"));
        vhost.bindQueue("q", "amq.direct", "k", Arguments.of(Map.of("a", 1)), ME);
        vhost.bindQueue("q", "amq.direct", "k", Arguments.of(Map.of("a", 1L)), ME);

        assertThat(vhost.bindingsTo(vhost.queue("q"))).hasSize(2);
    }

    @Test
    void every_change_of_a_definition_raises_the_routing_version() {
        long start = vhost.routing().version();
        Queue queue = context.declare(transientQueue("q"));
        context.bind("q", "amq.direct", "k");
        context.bind("q", "amq.direct", "k");
        context.unbind("q", "amq.direct", "k");
        vhost.queueRemoved(queue);

        assertThat(vhost.routing().version()).isEqualTo(start + 4);
    }

    @Test
    void an_auto_delete_exchange_goes_with_its_last_binding() {
        context.autoDeleteExchange("x", true);
        context.declare(durable("q"));
        context.bind("q", "x", "a");
        context.bind("q", "x", "b");

        context.unbind("q", "x", "a");
        assertThat(vhost.exchange("x")).isNotNull();
        context.unbind("q", "x", "b");
        context.expectNoExchange("x");
        assertThat(context.recorded).last().isEqualTo(new ExchangeDeleted("/", "x"));
    }

    @Test
    void an_auto_delete_exchange_that_was_never_bound_stays() {
        context.autoDeleteExchange("x", true);
        context.declare(durable("q"));
        context.unbind("q", "x", "a");
        context.bind("q", "amq.direct", "a");
        vhost.queueRemoved(vhost.queue("q"));

        assertThat(vhost.exchange("x")).isNotNull();
    }

    @Test
    void a_removed_queue_takes_its_bindings_and_the_auto_delete_exchanges_along() {
        context.autoDeleteExchange("only-q", true);
        context.autoDeleteExchange("shared", true);
        context.autoDeleteExchange("transient", false);
        Queue queue = context.declare(durable("q"));
        context.declare(durable("other"));
        for (String exchange : new String[] {"only-q", "shared", "transient", "amq.fanout"}) {
            context.bind("q", exchange, "k");
        }
        context.bind("other", "shared", "k");
        context.recorded.clear();

        assertThat(vhost.queueRemoved(queue)).isEqualTo(2);

        assertThat(context.recorded)
                .containsExactly(
                        new QueueDeleted("/", "q", queue.definition().id()),
                        new ExchangeDeleted("/", "only-q"));
        context.expectNoExchange("only-q");
        context.expectNoExchange("transient");
        context.expectRoute("shared", "k", "other");
        context.expectRoute("amq.fanout", "k");
        context.expectRoute("", "q");
    }
}
