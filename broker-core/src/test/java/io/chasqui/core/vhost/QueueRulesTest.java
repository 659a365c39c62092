package io.chasqui.core.vhost;

import static io.chasqui.core.vhost.VirtualHostContext.ANOTHER;
import static io.chasqui.core.vhost.VirtualHostContext.ME;
import static io.chasqui.core.vhost.VirtualHostContext.durable;
import static io.chasqui.core.vhost.VirtualHostContext.exclusive;
import static io.chasqui.core.vhost.VirtualHostContext.refused;
import static io.chasqui.core.vhost.VirtualHostContext.transientQueue;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** queue.declare and who may touch a queue; texts as a running RabbitMQ 4.3.6 gives them. */
class QueueRulesTest {

    private static final String LOCKED =
            "cannot obtain exclusive access to locked queue 'pq_ex' in vhost '/'. It could be"
                    + " originally declared on another connection or the exclusive property value"
                    + " does not match that of the original declaration.";

    private final VirtualHostContext context = new VirtualHostContext();
    private final VirtualHost vhost = context.vhost;

    @Test
    void a_second_declare_finds_the_queue_of_the_first() {
        Declared first = vhost.declareQueue(durable("q"), ME);
        Declared second = vhost.declareQueue(durable("q"), ANOTHER);

        assertThat(first.created()).isTrue();
        assertThat(second.created()).isFalse();
        assertThat(second.queue()).isSameAs(first.queue()).isSameAs(vhost.queue("q"));
        assertThat(second.position()).isEqualTo(first.position()).isEqualTo(1);
        assertThat(vhost.queues()).containsExactly(first.queue());
    }

    @Test
    void the_default_type_is_kept_with_the_queue() {
        Queue queue = context.declare(durable("q"));

        assertThat(queue.definition().arguments())
                .isEqualTo(Arguments.of(Map.of("x-queue-type", "classic")));
    }

    @Test
    void a_redeclare_must_be_equivalent() {
        context.declare(durable("probe_q"));

        refused(
                Refusal.PreconditionFailed.class,
                "inequivalent arg 'durable' for queue 'probe_q' in vhost '/': received 'false' but"
                        + " current is 'true'",
                () -> context.declare(transientQueue("probe_q")));
        refused(
                Refusal.PreconditionFailed.class,
                "inequivalent arg 'x-queue-type' for queue 'probe_q' in vhost '/': received"
                        + " 'quorum' but current is 'classic'",
                () -> context.declare(with("probe_q", Map.of("x-queue-type", "quorum"))));
        refused(
                Refusal.PreconditionFailed.class,
                "inequivalent arg 'x-message-ttl' for queue 'probe_q' in vhost '/': received the"
                        + " value '5' of type 'signedint' but current is none",
                () -> context.declare(with("probe_q", Map.of("x-message-ttl", 5))));
    }

    @Test
    void the_type_that_is_there_counts_for_a_redeclare_without_one() {
        context.declare(with("q", Map.of("x-queue-type", "quorum")));

        refused(
                Refusal.PreconditionFailed.class,
                "inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': received 'classic'"
                        + " but current is 'quorum'",
                () -> context.declare(durable("q")));
    }

    @Test
    void an_invalid_argument_leaves_no_trace() {
        refused(
                Refusal.PreconditionFailed.class,
                "invalid arg 'x-expires' for queue 'pq1' in vhost '/': {value_zero,0}",
                () -> context.declare(with("pq1", Map.of("x-expires", 0))));

        assertThat(context.recorded).isEmpty();
        assertThat(vhost.queue("pq1")).isNull();
    }

    @Test
    void a_reserved_name_is_refused() {
        refused(
                Refusal.AccessRefused.class,
                "queue name 'amq.foo' contains reserved prefix 'amq.*'",
                () -> context.declare(durable("amq.foo")));
    }

    @Test
    void a_queue_without_a_name_gets_one_that_nobody_can_guess() {
        Queue one = context.declare(transientQueue(""));
        Queue other = context.declare(transientQueue("\r\n"));

        assertThat(one.definition().name()).matches("amq\\.gen-[A-Za-z0-9_-]{22}");
        assertThat(other.definition().name()).isNotEqualTo(one.definition().name());
        assertThat(vhost.existingQueue(one.definition().name(), ME)).isSameAs(one);
    }

