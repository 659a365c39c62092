package io.chasqui.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.queue.Queue;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExchangeTest {

    @Nested
    class Of_every_type_of_the_specification {

        @ParameterizedTest
        @EnumSource(names = {"DIRECT", "FANOUT", "TOPIC", "HEADERS"})
        void a_queue_comes_once_however_many_bindings_lead_to_it(ExchangeType type) {
            ExchangeContext context = new ExchangeContext(type);
            context.bind("q", "k");
            context.bind("q", "k", Arguments.of(Map.of("a", 1)));
            context.bind("other", "k");

            context.expectRoute("k", "other", "q");
        }

        @ParameterizedTest
        @EnumSource(names = {"DIRECT", "FANOUT", "TOPIC", "HEADERS"})
        void the_same_binding_twice_is_one(ExchangeType type) {
            ExchangeContext context = new ExchangeContext(type);
            context.bind("q", "k");
            context.bind("q", "k");
            assertThat(context.exchange.bindings())
                    .containsExactly(ExchangeContext.binding("q", "k", Arguments.EMPTY));

            context.unbind("q", "k");
            context.expectRoute("k");
            assertThat(context.exchange.hasBindings()).isFalse();
        }

        @ParameterizedTest
        @EnumSource(names = {"DIRECT", "FANOUT", "TOPIC", "HEADERS"})
        void bindings_with_other_arguments_stay(ExchangeType type) {
            Arguments arguments = Arguments.of(Map.of("x-a", 1));
            ExchangeContext context = new ExchangeContext(type);
            context.bind("q", "k");
            context.bind("q", "k", arguments);

            context.unbind("q", "k");

            context.expectRoute("k", "q");
            assertThat(context.exchange.isBound(ExchangeContext.binding("q", "k", arguments)))
                    .isTrue();
            assertThat(context.exchange.isBound(ExchangeContext.binding("q", "k", Arguments.EMPTY)))
                    .isFalse();
        }

        @ParameterizedTest
        @EnumSource(names = {"DIRECT", "FANOUT", "TOPIC", "HEADERS"})
        void to_unbind_what_is_not_bound_does_nothing(ExchangeType type) {
            ExchangeContext context = new ExchangeContext(type);
            context.bind("q", "k");
            context.unbind("q", "k2");
            context.unbind("q2", "k");
            context.unbind("q", "k.k");

            context.expectRoute("k", "q");
        }

        @ParameterizedTest
        @EnumSource(names = {"DIRECT", "FANOUT", "TOPIC", "HEADERS"})
        void a_hundred_thousand_queues_are_bound_and_unbound_in_no_time(ExchangeType type) {
            ExchangeContext context = new ExchangeContext(type);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> {
                        for (int i = 0; i < 100_000; i++) {
                            context.bind("q" + i, "k");
                        }
                        assertThat(context.route("k").size()).isEqualTo(100_000);
                        for (int i = 0; i < 100_000; i++) {
                            context.unbind("q" + i, "k");
                        }
                    });
            assertThat(context.exchange.hasBindings()).isFalse();
        }
    }

    /** 0-9-1 §3.1.3.1: "K = R". */
    @Test
    void a_direct_exchange_routes_by_the_very_key() {
        ExchangeContext context = new ExchangeContext(ExchangeType.DIRECT);
        context.bind("q1", "a");
        context.bind("q2", "A");
        context.bind("q3", "");

        context.expectRoute("a", "q1");
        context.expectRoute("A", "q2");
        context.expectRoute("", "q3");
        context.expectRoute("b");
    }

    /** 0-9-1 §3.1.3.2: "passed to the message queue unconditionally". */
    @Test
    void a_fanout_exchange_routes_everything_everywhere() {
        ExchangeContext context = new ExchangeContext(ExchangeType.FANOUT);
        context.bind("q1", "a");
        context.bind("q2", "");

        context.expectRoute("zzz", "q1", "q2");
    }

    @Test
    void the_default_exchange_knows_every_queue_by_its_name() {
        Queue queue = BareQueues.named("q");
        Exchange exchange =
                new DefaultExchange(
                        name -> name.equals("q") ? new Destination.ToQueue(queue) : null);

        Route route = RouteSearch.from(exchange, new KeyOnly("q"), _ -> null);

        assertThat(route.size()).isEqualTo(1);
        assertThat(route.queue(0)).isSameAs(queue);
        assertThat(route.exchange()).isSameAs(exchange);
        assertThat(RouteSearch.from(exchange, new KeyOnly("other"), _ -> null).size()).isZero();
    }
}
