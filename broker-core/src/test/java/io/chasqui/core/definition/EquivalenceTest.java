package io.chasqui.core.definition;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.chasqui.core.refusal.Refusal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts as a running RabbitMQ 4.3.6 gives them. */
class EquivalenceTest {

    private static final ExchangeDefinition EXCHANGE =
            new ExchangeDefinition("pe", ExchangeType.DIRECT, false, false, false, Arguments.EMPTY);

    @Test
    void an_exchange_of_another_type_is_refused() {
        refused(
                new ExchangeDefinition("pe", ExchangeType.TOPIC, true, true, true, Arguments.EMPTY),
                "inequivalent arg 'type' for exchange 'pe' in vhost '/': received 'topic' but"
                        + " current is 'direct'");
    }

    @ParameterizedTest
    @CsvSource({
        "true,true,true,durable",
        "false,true,true,auto_delete",
        "false,false,true,internal"
    })
    void properties_of_an_exchange_are_compared_in_turn(
            boolean durable, boolean autoDelete, boolean internal, String first) {
        refused(
                new ExchangeDefinition(
                        "pe", ExchangeType.DIRECT, durable, autoDelete, internal, alternate("x")),
                "inequivalent arg '"
                        + first
                        + "' for exchange 'pe' in vhost '/': received 'true' but current is"
                        + " 'false'");
    }

    @Test
    void an_alternate_exchange_that_is_not_there_is_refused() {
        refused(
                new ExchangeDefinition(
                        "pe", ExchangeType.DIRECT, false, false, false, alternate("x")),
                "inequivalent arg 'alternate-exchange' for exchange 'pe' in vhost '/': received"
                        + " the value 'x' of type 'longstr' but current is none");
    }

    @Test
    void other_arguments_of_an_exchange_are_not_compared() {
        Arguments others = Arguments.of(Map.of("x-foo", 1));

        assertThatCode(() ->
                        Equivalence.check(
                                "/",
                                EXCHANGE,
                                new ExchangeDefinition(
                                        "pe", ExchangeType.DIRECT, false, false, false, others)))
                .doesNotThrowAnyException();
    }

    @Test
    void durability_of_a_queue_is_compared_first() {
        refused(
                queue(Arguments.EMPTY),
                new QueueDeclaration("probe_q", false, false, true, Arguments.EMPTY),
                "inequivalent arg 'durable' for queue 'probe_q' in vhost '/': received 'false' but"
                        + " current is 'true'");
        refused(
                queue(Arguments.EMPTY),
                new QueueDeclaration("probe_q", true, false, true, Arguments.EMPTY),
                "inequivalent arg 'auto_delete' for queue 'probe_q' in vhost '/': received 'true'"
                        + " but current is 'false'");
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> differences() {
        return Stream.of(
                arguments("x-message-ttl", null, 5, "the value '5' of type 'signedint'", "none"),
                arguments("x-message-ttl", 5L, null, "none", "the value '5' of type 'long'"),
                arguments("x-message-ttl", 5, 6L, "'6'", "'5'"),
                arguments("x-message-ttl", 5, 5.0, "'5.0'", "'5'"),
                arguments("x-queue-type", "classic", "quorum", "'quorum'", "'classic'"),
                arguments(
                        "x-queue-type",
                        null,
                        "quorum",
                        "the value 'quorum' of type 'longstr'",
                        "none"),
                arguments("x-single-active-consumer", true, false, "'false'", "'true'"),
                arguments(
                        "x-queue-mode", null, "lazy", "the value 'lazy' of type 'longstr'", "none"),
                arguments(
                        "x-max-length",
                        null,
                        List.of("a", 1),
                        "the value '[{longstr,<<\"a\">>},{signedint,1}]' of type 'array'",
                        "none"),
                arguments(
                        "x-max-length",
                        null,
                        Map.of("k", true),
                        "the value '[{<<\"k\">>,bool,true}]' of type 'table'",
                        "none"),
                arguments(
                        "x-max-length",
                        Instant.ofEpochSecond(9),
                        new BigDecimal("1.5"),
                        "'{1,15}'",
                        "'9'"));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void a_different_argument_is_refused(
            String name, Object current, Object received, String receivedText, String currentText) {
        refused(
                queue(argument(name, current)),
                declaration(argument(name, received)),
                ("inequivalent arg '%s' for queue 'probe_q' in vhost '/':"
                                + " received %s but current is %s")
                        .formatted(name, receivedText, currentText));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void numbers_are_equal_by_value_across_widths(boolean swapped) {
        Arguments narrow = Arguments.of(Map.of("x-expires", (byte) 5, "x-max-length", 1.5f));
        Arguments wide = Arguments.of(Map.of("x-expires", 5L, "x-max-length", 1.5));

        equivalent(swapped ? wide : narrow, swapped ? narrow : wide);
    }

    @Test
    void text_and_binary_are_equal_by_their_octets() {
        equivalent(
                argument("x-dead-letter-exchange", "dead"),
                argument(
                        "x-dead-letter-exchange",
                        Binary.of("dead".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void a_number_never_equals_the_text_of_it() {
        refused(
                queue(argument("x-max-length", 1000)),
                declaration(argument("x-max-length", "1000")),
                "inequivalent arg 'x-max-length' for queue 'probe_q' in vhost '/':"
                        + " received '1000' but current is '1000'");
    }

    @Test
    void no_type_is_the_classic_type() {
        Arguments classic = Arguments.of(Map.of("x-queue-type", "classic"));

        equivalent(classic, Arguments.EMPTY);
        equivalent(Arguments.EMPTY, classic);
    }

    @Test
    void unknown_arguments_of_a_queue_are_not_compared() {
        equivalent(Arguments.EMPTY, Arguments.of(Map.of("x-foo", 1)));
    }

    private static Arguments alternate(String name) {
        return Arguments.of(Map.of("alternate-exchange", name));
    }

    private static Arguments argument(String name, Object value) {
        return value == null ? Arguments.EMPTY : Arguments.EMPTY.with(name, value);
    }

    private static QueueDefinition queue(Arguments arguments) {
        return declaration(arguments).withId(1);
    }

    private static QueueDeclaration declaration(Arguments arguments) {
        return new QueueDeclaration("probe_q", true, false, false, arguments);
    }

    private static void equivalent(Arguments current, Arguments received) {
        assertThatCode(() -> Equivalence.check("/", queue(current), declaration(received)))
                .doesNotThrowAnyException();
    }

    private static void refused(ExchangeDefinition received, String text) {
        assertThatThrownBy(() -> Equivalence.check("/", EXCHANGE, received))
                .isInstanceOf(Refusal.PreconditionFailed.class)
                .hasMessage(text);
    }

    private static void refused(QueueDefinition current, QueueDeclaration received, String text) {
        assertThatThrownBy(() -> Equivalence.check("/", current, received))
                .isInstanceOf(Refusal.PreconditionFailed.class)
                .hasMessage(text);
    }
}
