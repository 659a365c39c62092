package io.chasqui.core.vhost;

import static io.chasqui.core.vhost.VirtualHostContext.ME;
import static io.chasqui.core.vhost.VirtualHostContext.durable;
import static io.chasqui.core.vhost.VirtualHostContext.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange.BindingAdded;
import io.chasqui.core.definition.DefinitionChange.BindingRemoved;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeleted;
import io.chasqui.core.refusal.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** exchange.bind and exchange.unbind; what happens and every text as in RabbitMQ 4.3.6. */
class ExchangeBindingRulesTest {

    private static final String NOT_THE_DEFAULT = "operation not permitted on the default exchange";

    private final VirtualHostContext context = new VirtualHostContext();
    private final VirtualHost vhost = context.vhost;

    @Test
    void both_exchanges_must_be_there_and_the_source_is_looked_for_first() {
        refused(
                Refusal.NotFound.class,
                "no exchange 'nosrc' in vhost '/'",
                () -> context.bindExchange("nodst", "nosrc", "k"));
        refused(
                Refusal.NotFound.class,
                "no exchange 'nodst' in vhost '/'",
                () -> context.bindExchange("nodst", "amq.direct", "k"));
    }

    @Test
    void the_default_exchange_takes_no_part() {
        refused(
                Refusal.AccessRefused.class,
                NOT_THE_DEFAULT,
                () -> context.bindExchange("", "nosrc", "k"));
        refused(
                Refusal.AccessRefused.class,
                NOT_THE_DEFAULT,
                () -> context.bindExchange("amq.direct", "", "k"));
        refused(
                Refusal.AccessRefused.class,
                NOT_THE_DEFAULT,
                () -> context.unbindExchange("", "amq.direct", "k"));
        refused(
                Refusal.AccessRefused.class,
                NOT_THE_DEFAULT,
                () -> context.unbindExchange("amq.direct", "", "k"));
    }

    @Test
    void to_unbind_what_is_missing_succeeds() {
        assertThat(context.unbindExchange("amq.direct", "nosrc", "k")).isZero();
        assertThat(context.unbindExchange("nodst", "amq.direct", "k")).isZero();
        assertThat(context.unbindExchange("amq.fanout", "amq.direct", "k")).isZero();
        assertThat(context.recorded).isEmpty();
    }

    @Test
    void a_binding_of_exchanges_is_durable_only_if_both_are() {
        context.exchange("t", "fanout", false);
        assertThat(context.bindExchange("t", "amq.direct", "k")).isZero();
        assertThat(context.bindExchange("amq.direct", "t", "k")).isZero();
        assertThat(context.recorded).isEmpty();

        assertThat(context.bindExchange("amq.fanout", "amq.direct", "k")).isEqualTo(1);
        assertThat(context.bindExchange("amq.fanout", "amq.direct", "k")).isEqualTo(1);
        assertThat(context.unbindExchange("amq.fanout", "amq.direct", "k")).isEqualTo(2);
        assertThat(context.recorded)
                .hasExactlyElementsOfTypes(BindingAdded.class, BindingRemoved.class);
    }

    @Test
    void bad_arguments_for_a_headers_exchange_are_refused_once_both_ends_are_found() {
        Arguments bad = Arguments.of(Map.of("x-match", "foo"));
        String text =
                "Invalid x-match field value <<\"foo\">>;"
                        + " expected all, any, all-with-x, or any-with-x";
        refused(
                Refusal.NotFound.class,
                "no queue 'nosuch' in vhost '/'",
                () -> vhost.bindQueue("nosuch", "amq.headers", "", bad, ME));
        refused(
                Refusal.PreconditionFailed.class,
                text,
                () -> vhost.bindExchange("amq.direct", "amq.headers", "", bad));
        context.declare(durable("q"));
        refused(
                Refusal.PreconditionFailed.class,
                text,
                () -> vhost.bindQueue("q", "amq.match", "", bad, ME));
        vhost.bindQueue("q", "amq.direct", "", bad, ME);
        assertThat(vhost.unbindQueue("q", "amq.headers", "", bad, ME)).isZero();
    }

