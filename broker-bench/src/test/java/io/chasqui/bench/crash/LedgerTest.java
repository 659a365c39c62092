package io.chasqui.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.bench.crash.Tally.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ledger that cannot fail would prove nothing: each broken promise is shown to it once. */
class LedgerTest {

    private static final int PUBLISHER = 1;
    private static final int PREFETCH = 3;
    private static final Route WORK = Route.toQueue("work");
    private static final Route FANOUT = new Route("fanout", "", List.of("a", "b", "c"));
    private static final ConsumerId ALONE = new ConsumerId("work", 0, true);
    private static final ConsumerId ONE = new ConsumerId("work", 0, false);
    private static final ConsumerId OTHER = new ConsumerId("work", 1, false);

    private long nowMs = 10_000;
    private final Ledger ledger = new Ledger(() -> nowMs, 2, PREFETCH);

    @BeforeEach
    void firstLife() {
        ledger.starting();
    }

    @Test
    void a_broker_that_keeps_its_word_is_cleared() {
        MessageId first = confirmed(WORK);
        MessageId second = confirmed(WORK);
        MessageId fanned = confirmed(FANOUT);
        deliver(ALONE, first);
        acknowledge(ALONE, first);
        deliver(new ConsumerId("a", 0, true), fanned);
        deliver(new ConsumerId("b", 0, true), fanned);
        crash();
        redeliver(ALONE, second);
        redeliver(new ConsumerId("a", 0, true), fanned);
        deliver(new ConsumerId("c", 0, true), fanned);
        assertThat(violations()).isEmpty();
        assertThat(ledger.verdict().get(Kind.DUP_FLAGGED)).isEqualTo(1);
    }