    @Test
    void the_prefix_of_a_made_up_name_can_be_asked_for() {
        Queue queue = context.declare(with("", Map.of("x-name-prefix", "mine")));

        assertThat(queue.definition().name()).matches("mine-[A-Za-z0-9_-]{22}");
        assertThat(queue.definition().arguments().contains("x-name-prefix")).isFalse();
        refused(
                Refusal.PreconditionFailed.class,
                "Queue name prefix '" + "p".repeat(65) + "' exceeds the 64-byte limit",
                () -> context.declare(with("", Map.of("x-name-prefix", "p".repeat(65)))));
    }

    @Test
    void a_quorum_queue_gets_no_made_up_name() {
        refused(
                Refusal.PreconditionFailed.class,
                "Cannot declare a server-named queue for type rabbit_quorum_queue",
                () -> context.declare(with("", Map.of("x-queue-type", "quorum"))));
    }

    @Test
    void an_exclusive_queue_is_locked_for_every_other_session() {
        Queue queue = context.declare(exclusive("pq_ex"));
        context.bind("pq_ex", "amq.direct", "k");

        locked(() -> vhost.existingQueue("pq_ex", ANOTHER));
        locked(() -> vhost.checkAccess(queue, ANOTHER));
        locked(() -> vhost.declareQueue(exclusive("pq_ex"), ANOTHER));
        locked(() -> vhost.declareQueue(transientQueue("pq_ex"), ANOTHER));
        locked(() -> vhost.bindQueue("pq_ex", "amq.direct", "k2", Arguments.EMPTY, ANOTHER));
        locked(() -> vhost.unbindQueue("pq_ex", "amq.direct", "k", Arguments.EMPTY, ANOTHER));

        assertThat(vhost.existingQueue("pq_ex", ME)).isSameAs(queue);
        vhost.checkAccess(queue, ME);
        assertThat(vhost.declareQueue(exclusive("pq_ex"), ME).created()).isFalse();
    }

    @Test
    void a_declare_that_differs_only_in_exclusive_is_locked_out_even_for_the_owner() {
        context.declare(exclusive("pq_ex"));
        locked(() -> context.declare(transientQueue("pq_ex")));

        vhost.queueRemoved(vhost.queue("pq_ex"));
        context.declare(transientQueue("pq_ex"));
        locked(() -> context.declare(exclusive("pq_ex")));
    }

    @Test
    void an_exclusive_queue_is_never_durable() {
        Declared declared =
                vhost.declareQueue(
                        new QueueDeclaration("q", true, true, false, Arguments.EMPTY), ME);

        assertThat(declared.queue().definition().durable()).isFalse();
        assertThat(declared.position()).isZero();
        assertThat(context.recorded).isEmpty();
    }

    @Test
    void a_queue_that_is_everybodys_is_not_locked() {
        vhost.checkAccess(context.declare(durable("q")), ANOTHER);
    }

    @Test
    void a_missing_queue_is_refused() {
        refused(
                Refusal.NotFound.class,
                "no queue 'nosuch' in vhost '/'",
                () -> vhost.existingQueue("nosuch", ME));
    }

    @Test
    void a_transient_queue_that_is_everybodys_is_allowed_for_ever() {
        assertThat(vhost.declareQueue(transientQueue("pq_tr"), ME))
                .returns(true, Declared::created)
                .returns(0L, Declared::position);
    }

    @Test
    void a_name_is_free_as_soon_as_its_queue_is_removed() {
        Queue gone = context.declare(durable("q"));
        vhost.queueRemoved(gone);
        Queue successor = context.declare(transientQueue("q"));

        assertThat(successor).isNotSameAs(gone);
        assertThat(successor.definition().id()).isGreaterThan(gone.definition().id());
    }

    @Test
    void to_remove_a_queue_again_does_not_touch_its_successor() {
        Queue gone = context.declare(durable("q"));
        vhost.queueRemoved(gone);
        Queue successor = context.declare(durable("q"));
        context.bind("q", "amq.direct", "k");

        assertThat(vhost.queueRemoved(gone)).isZero();

        assertThat(vhost.queue("q")).isSameAs(successor);
        context.expectRoute("amq.direct", "k", "q");
    }

    private static void locked(ThrowingCallable request) {
        refused(Refusal.ResourceLocked.class, LOCKED, request);
    }

    private static QueueDeclaration with(String name, Map<String, Object> arguments) {
        return new QueueDeclaration(name, true, false, false, Arguments.of(arguments));
    }
}
