package io.chasqui.core.vhost;

import static io.chasqui.core.vhost.VirtualHostContext.durable;
import static io.chasqui.core.vhost.VirtualHostContext.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.exchange.BareQueues;
import io.chasqui.core.exchange.KeyOnly;
import io.chasqui.core.refusal.Refusal;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exchanges that give each message to one queue: what may be declared and bound; texts as a running
 * RabbitMQ 4.3.6 gives them.
 */
class ChoosingExchangeRulesTest {

    private final VirtualHostContext context = new VirtualHostContext();

    @BeforeEach
    void declareQueues() {
        context.declare(durable("q1"));
        context.declare(durable("q2"));
    }

    private void declare(String name, String type, Map<String, Object> arguments) {
        context.vhost.declareExchange(name, type, true, false, false, Arguments.of(arguments));
    }

    @ParameterizedTest
    @CsvSource({
        "abc, 'The binding key must be an integer: <<\"abc\">>'",
        "'', The binding key must be an integer: <<>>",
        "1.5, 'The binding key must be an integer: <<\"1.5\">>'",
        "0, The binding key must be greater than 0",
        "-1, The binding key must be greater than 0",
        "10001, The binding key must not exceed 10000",
        "99999999999999999999, The binding key must not exceed 10000",
    })
    void a_weight_is_a_number_from_1_to_10000(String key, String text) {
        declare("ch", "x-consistent-hash", Map.of());
        refused(Refusal.PreconditionFailed.class, text, () -> context.bind("q1", "ch", key));
        refused(
                Refusal.PreconditionFailed.class,
                text,
                () -> context.bindExchange("amq.direct", "ch", key));
        context.bind("q1", "ch", "10000");
        context.bind("q2", "ch", "1");
    }

    @Test
    void a_header_and_a_property_cannot_both_be_hashed() {
        for (String header : List.of("hash-header", "x-hash-on")) {
            refused(
                    Refusal.PreconditionFailed.class,
                    "hash-header and hash-property are mutually exclusive",
                    () ->
                            declare(
                                    "both",
                                    "x-consistent-hash",
                                    Map.of(header, "a", "hash-property", "message_id")));
        }
    }

    @Test
    void only_some_properties_can_be_hashed() {
        refused(
                Refusal.PreconditionFailed.class,
                "Unsupported property: app_id",
                () -> declare("x", "x-consistent-hash", Map.of("hash-property", "app_id")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hash-header", "hash-property", "x-hash-on"})
    void what_is_hashed_is_given_as_text(String argument) {
        refused(
                Refusal.PreconditionFailed.class,
                "invalid type 'signedint' for arg '" + argument + "' in exchange 'x' in vhost '/'",
                () -> declare("x", "x-consistent-hash", Map.of(argument, 3)));
    }

    @Test
    void a_local_random_exchange_is_bound_to_classic_queues_without_a_key() {
        declare("lr", "x-local-random", Map.of());
        context.declare(
                new QueueDeclaration(
                        "qq", true, false, false, Arguments.of(Map.of("x-queue-type", "quorum"))));
        refused(
                Refusal.PreconditionFailed.class,
                "Non empty binding 'zzz' key not permitted",
                () -> context.bind("q1", "lr", "zzz"));
        refused(
                Refusal.PreconditionFailed.class,
                "Destination not found",
                () -> context.bindExchange("amq.direct", "lr", ""));
        refused(
                Refusal.PreconditionFailed.class,
                "Queue type rabbit_quorum_queue not valid for this exchange type",
                () -> context.bind("qq", "lr", ""));
        context.bind("q1", "lr", "");
        context.expectRoute("lr", "any", "q1");
    }

    @Test
    void an_empty_type_is_called_invalid() {
        refused(
                Refusal.PreconditionFailed.class,
                "invalid exchange type ''",
                () -> context.exchange("x", "", true));
    }

    @Test
    void what_finds_no_binding_goes_to_the_alternate_exchange() {
        declare("ch", "x-consistent-hash", Map.of("alternate-exchange", "amq.fanout"));
        context.bind("q2", "amq.fanout", "");
        context.expectRoute("ch", "k", "q2");

        context.bind("q1", "ch", "1");
        context.expectRoute("ch", "k", "q1");
    }

    @Test
    void a_key_keeps_its_queue_over_a_restart() {
        declare("ch", "x-consistent-hash", Map.of());
        for (int i = 0; i < 20; i++) {
            context.declare(durable("shard" + i));
            context.bind("shard" + (19 - i) % (i + 1), "ch", Integer.toString(i + 1));
        }
        List<List<String>> before = routes(context);

        assertThat(routes(context.rebooted())).isEqualTo(before);
    }

    private static List<List<String>> routes(VirtualHostContext context) {
        return IntStream.range(0, 500)
                .mapToObj(i ->
                        BareQueues.names(context.vhost.routing().route("ch", new KeyOnly("k" + i))))
                .toList();
    }
}
