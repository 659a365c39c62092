package io.chasqui.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.chasqui.core.definition.ExchangeType;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 0-9-1 §3.1.3.3; what it leaves open is as RabbitMQ's rabbit_db_topic_exchange has it. */
class TopicExchangeTest {

    private static final List<String> WORDS = List.of("a", "b", "", "cc", "*", "#");

    private final ExchangeContext context = new ExchangeContext(ExchangeType.TOPIC);

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "*.stock.#,     usd.stock,       true",
        "*.stock.#,     eur.stock.db,    true",
        "*.stock.#,     stock.nasdaq,    false",
        "a.b,           a.b,             true",
        "a.b,           A.b,             false",
        "a.b,           a.b.c,           false",
        "a.b.c,         a.b,             false",
        "*,             a,               true",
        "*,             a.b,             false",
        "*.*,           a.b,             true",
        "a.*.c,         a.b.c,           true",
        "a.*.c,         a.c,             false",
        "#,             a.b.c,           true",
        "a.#,           a,               true",
        "a.#,           a.b.c.d,         true",
        "a.#,           ab,              false",
        "#.c,           c,               true",
        "#.c,           a.b.c,           true",
        "#.c,           a.c.b,           false",
        "a.#.c,         a.c,             true",
        "a.#.c,         a.b.b.c,         true",
        "a.#.c,         a.b.b,           false",
        "#.b.#,         b,               true",
        "#.b.#,         a.b.c,           true",
        "#.b.#,         a.c,             false",
        "#.*,           a,               true",
        "#.#,           a,               true",
        "*.#.*,         a,               false",
        "*.#.*,         a.b,             true",
        "#.a.#.b.#.c.#, a.x.b.y.c,       true",
        "#.a.#.b.#.c.#, c.b.a,           false",
        "a*,            a*,              true",
        "a*,            ab,              false",
        "a#.b,          ax.b,            false",
        "*,             *,               true",
        "a,             *,               false",
        "a,             #,               false",
    })
    void a_key_matches_word_by_word(String pattern, String key, boolean matches) {
        context.bind("q", pattern);

        assertThat(context.route(key).size() == 1).isEqualTo(matches);
    }

    @ParameterizedTest(name = "[{0}] and [{1}]: {2}")
    @CsvSource({
        "'',    '',    true",
        "'#',   '',    true",
        "'#.#', '',    true",
        "'*',   '',    false",
        "'',    '.',   false",
        "'*.*', '.',   true",
        "'*',   '.',   false",
        "'.',   '.',   true",
        "'#',   '.',   true",
        "'a.',  'a.',  true",
        "'a.',  'a',   false",
        "'a.*', 'a.',  true",
        "'*.a', '.a',  true",
        "'a.b', 'a..b', false",
        "'a.*.b', 'a..b', true",
        "'a.#.b', 'a..b', true",
    })
    void the_empty_key_has_no_words_and_dots_make_empty_words(
            String pattern, String key, boolean matches) {
        context.bind("q", pattern);

        assertThat(context.route(key).size() == 1).isEqualTo(matches);
    }

    @Test
    void a_binding_gone_leaves_those_on_its_way_and_behind_it() {
        context.bind("short", "a.*");
        context.bind("long", "a.*.#.b");
        context.bind("beside", "a.x");

        context.unbind("short", "a.*");
        context.expectRoute("a.x", "beside");
        context.expectRoute("a.x.b", "long");

        context.unbind("long", "a.*.#.b");
        context.expectRoute("a.x.b");
        context.expectRoute("a.x", "beside");

        context.unbind("beside", "a.x");
        assertThat(context.exchange.hasBindings()).isFalse();
    }

    @Test
    void a_hundred_thousand_random_pairs_agree_with_a_naive_matcher() {
        int matches = 0;
        for (int seed = 0; seed < 100_000; seed++) {
            Random random = new Random(seed);
            String pattern = randomKey(random, WORDS);
            String key = randomKey(random, WORDS.subList(0, 4));
            ExchangeContext exchange = new ExchangeContext(ExchangeType.TOPIC);
            exchange.bind("q", pattern);
            boolean expected = matches(words(pattern), words(key));
            assertThat(exchange.route(key).size() == 1)
                    .as("seed %d: [%s] and [%s]", seed, pattern, key)
                    .isEqualTo(expected);
            matches += expected ? 1 : 0;
        }
        assertThat(matches).as("pairs that match").isBetween(10_000, 90_000);
    }

    @Test
    void many_bindings_in_one_trie_agree_with_a_naive_matcher_while_they_come_and_go() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ExchangeContext exchange = new ExchangeContext(ExchangeType.TOPIC);
            List<String> patterns =
                    random.ints(60, 0, Integer.MAX_VALUE)
                            .mapToObj(_ -> randomKey(random, WORDS))
                            .distinct()
                            .toList();
            patterns.forEach(pattern -> exchange.bind("q" + pattern, pattern));
            List<String> gone = patterns.subList(0, patterns.size() / 2);
            gone.forEach(pattern -> exchange.unbind("q" + pattern, pattern));
            List<String> left = patterns.subList(patterns.size() / 2, patterns.size());

            for (int i = 0; i < 50; i++) {
                String key = randomKey(random, WORDS.subList(0, 4));
                assertThat(BareQueues.names(exchange.route(key)))
                        .as("seed %d, key [%s]", seed, key)
                        .isEqualTo(
                                left.stream()
                                        .filter(pattern -> matches(words(pattern), words(key)))
                                        .map(pattern -> "q" + pattern)
                                        .sorted()
                                        .toList());
            }
        }
    }

    /** RabbitMQ before 4.3.5 needed exponential time for these, later ones refuse the binding. */
    @Test
    void any_number_of_hashes_costs_no_more_than_words_times_nodes() {
        context.bind("hashes", "#" + ".#".repeat(120));
        context.bind("never", "#.a" + ".#.a".repeat(60) + ".z");

        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> {
                    for (int i = 0; i < 100; i++) {
                        context.expectRoute("a" + ".a".repeat(126), "hashes");
                    }
                });
    }

    private static String randomKey(Random random, List<String> words) {
        StringBuilder key = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            key.append(words.get(random.nextInt(words.size()))).append(i > 1 ? "." : "");
        }
        return key.toString();
    }

    private static List<String> words(String key) {
        return key.isEmpty() ? List.of() : List.of(key.split("\\.", -1));
    }

    private static boolean matches(List<String> pattern, List<String> key) {
        if (pattern.isEmpty()) {
            return key.isEmpty();
        }
        List<String> rest = pattern.subList(1, pattern.size());
        return switch (pattern.getFirst()) {
            case "#" ->
                    matches(rest, key)
                            || (!key.isEmpty() && matches(pattern, key.subList(1, key.size())));
            case "*" -> !key.isEmpty() && matches(rest, key.subList(1, key.size()));
            case String word ->
                    !key.isEmpty()
                            && key.getFirst().equals(word)
                            && matches(rest, key.subList(1, key.size()));
        };
    }
}