    @Test
    void who_waits_for_more_is_woken_by_it() throws Exception {
        FutureTask<Boolean> confirm =
                new FutureTask<>(() -> ledger.awaitMore(Kind.CONFIRMED, 0, 20_000));
        FutureTask<Boolean> delivery =
                new FutureTask<>(() -> ledger.awaitMore(Kind.DELIVERED, 0, 20_000));
        Thread.ofVirtual().start(confirm);
        Thread.ofVirtual().start(delivery);
        MessageId id = confirmed(WORK);
        assertThat(confirm.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(delivery.isDone()).isFalse();
        deliver(ALONE, id);
        assertThat(delivery.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ledger.awaitMore(Kind.CONFIRMED, 0, 20_000)).as("at once").isTrue();
    }

    @Test
    void a_confirmed_message_that_never_comes_is_lost() {
        deliver(ALONE, confirmed(WORK));
        confirmed(WORK);
        assertThat(violations()).containsExactly(Kind.LOST);
    }

    @Test
    void each_copy_of_a_fanned_out_message_is_missed() {
        MessageId id = confirmed(FANOUT);
        deliver(new ConsumerId("b", 0, true), id);
        assertThat(ledger.verdict().get(Kind.LOST)).isEqualTo(2);
    }

    @Test
    void what_was_not_confirmed_may_vanish_or_come() {
        published(WORK);
        deliver(ALONE, published(WORK));
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_transient_message_may_vanish_though_confirmed() {
        ledger.confirmed(ledger.publishing(PUBLISHER, WORK, false));
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_refused_message_is_counted_and_not_missed() {
        ledger.nacked(published(WORK));
        assertThat(ledger.verdict().get(Kind.NACKED)).isEqualTo(1);
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_message_nobody_published_is_a_phantom() {
        MessageId last = published(WORK);
        deliver(ALONE, new MessageId(PUBLISHER, last.sequence() + 1));
        deliver(ALONE, new MessageId(7, 0));
        deliver(ALONE, new MessageId(-1, 0));
        assertThat(ledger.verdict().get(Kind.PHANTOM)).isEqualTo(3);
    }

    @Test
    void a_message_in_a_queue_it_was_not_routed_to_is_a_phantom() {
        deliver(new ConsumerId("b", 0, true), published(WORK));
        assertThat(violations()).containsExactly(Kind.PHANTOM);
    }

    @Test
    void a_body_that_fails_its_checksum_is_corrupt() {
        ledger.delivered(ALONE, ledger.life(), false, Optional.empty());
        assertThat(violations()).containsExactly(Kind.CORRUPT);
    }

    @Test
    void an_earlier_message_behind_a_later_one_is_reordered() {
        MessageId first = confirmed(WORK);
        MessageId second = confirmed(WORK);
        deliver(ONE, second);
        deliver(ONE, first);
        assertThat(violations()).containsExactly(Kind.REORDERED);
    }

    @Test
    void redelivered_messages_come_in_order_too() {
        MessageId first = confirmed(WORK);
        MessageId second = confirmed(WORK);
        deliver(ONE, first);
        deliver(ONE, second);
        crash();
        redeliver(ONE, second);
        redeliver(ONE, first);
        assertThat(violations()).containsExactly(Kind.REORDERED);
    }

    @Test
    void alone_on_its_queue_a_consumer_sees_nothing_new_behind_a_later_message_after_a_crash() {
        MessageId first = confirmed(WORK);
        MessageId second = confirmed(WORK);
        deliver(ALONE, second);
        acknowledge(ALONE, second);
        crash();
        redeliver(ALONE, first);
        assertThat(violations()).containsExactly(Kind.REORDERED);
    }

    @Test
    void consumers_that_share_a_queue_may_see_an_earlier_message_after_a_crash() {
        MessageId first = confirmed(WORK);
        MessageId second = confirmed(WORK);
        deliver(OTHER, second);
        acknowledge(OTHER, second);
        crash();
        redeliver(OTHER, first);
        assertThat(violations()).isEmpty();
    }

    @Test
    void publishers_are_not_in_order_with_each_other() {
        deliver(ALONE, confirmed(WORK));
        deliver(ALONE, confirmed(WORK));
        deliver(ALONE, ledger.publishing(0, WORK, true));
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_repeated_delivery_must_be_flagged() {
        MessageId id = confirmed(WORK);
        deliver(ALONE, id);
        crash();
        deliver(ALONE, id);
        assertThat(violations()).containsExactly(Kind.DUP_UNFLAGGED);
    }

    @Test
    void even_one_whose_acknowledgement_was_on_its_way_must_be_flagged() {
        MessageId id = confirmed(WORK);
        deliver(ALONE, id);
        acknowledge(ALONE, id);
        crash();
        deliver(ALONE, id);
        assertThat(violations()).containsExactly(Kind.DUP_UNFLAGGED);
    }

    @Test
    void nothing_is_delivered_twice_in_one_life() {
        MessageId id = confirmed(WORK);
        deliver(ONE, id);
        redeliver(OTHER, id);
        assertThat(violations()).containsExactly(Kind.DUP_LIVE);
    }

    @Test
    void an_acknowledgement_just_before_the_kill_may_be_lost() {
        MessageId id = confirmed(WORK);
        deliver(ALONE, id);
        acknowledge(ALONE, id);
        nowMs += Ledger.SETTLED_MS - 1;
        crash();
        redeliver(ALONE, id);
        assertThat(violations()).isEmpty();
        assertThat(ledger.verdict().get(Kind.DUP_ACKED)).isEqualTo(1);
    }

    @Test
    void an_acknowledgement_long_before_the_kill_may_not() {
        MessageId id = confirmed(WORK);
        deliver(ALONE, id);
        acknowledge(ALONE, id);
        nowMs += Ledger.SETTLED_MS;
        crash();
        redeliver(ALONE, id);
        assertThat(violations()).containsExactly(Kind.DUP_SETTLED);
    }

    @Test
    void no_more_acknowledgements_may_be_lost_than_consumers_hold_at_each_kill() {
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i <= PREFETCH; i++) {
            ids.add(confirmed(WORK));
        }
        ids.forEach(id -> deliver(ALONE, id));
        ids.forEach(id -> acknowledge(ALONE, id));
        crash();
        ids.forEach(id -> redeliver(ALONE, id));
        assertThat(violations()).containsExactly(Kind.DUP_EXCESS);
    }

    @Test
    void an_acknowledgement_to_a_dead_broker_does_not_count() {
        MessageId id = confirmed(WORK);
        deliver(ALONE, id);
        ledger.killing();
        nowMs += 1;
        acknowledge(ALONE, id);
        ledger.starting();
        redeliver(ALONE, id);
        assertThat(ledger.verdict().get(Kind.DUP_ACKED)).isZero();
        assertThat(ledger.verdict().get(Kind.DUP_FLAGGED)).isEqualTo(1);
    }

    @Test
    void what_a_dead_broker_had_sent_is_as_good_as_never_received() {
        MessageId id = confirmed(WORK);
        int life = ledger.life();
        crash();
        ledger.delivered(ALONE, life, false, Optional.of(id));
        assertThat(violations()).containsExactly(Kind.LOST);
    }

    @Test
    void only_a_dying_broker_may_close_connections() {
        ledger.killing();
        ledger.disconnected(ledger.life(), "killed");
        ledger.starting();
        ledger.disconnected(ledger.life() - 1, "noticed late");
        assertThat(violations()).isEmpty();
        ledger.disconnected(ledger.life(), "541");
        assertThat(violations()).containsExactly(Kind.DISCONNECTED);
        assertThat(ledger.examples()).singleElement().asString().contains("541");
    }

    private MessageId published(Route route) {
        return ledger.publishing(PUBLISHER, route, true);
    }

    private MessageId confirmed(Route route) {
        MessageId id = published(route);
        ledger.confirmed(id);
        return id;
    }

    private void deliver(ConsumerId consumer, MessageId id) {
        ledger.delivered(consumer, ledger.life(), false, Optional.of(id));
    }

    private void redeliver(ConsumerId consumer, MessageId id) {
        ledger.delivered(consumer, ledger.life(), true, Optional.of(id));
    }

    private void acknowledge(ConsumerId consumer, MessageId id) {
        ledger.acknowledged(consumer, ledger.life(), id);
    }

    private void crash() {
        ledger.killing();
        ledger.starting();
    }

    private List<Kind> violations() {
        Tally verdict = ledger.verdict();
        return List.of(Kind.values()).stream()
                .filter(kind -> kind.isViolation() && verdict.get(kind) > 0)
                .toList();
    }
}
