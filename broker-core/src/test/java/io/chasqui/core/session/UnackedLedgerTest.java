package io.chasqui.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.SessionScene;
import io.chasqui.core.queue.Settlement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class UnackedLedgerTest {

    @TempDir Path directory;

    private final UnackedLedger ledger = new UnackedLedger();
    private final List<Long> settled = new ArrayList<>();
    private Subscription owner;

    @BeforeEach
    void subscribe() throws Exception {
        owner = SessionScene.anySubscription(directory);
    }

    private void settle(long tag, Subscription of, long seq, long position) {
        assertThat(of).isSameAs(owner);
        assertThat(position).isEqualTo(seq * 8);
        settled.add(seq);
    }

    private long add(long seq) {
        return ledger.add(owner, seq, seq * 8);
    }

    @Test
    void tags_count_up_from_one() {
        assertThat(add(70)).isEqualTo(1);
        assertThat(ledger.skip()).isEqualTo(2);
        assertThat(add(71)).isEqualTo(3);
        assertThat(ledger.size()).isEqualTo(2);
    }

    @Test
    void a_tag_is_known_until_it_is_settled() {
        add(70);
        assertThat(ledger.settle(2, this::settle)).isFalse();
        assertThat(ledger.settle(1, this::settle)).isTrue();
        assertThat(ledger.settle(1, this::settle)).isFalse();
        assertThat(ledger.settle(0, this::settle)).isFalse();
        assertThat(settled).containsExactly(70L);
    }

    @Test
    @Timeout(20)
    void ranges_over_what_is_settled_cost_nothing_in_the_long_run() {
        int many = 200_000;
        add(0);
        for (int i = 1; i <= many; i++) {
            add(i);
        }
        long last = ledger.lastTag();
        ledger.settleRange(2, last - 1, this::settle);
        for (int i = 0; i < many; i++) {
            ledger.settleRange(2, last - 1, this::settle);
        }
        assertThat(settled).hasSize(many - 1);
        ledger.settleRange(1, last, this::settle);
        assertThat(settled).hasSize(many + 1).endsWith(0L, (long) many);
    }

    @Test
    void a_range_settles_what_is_left_of_it() {
        for (int i = 0; i < 6; i++) {
            add(i);
        }
        assertThat(ledger.settle(3, this::settle)).isTrue();
        ledger.settleRange(2, 4, this::settle);
        ledger.settleRange(100, 200, this::settle);
        assertThat(settled).containsExactly(2L, 1L, 3L);
        assertThat(ledger.size()).isEqualTo(3);
        ledger.settleRange(0, 50, this::settle);
        assertThat(settled).containsExactly(2L, 1L, 3L, 0L, 4L, 5L);
        assertThat(ledger.lastTag()).isEqualTo(6);
    }

    @Test
    void all_of_one_consumer_are_settled_for_good() {
        add(70);
        add(71);
        ledger.settleAllOf(owner, this::settle);
        assertThat(settled).containsExactly(70L, 71L);
        assertThat(ledger.settle(1, this::settle)).isFalse();
        assertThat(add(72)).isEqualTo(3);
    }

    @Test
    void ack_with_multiple_settles_every_lower_tag() {
        for (int i = 0; i < 5; i++) {
            add(i);
        }
        ledger.settle(2, this::settle);
        assertThat(ledger.settleUpTo(4, this::settle)).isTrue();
        assertThat(settled).containsExactly(1L, 0L, 2L, 3L);
        assertThat(ledger.settleUpTo(3, this::settle)).isFalse();
        assertThat(ledger.settleUpTo(0, this::settle)).isTrue();
        assertThat(settled).endsWith(4L);
        assertThat(ledger.settleUpTo(0, this::settle)).isTrue();
    }

    @Test
    void the_last_tag_can_be_taken_back() {
        add(1);
        ledger.undo();
        assertThat(ledger.size()).isZero();
        assertThat(add(2)).isEqualTo(1);
        ledger.skip();
        ledger.undo();
        assertThat(add(3)).isEqualTo(2);
    }

    @Test
    void what_was_settled_in_vain_comes_back_under_its_tag_and_in_order() {
        for (int i = 1; i <= 6; i++) {
            add(i);
        }
        List<Transaction.Settled> put = new ArrayList<>();
        UnackedLedger.Settler note =
                (tag, of, seq, position) ->
                        put.add(
                                new Transaction.Settled(
                                        tag, of, seq, position, Settlement.ACKNOWLEDGED, null));
        ledger.settle(5, note);
        ledger.settle(2, note);
        ledger.settleUpTo(1, note);
        assertThat(ledger.size()).isEqualTo(3);
        ledger.restore(put);
        assertThat(ledger.size()).isEqualTo(6);
        assertThat(add(7)).isEqualTo(7);
        ledger.settle(5, this::settle);
        ledger.settleUpTo(7, this::settle);
        assertThat(settled).containsExactly(5L, 1L, 2L, 3L, 4L, 6L, 7L);
    }

    @Test
    void it_agrees_with_a_sorted_map_over_many_random_steps() {
        long seed = 4711;
        Random random = new Random(seed);
        TreeMap<Long, Long> model = new TreeMap<>();
        long last = 0;
        for (int step = 0; step < 100_000; step++) {
            settled.clear();
            int dice = random.nextInt(10);
            if (dice < 5 || model.isEmpty()) {
                model.put(++last, (long) step);
                assertThat(add(step)).isEqualTo(last);
            } else if (dice < 9) {
                long tag = model.firstKey() + random.nextInt(40);
                Long seq = model.remove(tag);
                assertThat(ledger.settle(tag, this::settle))
                        .as("seed " + seed)
                        .isEqualTo(seq != null);
                assertThat(settled).isEqualTo(seq == null ? List.of() : List.of(seq));
            } else {
                long tag = model.firstKey() + random.nextInt(10);
                boolean known = model.containsKey(tag);
                assertThat(ledger.settleUpTo(tag, this::settle)).isEqualTo(known);
                if (known) {
                    assertThat(settled)
                            .containsExactlyElementsOf(model.headMap(tag, true).values());
                    model.headMap(tag, true).clear();
                }
            }
            assertThat(ledger.size()).isEqualTo(model.size());
        }
    }
}
