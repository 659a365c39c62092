package io.chasqui.core.vhost;

import static io.chasqui.core.vhost.VirtualHostContext.durable;
import static io.chasqui.core.vhost.VirtualHostContext.exclusive;
import static io.chasqui.core.vhost.VirtualHostContext.transientQueue;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionChange.VirtualHostAdded;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDeleted;
import io.chasqui.core.exchange.BareQueues;
import io.chasqui.core.exchange.TestMessage;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Boot: the log, a checkpoint, or a checkpoint and the log from before it, make the same host. */
class ReplayTest {

    private final VirtualHostContext context = new VirtualHostContext();

    @Test
    void what_is_durable_is_there_again_after_a_restart() {
        context.exchange("x", "topic", true);
        context.declare(durable("q"));
        context.bind("q", "x", "a.#");

        VirtualHostContext rebooted = context.rebooted();

        rebooted.expectRoute("x", "a.b", "q");
        rebooted.expectRoute("", "q", "q");
        assertThat(rebooted.vhost.queue("q").definition())
                .isEqualTo(context.vhost.queue("q").definition());
        assertThat(rebooted.recorded).isEmpty();
    }

    @Test
    void bindings_between_exchanges_and_alternates_are_there_again_after_a_restart() {
        Arguments alternate = Arguments.of(Map.of("alternate-exchange", "other"));
        context.vhost.declareExchange("x", "headers", true, false, false, alternate);
        context.exchange("inner", "fanout", true);
        context.exchange("other", "fanout", true);
        context.declare(durable("q"));
        context.declare(durable("rest"));
        context.vhost.bindExchange("inner", "x", "", Arguments.of(Map.of("a", 1)));
        context.bind("q", "inner", "");
        context.bind("rest", "other", "");

        VirtualHostContext rebooted = context.rebooted();

        assertThat(rebooted.durableState()).isEqualTo(context.durableState());
        assertThat(
                        BareQueues.names(
                                rebooted.vhost
                                        .routing()
                                        .route("x", TestMessage.withHeaders(Map.of("a", 1)))))
                .containsExactly("q");
        rebooted.expectRoute("x", "", "rest");
    }

    @Test
    void what_is_transient_is_gone_after_a_restart() {
        context.exchange("x", "topic", false);
        context.declare(transientQueue("tq"));
        context.declare(exclusive("eq"));
        context.declare(durable("q"));
        context.bind("q", "x", "#");
        context.bind("tq", "amq.fanout", "");

        VirtualHostContext rebooted = context.rebooted();

        rebooted.expectNoExchange("x");
        assertThat(rebooted.vhost.queues()).hasSize(1);
        rebooted.expectRoute("amq.fanout", "");
    }

    @Test
    void an_auto_delete_exchange_kept_by_a_transient_binding_is_there_after_a_restart() {
        context.autoDeleteExchange("x", true);
        Queue queue = context.declare(durable("q"));
        context.declare(transientQueue("tq"));
        context.bind("q", "x", "k");
        context.bind("tq", "x", "k");
        context.vhost.queueRemoved(queue);

        assertThat(context.rebooted().vhost.exchange("x")).isNotNull();
    }

    @Test
    void a_checkpoint_lists_the_durable_state_and_nothing_that_is_there_anyway() {
        context.declare(durable("q"));
        context.bind("q", "amq.fanout", "");
        context.declare(transientQueue("tq"));
        context.bind("tq", "amq.fanout", "");
        List<DefinitionChange> checkpoint = new ArrayList<>();
        context.vhost.forEachChange(checkpoint::add);

        assertThat(checkpoint).hasSize(3).first().isEqualTo(new VirtualHostAdded("/"));
        assertThat(checkpoint).containsAll(context.recorded);
    }

    @Test
    void any_history_replays_to_the_same_state_and_a_second_time_to_the_same_again() {
        for (int seed = 0; seed < 300; seed++) {
            VirtualHostContext original = new VirtualHostContext();
            Random random = new Random(seed);
            List<DefinitionChange> checkpoint = new ArrayList<>();
            int checkpointed = 1 + random.nextInt(100);
            for (int step = 0; step < 100; step++) {
                randomChange(original, random);
                if (step == checkpointed) {
                    original.vhost.forEachChange(checkpoint::add);
                }
            }
            List<String> state = original.durableState();

            VirtualHostContext rebooted = original.rebooted();
            assertThat(rebooted.durableState()).as("log, seed %d", seed).isEqualTo(state);

            original.recorded.forEach(rebooted.vhost::replay);
            assertThat(rebooted.durableState()).as("log twice, seed %d", seed).isEqualTo(state);

            VirtualHostContext fromCheckpoint = new VirtualHostContext();
            checkpoint.forEach(fromCheckpoint.vhost::replay);
            original.recorded.forEach(fromCheckpoint.vhost::replay);
            assertThat(fromCheckpoint.durableState())
                    .as("checkpoint and the log from before it, seed %d", seed)
                    .isEqualTo(state);
        }
    }

    @Test
    void a_deleted_virtual_host_is_empty_again() {
        context.exchange("x", "topic", true);
        context.declare(durable("q"));
        context.bind("q", "amq.fanout", "");
        context.bindExchange("x", "amq.fanout", "");

        context.vhost.replay(new VirtualHostDeleted("/"));

        assertThat(context.durableState()).hasSize(1);
        context.expectNoExchange("x");
        context.expectRoute("amq.fanout", "");
        context.expectRoute("", "q");
    }

    private static void randomChange(VirtualHostContext context, Random random) {
        String queue = "q" + random.nextInt(4);
        String exchange = "x" + random.nextInt(3);
        boolean durable = random.nextInt(4) > 0;
        try {
            switch (random.nextInt(9)) {
                case 0 -> context.declare(durable ? durable(queue) : transientQueue(queue));
                case 1 -> {
                    Queue gone = context.vhost.queue(queue);
                    if (gone != null) {
                        context.vhost.queueRemoved(gone);
                    }
                }
                case 2 -> {
                    if (random.nextBoolean()) {
                        context.autoDeleteExchange(exchange, durable);
                    } else {
                        context.exchange(
                                exchange, random.nextBoolean() ? "topic" : "fanout", durable);
                    }
                }
                case 3 -> context.vhost.deleteExchange(exchange, random.nextBoolean());
                case 4 -> context.bind(queue, exchange, "k" + random.nextInt(2));
                case 5, 6 -> context.bindExchange("x" + random.nextInt(3), exchange, "k");
                case 7 -> context.unbindExchange("x" + random.nextInt(3), exchange, "k");
                default -> context.unbind(queue, exchange, "k" + random.nextInt(2));
            }
        } catch (Refusal expected) {
            assertThat(expected.text()).isNotEmpty();
        }
    }
}
