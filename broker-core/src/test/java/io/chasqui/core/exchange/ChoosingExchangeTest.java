package io.chasqui.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.message.MessageProperty;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exchanges that give each message to one of their queues. */
class ChoosingExchangeTest {

    private static final int MESSAGES = 20_000;

    private static String queueOf(ExchangeContext context, RoutedMessage message) {
        List<String> queues = BareQueues.names(context.route(message));
        assertThat(queues).hasSize(1);
        return queues.getFirst();
    }

    /** How many of the messages each queue gets. */
    private static Map<String, Integer> shares(
            ExchangeContext context, IntFunction<RoutedMessage> message) {
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            shares.merge(queueOf(context, message.apply(i)), 1, Integer::sum);
        }
        return shares;
    }

    private static RoutedMessage key(int number) {
        return new KeyOnly("key-" + number);
    }

    private static void expectShares(Map<String, Integer> actual, Map<String, Integer> weights) {
        int all = weights.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(actual).hasSameSizeAs(weights);
        weights.forEach((queue, weight) ->
                assertThat(actual.get(queue))
                        .as(queue)
                        .isCloseTo(MESSAGES / all * weight, withPercentage(8)));
    }

    @Nested
    class Of_every_kind {

        @ParameterizedTest
        @EnumSource(names = {"CONSISTENT_HASH", "MODULUS_HASH", "RANDOM", "LOCAL_RANDOM"})
        void a_message_goes_to_one_queue_and_each_queue_gets_its_share(ExchangeType type) {
            ExchangeContext context = new ExchangeContext(type);
            Map<String, Integer> weights = new HashMap<>();
            for (int i = 0; i < 7; i++) {
                context.bind("q" + i, "1");
                weights.put("q" + i, 1);
            }
            expectShares(shares(context, ChoosingExchangeTest::key), weights);
        }

        @ParameterizedTest
        @EnumSource(names = {"CONSISTENT_HASH", "MODULUS_HASH", "RANDOM", "LOCAL_RANDOM"})
        void without_a_binding_nothing_is_found(ExchangeType type) {
            ExchangeContext context = new ExchangeContext(type);
            context.expectRoute("k");
            context.bind("q", "1");
            context.expectRoute("k", "q");
            assertThat(context.exchange.bindings())
                    .containsExactly(ExchangeContext.binding("q", "1", Arguments.EMPTY));

            context.unbind("q", "1");

            context.expectRoute("k");
            assertThat(context.exchange.hasBindings()).isFalse();
        }

        @ParameterizedTest
        @EnumSource(names = {"CONSISTENT_HASH", "MODULUS_HASH", "RANDOM", "LOCAL_RANDOM"})
        void a_hundred_thousand_queues_are_bound_and_unbound_in_no_time(ExchangeType type) {
            ExchangeContext context = new ExchangeContext(type);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> {
                        for (int i = 0; i < 100_000; i++) {
                            context.bind("q" + i, "1");
                        }
                        assertThat(context.route("k").size()).isEqualTo(1);
                        for (int i = 0; i < 100_000; i++) {
                            context.unbind("q" + i, "1");
                        }
                    });
            assertThat(context.exchange.hasBindings()).isFalse();
        }
    }

    @Nested
    class Consistent_hash {

        private final ExchangeContext context = new ExchangeContext(ExchangeType.CONSISTENT_HASH);

        @Test
        void the_binding_key_is_the_share_that_a_queue_gets() {
            context.bind("one", "1");
            context.bind("two", "2");
            context.bind("five", "5");
            expectShares(
                    shares(context, ChoosingExchangeTest::key),
                    Map.of("one", 1, "two", 2, "five", 5));
        }

        @Test
        void a_queue_that_comes_takes_its_share_and_moves_nothing_else() {
            for (int i = 0; i < 4; i++) {
                context.bind("q" + i, "10");
            }
            Map<Integer, String> before = queuesOfKeys();

            context.bind("new", "10");

            int moved = 0;
            for (Map.Entry<Integer, String> entry : queuesOfKeys().entrySet()) {
                if (!entry.getValue().equals(before.get(entry.getKey()))) {
                    assertThat(entry.getValue()).isEqualTo("new");
                    moved++;
                }
            }
            assertThat(moved).isCloseTo(MESSAGES / 5, withPercentage(8));

            context.unbind("new", "10");
            assertThat(queuesOfKeys()).isEqualTo(before);
        }

        @Test
        void another_weight_moves_only_what_the_queue_gains() {
            for (int i = 0; i < 4; i++) {
                context.bind("q" + i, "1");
            }
            Map<Integer, String> before = queuesOfKeys();

            context.unbind("q2", "1");
            context.bind("q2", "2");

            queuesOfKeys()
                    .forEach((key, queue) -> {
                        if (!queue.equals(before.get(key))) {
                            assertThat(queue).isEqualTo("q2");
                        }
                    });
        }

        @Test
        void the_order_of_binding_does_not_matter() {
            ExchangeContext other = new ExchangeContext(ExchangeType.CONSISTENT_HASH);
            for (int i = 0; i < 9; i++) {
                context.bind("q" + i, Integer.toString(1 + i % 3));
                other.bind("q" + (8 - i), Integer.toString(1 + (8 - i) % 3));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(queueOf(other, key(i))).isEqualTo(queueOf(context, key(i)));
            }
        }

        /** What is in the queues of a running system must be found there by the next version. */
        @Test
        void keys_have_always_had_these_queues() {
            for (int i = 0; i < 5; i++) {
                context.bind("q" + i, "1");
            }
            List<String> queues =
                    List.of("a", "b", "c", "order.1", "order.2", "ñandú").stream()
                            .map(key -> queueOf(context, new KeyOnly(key)))
                            .toList();
            assertThat(queues).containsExactly("q1", "q3", "q2", "q1", "q3", "q1");
        }

        @Test
        void of_two_bindings_of_a_queue_the_first_gives_the_weight() {
            context.bind("q1", "3");
            context.bind("q1", "1");
            context.bind("q2", "1");
            expectShares(shares(context, ChoosingExchangeTest::key), Map.of("q1", 3, "q2", 1));

            context.unbind("q1", "3");
            expectShares(shares(context, ChoosingExchangeTest::key), Map.of("q1", 1, "q2", 1));
        }

        @Test
        void carbon_copies_do_not_count() {
            context.bind("q1", "1");
            context.bind("q2", "1");
            for (int i = 0; i < 100; i++) {
                assertThat(queueOf(context, TestMessage.withKeys("key-" + i, "copy-" + i)))
                        .isEqualTo(queueOf(context, key(i)));
            }
        }

        @Test
        void a_header_may_be_hashed_instead() {
            for (String argument : List.of("hash-header", "x-hash-on")) {
                ExchangeContext byHeader =
                        new ExchangeContext(
                                ExchangeType.CONSISTENT_HASH, Arguments.of(Map.of(argument, "id")));
                byHeader.bind("q1", "1");
                byHeader.bind("q2", "1");
                expectShares(
                        shares(byHeader, i -> TestMessage.withHeaders(Map.of("id", i))),
                        Map.of("q1", 1, "q2", 1));
                assertThat(shares(byHeader, ChoosingExchangeTest::key)).hasSize(1);
                assertThat(byHeader.exchange.routesByKeyAlone()).isFalse();
            }
        }

        @ParameterizedTest
        @EnumSource(MessageProperty.class)
        void a_property_may_be_hashed_instead(MessageProperty property) {
            ExchangeContext byProperty =
                    new ExchangeContext(
                            ExchangeType.CONSISTENT_HASH,
                            Arguments.of(
                                    Map.of(
                                            "hash-property",
                                            property.name().toLowerCase(java.util.Locale.ROOT))));
            byProperty.bind("q1", "1");
            byProperty.bind("q2", "1");
            expectShares(
                    shares(byProperty, i -> TestMessage.with(property, Integer.toString(i))),
                    Map.of("q1", 1, "q2", 1));
            assertThat(shares(byProperty, ChoosingExchangeTest::key)).hasSize(1);
        }

        @Test
        void a_route_by_key_is_cached() {
            context.bind("q1", "1");
            assertThat(context.route("k").isCacheable()).isTrue();
        }

        private Map<Integer, String> queuesOfKeys() {
            Map<Integer, String> queues = new HashMap<>();
            for (int i = 0; i < MESSAGES; i++) {
                queues.put(i, queueOf(context, key(i)));
            }
            return queues;
        }
    }

    @Nested
    class Modulus_hash {

        private final ExchangeContext context = new ExchangeContext(ExchangeType.MODULUS_HASH);

        @Test
        void equal_keys_go_to_one_queue() {
            context.bind("q1", "");
            context.bind("q2", "");
            for (int i = 0; i < 100; i++) {
                assertThat(queueOf(context, key(i))).isEqualTo(queueOf(context, key(i)));
            }
            assertThat(context.exchange.routesByKeyAlone()).isTrue();
        }

        @Test
        void every_binding_counts() {
            context.bind("q1", "a");
            context.bind("q1", "b");
            context.bind("q1", "c");
            context.bind("q2", "a");
            expectShares(shares(context, ChoosingExchangeTest::key), Map.of("q1", 3, "q2", 1));
        }

        @Test
        void carbon_copies_count() {
            context.bind("q1", "");
            context.bind("q2", "");
            expectShares(
                    shares(context, i -> TestMessage.withKeys("same", "copy-" + i)),
                    Map.of("q1", 1, "q2", 1));
        }
    }

    @Test
    void a_random_route_is_not_cached() {
        ExchangeContext context = new ExchangeContext(ExchangeType.RANDOM);
        context.bind("q1", "");
        assertThat(context.route("k").isCacheable()).isFalse();
    }
}
