package io.chasqui.core.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
                    .*,                 anything,        true
                    .*,                 "",              true
                    "",                 anything,        false
                    "",                 "",              false
                    ^$,                 "",              true
                    ^$,                 x,               false
                    orders,             my-orders-1,     true
                    ^orders,            my-orders-1,     false
                    ^orders\\.,         orders.new,      true
                    ^orders\\.,         orders-new,      false
                    ^(a|b)$,            b,               true
                    ^(a|b)$,            ab,              false
                    ^a|b$,              ax,              true
                    ^(?:a|b|)c$,        c,               true
                    ^[a-c0-9_-]+$,      a-9_c,           true
                    ^[a-c]+$,           abd,             false
                    ^[^.]+$,            a.b,             false
                    ^[]a]+$,            ]a,              true
                    ^[[:alpha:]]+$,     abC,             true
                    ^[[:^digit:]]+$,    ab1,             false
                    ^\\d{3}$,           123,             true
                    ^\\d{3}$,           1234,            false
                    "^a{2,}$",          aaaa,            true
                    "^a{2,3}$",         aaaa,            false
                    "^a{,3}$",          "a{,3}",         true
                    ^a{x}$,             a{x},            true
                    ^(?!amq\\.).*,      amq.topic,       false
                    ^(?!amq\\.).*,      orders,          true
                    ^(?=.*x)(?=.*y),    ayx,             true
                    ^(?=.*x)(?=.*y),    ax,              false
                    ^(?i)ORDERS$,       orders,          true
                    ^((?i)a)b$,         AB,              false
                    ^(?i:a)b$,          Ab,              true
                    ^\\Qa.b\\E$,        a.b,             true
                    ^\\Qa.b\\E$,        axb,             false
                    \\bkey\\b,          my key,          true
                    \\bkey\\b,          monkey,          false
                    \\x41\\x{e9},       Aé,              true
                    ^.$,                队,              true
                    ^a+?b*?$,           aab,             true
                    ^(a*)*$,            aaa,             true
                    amq.default,        amq.default,     true
                    """)
    void a_pattern_is_found_as_pcre_would(String pattern, String name, boolean found)
            throws InvalidPatternException {
        assertThat(NamePattern.of(pattern.strip()).isIn(name)).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a",
                "a)",
                "[",
                "[a",
                "*a",
                "a{2,1}",
                "a**",
                "\\",
                "\\1",
                "(?<=a)b",
                "(?>a)",
                "a++",
                "(?R)",
                "[b-a]",
                "[[:nosuch:]]",
                "(?<n",
                "a{1001}",
                "(a{999}){9}",
                "\\p{L}",
                "\\xg"
            })
    void what_is_no_pattern_or_not_offered_is_refused(String pattern) {
        assertThatExceptionOfType(InvalidPatternException.class)
                .isThrownBy(() -> NamePattern.of(pattern));
    }

    @Test
    void nesting_without_end_is_refused_before_the_stack_is_used_up() {
        assertThatExceptionOfType(InvalidPatternException.class)
                .isThrownBy(() -> NamePattern.of("(".repeat(2000) + ")".repeat(2000)));
        assertThatExceptionOfType(InvalidPatternException.class)
                .isThrownBy(() -> NamePattern.of("a".repeat(NamePattern.MAX_LENGTH + 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(a+)+$",
                "^(a|aa)+$",
                "^(a|a?)+$",
                "(.*)*x(.*)*y(.*)*z",
                "^(()|()){500}b$",
                "^((a*)*)*b$",
                "(?=(a+)+$)(?!(a*)*b)^(a?){200}a{200}$",
                "(x?){900}y"
            })
    @Timeout(10)
    void a_pattern_made_to_explode_takes_no_time(String pattern) throws InvalidPatternException {
        NamePattern evil = NamePattern.of(pattern);
        String name = "a".repeat(254) + "!";
        evil.isIn(name);
        long started = System.nanoTime();
        evil.isIn(name);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isLessThan(Duration.ofMillis(500));
    }

    /** Patterns that both know, against the matcher of the JDK. */
    @Test
    void random_patterns_match_like_the_ones_of_the_jdk() throws InvalidPatternException {
        long seed = Long.getLong("pattern.seed", 20_261_121L);
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            String pattern = randomPattern(random, 4);
            String name = randomName(random);
            assertThat(NamePattern.of(pattern).isIn(name))
                    .as("seed %s: '%s' in '%s'", seed, pattern, name)
                    .isEqualTo(!pattern.isEmpty() && Pattern.compile(pattern).matcher(name).find());
        }
    }

    private static String randomName(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            name.append("ab.1".charAt(random.nextInt(4)));
        }
        return name.toString();
    }

    private static String randomPattern(Random random, int depth) {
        String inner = depth == 0 ? "a" : randomPattern(random, depth - 1);
        return switch (random.nextInt(16)) {
            case 0 -> "a";
            case 1 -> "b";
            case 2 -> ".";
            case 3 -> "[ab]";
            case 4 -> "[^a.]";
            case 5 -> "\\d";
            case 6 -> "(" + inner + ")*";
            case 7 -> "(?:" + inner + ")?";
            case 8 -> "(" + inner + "|" + randomPattern(random, Math.max(0, depth - 1)) + ")";
            case 9 -> "^" + inner;
            case 10 -> inner + "$";
            case 11 -> "(" + inner + "){1,3}";
            case 12 -> "(?!" + inner + ")";
            case 13 -> "(?=" + inner + ")";
            case 14 -> "\\b" + inner;
            default -> inner + randomPattern(random, Math.max(0, depth - 1));
        };
    }
}
