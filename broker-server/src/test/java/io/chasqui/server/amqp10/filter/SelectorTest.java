package io.chasqui.server.amqp10.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JMS 3.1 §3.8.1 and Filter Expressions 1.0 §6: selectors. */
class SelectorTest {

    private static final UUID ID = new UUID(1, 2);

    private final FakeMessage message =
            new FakeMessage()
                    .with(Field.SUBJECT, "order.new")
                    .with(Field.PRIORITY, 7L)
                    .with(Field.DURABLE, true)
                    .with(Field.MESSAGE_ID, ID)
                    .with(Field.CORRELATION_ID, "c1")
                    .with(Field.USER_ID, new Octets(new byte[] {(byte) 0xCA, (byte) 0xFE}))
                    .with(Field.CREATION_TIME, 999_000L)
                    .with("colour", "red")
                    .with("weight", 2500L)
                    .with("price", 9.5)
                    .with("fragile", true)
                    .with("it's", "x");

    private boolean jms(String selector) throws BadFilterException {
        return Selector.ofJms(selector).holds(message);
    }

    private boolean amqp(String filter) throws BadFilterException {
        return Selector.ofAmqp(filter).holds(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "colour = 'red'",
                "colour <> 'blue'",
                "weight > 2000 AND weight <= 2500",
                "weight = 2500.0",
                "price < 10 and price >= 9.5E0",
                "NOT colour = 'blue'",
                "NOT (colour = 'blue' OR weight < 5)",
                "colour = 'blue' OR fragile",
                "fragile = TRUE AND NOT missing IS NOT NULL",
                "missing IS NULL",
                "colour IN ('green', 'red')",
                "colour NOT IN ('green')",
                "weight BETWEEN 2500 AND 3000 AND colour = 'red'",
                "weight NOT BETWEEN 1 AND 2",
                "colour LIKE 'r_d'",
                "colour LIKE 'r%'",
                "colour LIKE '%e%'",
                "colour NOT LIKE 'b%'",
                "weight * 2 - 1000 = 4000",
                "(weight + 500) / 1000 = 3",
                "-weight = -2500 AND +weight = 2500",
                "2 + 3 * 4 = 14",
                "price = 9.5d AND weight = 2500L AND weight = 0x9C4"
            })
    void what_is_true_of_a_message_lets_it_pass(String selector) throws Exception {
        assertThat(jms(selector)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "missing = 'x'",
                "missing <> 'x'",
                "'x' <> missing",
                "missing = missing",
                "NOT missing = other",
                "missing IN ('x')",
                "missing NOT IN ('x')",
                "missing NOT LIKE 'x'",
                "missing > 1 OR colour = 'blue'",
                "NOT (missing > 1 AND colour = 'red')",
                "colour",
                "colour = 1",
                "colour > 1",
                "fragile > FALSE",
                "weight + colour = 1",
                "weight / 0 = 1",
                "weight LIKE '2%'",
                "colour = 'Red'"
            })
    void what_is_false_or_unknown_does_not(String selector) throws Exception {
        assertThat(jms(selector)).isFalse();
    }

    @Test
    void names_of_jms_stand_for_fields() throws Exception {
        assertThat(jms("JMSPriority > 4 AND JMSType = 'order.new'")).isTrue();
        assertThat(jms("JMSDeliveryMode = 'PERSISTENT' AND JMSTimestamp = 999000")).isTrue();
        assertThat(jms("JMSMessageID = 'ID:AMQP_UUID:" + ID + "'")).isTrue();
        assertThat(jms("JMSCorrelationID = 'c1'")).isTrue();
        assertThat(jms("amqp.subject LIKE 'order.%'")).isTrue();
        message.with(Field.MESSAGE_ID, "ID:7");
        assertThat(jms("JMSMessageID = 'ID:7'")).isTrue();
        message.with(Field.MESSAGE_ID, "7");
        assertThat(jms("JMSMessageID = 'ID:AMQP_NO_PREFIX:7'")).isTrue();
        message.with(Field.CORRELATION_ID, 7L);
        assertThat(jms("JMSCorrelationID = 'ID:AMQP_ULONG:7'")).isTrue();
        message.with(Field.CORRELATION_ID, new Octets(new byte[] {0x0A, (byte) 0xFF}));
        assertThat(jms("JMSCorrelationID = 'ID:AMQP_BINARY:0AFF'")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "properties.subject = 'order.new' AND p.correlation_id = 'c1'",
                "header.priority = 7 AND h.priority <> 4",
                "application_properties.colour = 'red' AND a.colour = \"red\"",
                "[it's] = 'x'",
                "p.user_id = 0xCAFE",
                "p.creation_time > UTC() - 5000",
                "weight % 1000 = 500",
                "colour != 'blue'",
                "weight IN (1, weight - 0, 3)",
                "p.subject > 'order' AND p.subject < 'p'"
            })
    void filters_of_amqp_name_sections(String filter) throws Exception {
        assertThat(amqp(filter)).isTrue();
    }

