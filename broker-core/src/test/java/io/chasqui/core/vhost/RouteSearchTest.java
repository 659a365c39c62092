package io.chasqui.core.vhost;

import static io.chasqui.core.vhost.VirtualHostContext.durable;
import static io.chasqui.core.vhost.VirtualHostContext.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.exchange.BareQueues;
import io.chasqui.core.exchange.KeyOnly;
import io.chasqui.core.exchange.TestMessage;
import io.chasqui.core.refusal.Refusal;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes over bindings between exchanges and to alternate exchanges; results as in RabbitMQ. */
class RouteSearchTest {

    private final VirtualHostContext context = new VirtualHostContext();
    private final VirtualHost vhost = context.vhost;

    @BeforeEach
    void declareQueues() {
        context.declare(durable("q1"));
        context.declare(durable("q2"));
    }

    private void exchange(String name, String type, String alternate) {
        Arguments arguments =
                alternate.equals("-")
                        ? Arguments.EMPTY
                        : Arguments.of(Map.of("alternate-exchange", alternate));
        vhost.declareExchange(name, type, false, false, false, arguments);
    }

    @Test
    void a_message_goes_on_with_its_own_key_at_every_exchange() {
        exchange("a", "topic", "-");
        exchange("b", "direct", "-");
        context.bindExchange("b", "a", "#");
        context.bind("q1", "b", "x.y");
        context.bind("q2", "b", "#");

        context.expectRoute("a", "x.y", "q1");
        context.expectRoute("a", "x.z");
    }

    @Test
    void rings_come_to_an_end_and_a_queue_comes_once() {
        exchange("a", "fanout", "-");
        exchange("b", "fanout", "-");
        context.bindExchange("b", "a", "1");
        context.bindExchange("b", "a", "2");
        context.bindExchange("a", "b", "");
        context.bindExchange("a", "a", "");
        context.bind("q1", "a", "");
        context.bind("q1", "b", "");
        context.bind("q2", "b", "");

        context.expectRoute("a", "", "q1", "q2");
        context.expectRoute("b", "", "q1", "q2");
    }

    @Test
    void an_alternate_exchange_takes_what_finds_no_destination() {
        exchange("alternate", "fanout", "-");
        exchange("x", "direct", "alternate");
        context.bind("q1", "x", "k");
        context.bind("q2", "alternate", "");

        context.expectRoute("x", "k", "q1");
        context.expectRoute("x", "other", "q2");
    }

    @Test
    void alternate_exchanges_form_chains_and_rings() {
        exchange("a", "direct", "b");
        exchange("b", "direct", "c");
        exchange("c", "direct", "a");
        context.bind("q1", "c", "k");

        context.expectRoute("a", "k", "q1");
        context.expectRoute("a", "other");
    }

    @Test
    void without_its_alternate_exchange_a_message_is_unroutable_until_that_is_declared() {
        exchange("x", "direct", "alternate");
        context.expectRoute("x", "k");

        exchange("alternate", "fanout", "-");
        context.bind("q1", "alternate", "");

        context.expectRoute("x", "k", "q1");
    }

    @Test
    void the_alternate_exchange_may_be_internal() {
        vhost.declareExchange("inner", "fanout", false, false, true, Arguments.EMPTY);
        context.bind("q1", "inner", "");
        exchange("x", "direct", "inner");

        context.expectRoute("x", "k", "q1");
        refused(
                Refusal.AccessRefused.class,
                "cannot publish to internal exchange 'inner' in vhost '/'",
                () -> vhost.routing().route("inner", new KeyOnly("k")));
    }

    @Test
    void the_default_exchange_is_nobodys_alternate() {
        exchange("x", "direct", "");

        context.expectRoute("x", "q1");
    }

    @Test
    void an_exchange_that_leads_to_another_has_found_something() {
        exchange("of-a", "fanout", "-");
        exchange("of-b", "fanout", "-");
        exchange("a", "direct", "of-a");
        exchange("b", "direct", "of-b");
        context.bindExchange("b", "a", "k");
        context.bind("q1", "of-a", "");
        context.bind("q2", "of-b", "");

        context.expectRoute("a", "k", "q2");
        context.expectRoute("a", "other", "q1");
    }

    @Test
    void every_key_of_a_message_is_routed_and_one_that_finds_something_is_enough() {
        exchange("alternate", "direct", "-");
        exchange("x", "direct", "alternate");
        context.bind("q1", "x", "k");
        context.bind("q2", "alternate", "copy");

        assertThat(BareQueues.names(vhost.routing().route("x", TestMessage.withKeys("k", "copy"))))
                .containsExactly("q1");
        assertThat(BareQueues.names(vhost.routing().route("x", TestMessage.withKeys("n", "copy"))))
                .containsExactly("q2");
        assertThat(
                        BareQueues.names(
                                vhost.routing().route("", TestMessage.withKeys("q1", "q2", "q1"))))
                .containsExactly("q1", "q2");
    }

    @Test
    void a_route_past_a_headers_exchange_is_not_kept() {
        exchange("a", "fanout", "-");
        exchange("b", "fanout", "-");
        context.bindExchange("b", "a", "");
        assertThat(vhost.routing().route("a", new KeyOnly("k")).isCacheable()).isTrue();

        context.bindExchange("amq.headers", "b", "");
        assertThat(vhost.routing().route("a", new KeyOnly("k")).isCacheable()).isFalse();
    }
}
