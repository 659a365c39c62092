package io.chasqui.core.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.chasqui.core.refusal.Refusal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts marked (live) were read from a running RabbitMQ 4.3.6, the others from its source. */
class ArgumentRulesTest {

    private static final String DLX = "x-dead-letter-exchange";

    static Stream<org.junit.jupiter.params.provider.Arguments> faults() {
        return Stream.of(
                // (live)
                arguments("x-message-ttl", "foo", "\"expected integer, got longstr\""),
                arguments("x-message-ttl", -1, "{value_negative,-1}"),
                arguments("x-expires", 0, "{value_zero,0}"),
                arguments("x-max-length", -1, "{value_negative,-1}"),
                arguments("x-max-priority", 300, "{max_value_exceeded,300}"),
                arguments("x-overflow", "foo", "invalid_overflow"),
                arguments("x-queue-type", "foo", "\"unsupported queue type 'foo'\""),
                arguments("x-dead-letter-routing-key", "foo", "routing_key_but_no_dlx_defined"),
                // by the source
                arguments("x-message-ttl", 1.0, "\"expected integer, got double\""),
                arguments("x-message-ttl", null, "\"expected integer, got void\""),
                arguments("x-message-ttl", 315_360_000_001L, "{value_too_large,315360000001}"),
                arguments("x-expires", -1L, "{value_negative,-1}"),
                arguments("x-expires", true, "\"expected integer, got bool\""),
                arguments("x-max-length-bytes", (short) -5, "{value_negative,-5}"),
                arguments("x-max-priority", -1, "{value_negative,-1}"),
                arguments("x-overflow", 1, "{unacceptable_type,signedint}"),
                arguments("x-queue-type", 1, "{unacceptable_type,signedint}"),
                arguments("x-queue-version", 3, "\"unsupported queue version '3'\""),
                arguments("x-single-active-consumer", "true", "{unacceptable_type,longstr}"),
                arguments("x-dead-letter-routing-key", 1L, "{unacceptable_type,long}"),
                arguments("x-dead-letter-strategy", "never", "invalid_dlx_strategy"),
                arguments("x-consumer-timeout", -1, "{value_negative,-1}"),
                arguments("x-quorum-initial-group-size", 0, "{value_zero,0}"),
                arguments("x-queue-leader-locator", "moon", "invalid_queue_locator_arg"),
                arguments("x-member-placement-tag", "", "invalid_member_placement_tag_arg"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void a_bad_value_is_refused_in_RabbitMQs_words(String name, Object value, String fault) {
        refused(
                queue(Arguments.EMPTY.with(name, value)),
                "invalid arg '" + name + "' for queue 'pq1' in vhost '/': " + fault);
    }

    static Stream<Arguments> good() {
        return Stream.of(
                Arguments.EMPTY,
                Arguments.of(Map.of("x-message-ttl", 0)),
                Arguments.of(Map.of("x-message-ttl", 315_360_000_000L)),
                Arguments.of(Map.of("x-expires", (byte) 1)),
                Arguments.of(Map.of("x-max-priority", 255)),
                Arguments.of(Map.of("x-overflow", "reject-publish-dlx")),
                Arguments.of(Map.of("x-queue-type", "classic")),
                Arguments.of(Map.of("x-queue-version", 1)),
                Arguments.of(Map.of("x-queue-mode", "lazy")),
                Arguments.of(Map.of("x-delivery-limit", -1)),
                Arguments.of(Map.of(DLX, "", "x-dead-letter-routing-key", "key")),
                Arguments.of(Map.of("x-foo", List.of(1, "two"))));
    }

    @ParameterizedTest
    @MethodSource("good")
    void good_and_unknown_arguments_are_accepted(Arguments arguments) {
        assertThatCode(() -> ArgumentRules.check("/", queue(arguments))).doesNotThrowAnyException();
    }

    @Test
    void arguments_of_streams_are_refused_by_other_queues() {
        for (String name :
                List.of(
                        "x-max-age",
                        "x-stream-max-segment-size-bytes",
                        "x-stream-filter-size-bytes",
                        "x-initial-cluster-size")) {
            Arguments arguments = Arguments.of(Map.of(name, 1000));
            refused(
                    queue(arguments),
                    "invalid arg '%s' for queue 'pq1' in vhost '/' of queue type rabbit_classic_queue"
                            .formatted(name));
            refused(
                    queue(arguments.with("x-queue-type", "quorum")),
                    "invalid arg '%s' for queue 'pq1' in vhost '/' of queue type rabbit_quorum_queue"
                            .formatted(name));
        }
    }

    @Test
    void the_type_is_checked_before_anything_else_but_the_dead_letter_exchange() {
        Arguments both = Arguments.of(Map.of("x-expires", 0, "x-queue-type", "foo"));

        refused(
                queue(both),
                "invalid arg 'x-queue-type' for queue 'pq1' in vhost '/': "
                        + "\"unsupported queue type 'foo'\"");
        refused(
                queue(both.with(DLX, 1)),
                "invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue 'pq1' in"
                        + " vhost '/'");
    }

    @Test
    void a_quorum_queue_is_durable_and_nobodys_own() {
        Arguments quorum = Arguments.of(Map.of("x-queue-type", "quorum"));

        refused(
                new QueueDeclaration("pq1", false, false, false, quorum),
                "invalid property 'non-durable' for queue 'pq1' in vhost '/'");
        refused(
                new QueueDeclaration("pq1", false, true, false, quorum),
                "invalid property 'exclusive-owner' for queue 'pq1' in vhost '/'");
        refused(
                new QueueDeclaration("pq1", true, false, true, quorum),
                "invalid property 'auto-delete' for queue 'pq1' in vhost '/'");
        assertThatThrownBy(() -> ArgumentRules.checkServerNamed(quorum))
                .hasMessage("Cannot declare a server-named queue for type rabbit_quorum_queue");
    }

    @Test
    void an_alternate_exchange_is_named_by_a_string() {
        ExchangeDefinition exchange =
                new ExchangeDefinition(
                        "pe",
                        ExchangeType.DIRECT,
                        false,
                        false,
                        false,
                        Arguments.of(Map.of("alternate-exchange", 1L)));

        assertThatThrownBy(() -> ArgumentRules.check("/", exchange))
                .isInstanceOf(Refusal.PreconditionFailed.class)
                .hasMessage(
                        "invalid type 'long' for arg 'alternate-exchange' in exchange 'pe' in"
                                + " vhost '/'");
    }

    @Test
    void arguments_that_do_nothing_yet_are_named_and_unknown_ones_are_not() {
        Arguments arguments =
                Arguments.of(
                        Map.of(
                                "x-queue-mode", "lazy",
                                "x-queue-type", "classic",
                                "alternate-exchange", "x",
                                "x-foo", 1));

        assertThat(ArgumentRules.notYetEffective(arguments)).containsExactly("x-queue-mode");
    }

    private static QueueDeclaration queue(Arguments arguments) {
        return new QueueDeclaration("pq1", true, false, false, arguments);
    }

    private static void refused(QueueDeclaration queue, String text) {
        assertThatThrownBy(() -> ArgumentRules.check("/", queue))
                .isInstanceOf(Refusal.PreconditionFailed.class)
                .hasMessage(text);
    }
}
