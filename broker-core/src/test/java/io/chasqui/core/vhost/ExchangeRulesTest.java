package io.chasqui.core.vhost;

import static io.chasqui.core.vhost.VirtualHostContext.durable;
import static io.chasqui.core.vhost.VirtualHostContext.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeclared;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.exchange.KeyOnly;
import io.chasqui.core.refusal.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** exchange.declare and exchange.delete; texts as a running RabbitMQ 4.3.6 gives them. */
class ExchangeRulesTest {

    private final VirtualHostContext context = new VirtualHostContext();
    private final VirtualHost vhost = context.vhost;

    @ParameterizedTest
    @CsvSource({
        "'', DIRECT, false",
        "amq.direct, DIRECT, false",
        "amq.fanout, FANOUT, false",
        "amq.headers, HEADERS, false",
        "amq.match, HEADERS, false",
        "amq.topic, TOPIC, false",
        "amq.rabbitmq.trace, TOPIC, true",
    })
    void some_exchanges_are_there_from_the_start(String name, ExchangeType type, boolean internal) {
        Exchange exchange = vhost.exchange(name);

        assertThat(exchange.definition().type()).isEqualTo(type);
        assertThat(exchange.definition().durable()).isTrue();
        assertThat(exchange.definition().internal()).isEqualTo(internal);
        assertThat(context.recorded).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuchtype", "Headers"})
    void an_unknown_type_is_refused_even_for_an_exchange_that_is_there(String type) {
        refused(
                Refusal.PreconditionFailed.class,
                "unknown exchange type '" + type + "'",
                () -> context.exchange("amq.direct", type, true));
    }

    @Test
    void a_reserved_name_is_refused_for_a_new_exchange_and_accepted_for_one_there() {
        refused(
                Refusal.AccessRefused.class,
                "exchange name 'amq.foo' contains reserved prefix 'amq.*'",
                () -> context.exchange("amq.foo", "direct", false));
        context.exchange("amq.direct", "direct", true);
    }

    @Test
    void nothing_can_be_done_to_the_default_exchange() {
        String text = "operation not permitted on the default exchange";
        refused(Refusal.AccessRefused.class, text, () -> context.exchange("", "direct", false));
        refused(Refusal.AccessRefused.class, text, () -> vhost.existingExchange(""));
        refused(Refusal.AccessRefused.class, text, () -> vhost.deleteExchange("", false));
        context.declare(durable("q"));
        refused(Refusal.AccessRefused.class, text, () -> context.bind("q", "", "k"));
        refused(Refusal.AccessRefused.class, text, () -> context.unbind("q", "", "k"));
    }

    @Test
    void a_system_exchange_cannot_be_deleted_nor_can_a_missing_one_with_such_a_name() {
        refused(
                Refusal.AccessRefused.class,
                "deletion of system exchange 'amq.direct' in vhost '/' not allowed",
                () -> vhost.deleteExchange("amq.direct", false));
        refused(
                Refusal.AccessRefused.class,
                "deletion of system exchange 'amq.nosuch' in vhost '/' not allowed",
                () -> vhost.deleteExchange("amq.nosuch", false));
    }

    @Test
    void a_missing_exchange_is_deleted_without_a_word() {
        assertThat(vhost.deleteExchange("nosuch", true)).isZero();
    }

    @Test
    void a_passive_declare_of_a_missing_exchange_is_refused() {
        refused(
                Refusal.NotFound.class,
                "no exchange 'nosuch' in vhost '/'",
                () -> vhost.existingExchange("nosuch"));
    }

    @Test
    void a_redeclare_must_be_equivalent() {
        context.exchange("pe", "direct", false);
        refused(
                Refusal.PreconditionFailed.class,
                "inequivalent arg 'durable' for exchange 'pe' in vhost '/': received 'true' but"
                        + " current is 'false'",
                () -> context.exchange("pe", "direct", true));
    }

    @Test
    void an_exchange_in_use_is_not_deleted_if_unused_was_asked_for() {
        context.exchange("pe3", "direct", false);
        context.declare(durable("q"));
        context.bind("q", "pe3", "k");

        refused(
                Refusal.PreconditionFailed.class,
                "exchange 'pe3' in vhost '/' in use",
                () -> vhost.deleteExchange("pe3", true));
        context.unbind("q", "pe3", "k");
        vhost.deleteExchange("pe3", true);
        context.expectNoExchange("pe3");
    }

    @Test
    void an_exchange_goes_with_its_bindings() {
        context.exchange("x", "fanout", true);
        context.declare(durable("q"));
        context.bind("q", "x", "");

        vhost.deleteExchange("x", false);
        context.exchange("x", "fanout", true);

        context.expectRoute("x", "k");
        assertThat(vhost.bindingsTo(vhost.queue("q"))).isEmpty();
    }

    @Test
    void an_invalid_alternate_exchange_is_refused_before_anything_is_recorded() {
        refused(
                Refusal.PreconditionFailed.class,
                "invalid type 'signedint' for arg 'alternate-exchange' in exchange 'pe' in"
                        + " vhost '/'",
                () ->
                        vhost.declareExchange(
                                "pe",
                                "direct",
                                true,
                                false,
                                false,
                                Arguments.of(Map.of("alternate-exchange", 1))));
        assertThat(context.recorded).isEmpty();
        context.expectNoExchange("pe");
    }

    @Test
    void nobody_publishes_to_a_missing_or_an_internal_exchange() {
        vhost.declareExchange("pint", "direct", false, false, true, Arguments.EMPTY);

        refused(
                Refusal.NotFound.class,
                "no exchange 'nosuch' in vhost '/'",
                () -> vhost.routing().route("nosuch", new KeyOnly("k")));
        refused(
                Refusal.AccessRefused.class,
                "cannot publish to internal exchange 'pint' in vhost '/'",
                () -> vhost.routing().route("pint", new KeyOnly("k")));
    }

    @Test
    void line_breaks_are_dropped_from_names() {
        context.exchange("a\r\nb", "direct", false);

        assertThat(vhost.existingExchange("ab\n")).isSameAs(vhost.exchange("ab"));
    }

    @Test
    void only_durable_exchanges_are_recorded_and_waited_for() {
        assertThat(context.exchange("t", "direct", false)).isZero();
        assertThat(context.exchange("d", "direct", true)).isEqualTo(1);
        assertThat(vhost.deleteExchange("t", false)).isZero();

        assertThat(context.recorded)
                .singleElement()
                .isEqualTo(new ExchangeDeclared("/", vhost.exchange("d").definition()));
    }

    @Test
    void a_redeclare_waits_for_the_declare_that_it_found() {
        long first = context.exchange("d", "direct", true);

        assertThat(context.exchange("d", "direct", true)).isGreaterThanOrEqualTo(first);
    }
}