    @Test
    void a_bracketed_or_quoted_name_may_have_any_characters() throws Exception {
        message.with("a]b c", "y");
        assertThat(amqp("[a]]b c] = 'y'")).isTrue();
        assertThat(jms("\"a]b c\" = 'y' AND colour = 'red'")).isTrue();
        assertThat(jms("'it''s' = 'it''s'")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    colour =            | unexpected 'the end'
                    = 1                 | unexpected '='
                    (a = 1              | ')' is expected, not 'the end'
                    a = 1 b             | unexpected 'b'
                    a LIKE 1            | a string is expected, not '1'
                    a LIKE 'x' ESCAPE 'ab' | ESCAPE needs one character
                    a LIKE 'x!' ESCAPE '!' | nothing follows the escape character
                    a = 'x              | a quote is not closed
                    a = #               | unexpected character '#'
                    a IN ()             | unexpected ')'
                    a IS 1              | 'NULL' is expected, not '1'
                    1a = 2              | a number followed by 'a'
                    p.nonsense = 1      | there is no field 'p.nonsense'
                    h.subject = 1       | there is no field 'h.subject'
                    """)
    void what_makes_no_sense_is_refused_with_the_reason(String selector, String reason) {
        assertThatThrownBy(() -> Selector.ofJms(selector))
                .isInstanceOf(BadFilterException.class)
                .hasMessage(reason);
    }

    @Test
    void what_only_amqp_refuses() {
        assertThatThrownBy(() -> Selector.ofAmqp("lower(a) = 'x'"))
                .hasMessage("'lower' is not supported");
        assertThatThrownBy(() -> Selector.ofAmqp("x.y = 'x'"))
                .hasMessage("there is no field 'x.y'");
        assertThatThrownBy(() -> Selector.ofAmqp("a = 0xF")).hasMessage("'0xF' is not hexadecimal");
        assertThatThrownBy(() -> Selector.ofAmqp("[a = 1")).hasMessage("a bracket is not closed");
    }

    @Test
    void long_deep_and_wordy_ones_are_refused() {
        assertThatThrownBy(() -> Selector.ofJms("a".repeat(4097)))
                .hasMessage("a selector has at most 4096 characters");
        assertThatThrownBy(() -> Selector.ofJms("a=1 OR ".repeat(50) + "a=1"))
                .hasMessage("a selector has at most 200 words");
        for (String nested : new String[] {"(", "NOT ", "- "}) {
            assertThatThrownBy(() -> Selector.ofJms(nested.repeat(60) + "a"))
                    .hasMessage("nested deeper than 50");
        }
    }

    @Test
    void like_matches_as_sql_has_it() throws Exception {
        assertThat(like("", "")).isTrue();
        assertThat(like("", "a")).isFalse();
        assertThat(like("%", "")).isTrue();
        assertThat(like("%%", "abc")).isTrue();
        assertThat(like("_", "\uD83E\uDD55")).isTrue();
        assertThat(like("a%b_c%", "a12b3c")).isTrue();
        assertThat(like("a%b_c%", "a12b34c")).isFalse();
        assertThat(like("%aab", "aaaab")).isTrue();
        assertThat(like("a.c", "abc")).isFalse();
        assertThat(Pattern.of("50!%%", "!").matches("50% off")).isTrue();
        assertThat(Pattern.of("50!%", "!").matches("500")).isFalse();
        String longer = "x".repeat(100);
        assertThat(like(longer + "%" + longer, longer + longer)).isTrue();
        assertThat(like(longer + "_" + longer, longer + "yz" + longer)).isFalse();
    }

    private static boolean like(String pattern, String text) throws BadFilterException {
        return Pattern.of(pattern).matches(text);
    }

    @Test
    void a_pattern_of_many_wildcards_costs_no_more_than_its_text_is_long() throws Exception {
        String pattern = "%a".repeat(60) + "%b";
        String text = "a".repeat(100_000);
        Pattern compiled = Pattern.of(pattern);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertThat(compiled.matches(text)).isFalse());
    }
}