    @Test
    void an_exchange_is_in_use_as_a_source_and_not_as_a_destination() {
        context.exchange("a", "fanout", false);
        context.exchange("b", "fanout", false);
        context.bindExchange("b", "a", "k");

        refused(
                Refusal.PreconditionFailed.class,
                "exchange 'a' in vhost '/' in use",
                () -> vhost.deleteExchange("a", true));
        vhost.deleteExchange("b", true);
        vhost.deleteExchange("a", true);
    }

    @Test
    void a_deleted_exchange_takes_the_bindings_to_it_and_from_it_along() {
        context.exchange("a", "fanout", true);
        context.exchange("b", "fanout", true);
        context.exchange("c", "fanout", true);
        context.declare(durable("q"));
        context.bindExchange("b", "a", "");
        context.bindExchange("c", "b", "");
        context.bind("q", "c", "");
        context.expectRoute("a", "", "q");

        vhost.deleteExchange("b", false);
        context.exchange("b", "fanout", true);

        context.expectRoute("a", "");
        context.expectRoute("b", "");
        assertThat(vhost.bindingsTo(vhost.exchange("b"))).isEmpty();
        assertThat(vhost.bindingsTo(vhost.exchange("c"))).isEmpty();
        assertThat(context.rebooted().durableState()).isEqualTo(context.durableState());
    }

    @Test
    void auto_delete_exchanges_go_one_after_the_other_up_to_the_first() {
        for (String name : new String[] {"a", "b", "c"}) {
            context.autoDeleteExchange(name, true);
        }
        context.declare(durable("q"));
        context.bindExchange("b", "a", "k");
        context.bindExchange("c", "b", "k");
        context.bind("q", "c", "k");
        context.recorded.clear();

        context.unbind("q", "c", "k");

        assertThat(context.recorded)
                .hasExactlyElementsOfTypes(
                        BindingRemoved.class,
                        ExchangeDeleted.class,
                        ExchangeDeleted.class,
                        ExchangeDeleted.class);
        context.expectNoExchange("a");
        context.expectNoExchange("b");
        context.expectNoExchange("c");
    }

    @Test
    void the_destination_of_a_binding_that_goes_stays() {
        context.autoDeleteExchange("a", true);
        context.autoDeleteExchange("b", true);
        context.bindExchange("b", "a", "k");

        context.unbindExchange("b", "a", "k");

        context.expectNoExchange("a");
        assertThat(vhost.exchange("b")).isNotNull();
    }

    @Test
    void an_auto_delete_exchange_goes_when_the_exchange_it_is_bound_to_is_deleted() {
        context.autoDeleteExchange("a", true);
        context.exchange("b", "fanout", true);
        context.bindExchange("b", "a", "k");

        vhost.deleteExchange("b", false);

        context.expectNoExchange("a");
    }

    @Test
    void auto_delete_exchanges_in_a_ring_keep_each_other_until_it_is_cut() {
        context.autoDeleteExchange("a", false);
        context.autoDeleteExchange("b", false);
        context.declare(durable("q"));
        context.bindExchange("b", "a", "k");
        context.bindExchange("a", "b", "k");
        context.bind("q", "b", "k");

        context.unbind("q", "b", "k");
        assertThat(vhost.exchange("a")).isNotNull();
        assertThat(vhost.exchange("b")).isNotNull();

        context.unbindExchange("a", "b", "k");
        context.expectNoExchange("a");
        context.expectNoExchange("b");
    }

    @Test
    void an_auto_delete_exchange_bound_to_itself_goes_with_that_binding() {
        context.autoDeleteExchange("a", false);
        context.bindExchange("a", "a", "k");

        context.unbindExchange("a", "a", "k");

        context.expectNoExchange("a");
    }

    @Test
    void a_very_long_chain_of_auto_delete_exchanges_goes_at_once() {
        int length = 20_000;
        context.declare(durable("q"));
        for (int i = 0; i < length; i++) {
            context.autoDeleteExchange("x" + i, false);
            if (i > 0) {
                context.bindExchange("x" + (i - 1), "x" + i, "");
            }
        }
        context.bind("q", "x0", "");
        context.expectRoute("x" + (length - 1), "", "q");

        vhost.queueRemoved(vhost.queue("q"));

        context.expectNoExchange("x" + (length - 1));
    }
}
