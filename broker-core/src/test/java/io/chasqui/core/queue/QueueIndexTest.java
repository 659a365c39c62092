package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.store.Lsn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueIndexTest {

    private static final int PAGE = IndexPage.ENTRIES;
    private static final int SEGMENT_BITS = 26;

    private final PagePool pool = new PagePool(1 << 28);
    private final DelayedPages pages = new DelayedPages();
    private final List<Long> dropped = new ArrayList<>();
    private int arrivals;
    private final QueueIndex index =
            new QueueIndex(1, pool, pages, SEGMENT_BITS, 4, () -> arrivals++);

    // ---- order

    @Test
    void messages_come_out_in_the_order_they_came_in() {
        append(3);
        assertThat(index.takeReady()).isEqualTo(0);
        assertThat(index.takeReady()).isEqualTo(1);
        assertThat(index.takeReady()).isEqualTo(2);
        assertThat(index.takeReady()).isEqualTo(QueueIndex.NONE);
    }

    @Test
    void peeking_takes_nothing() {
        append(1);
        assertThat(index.peekReady()).isZero();
        assertThat(index.peekReady()).isZero();
        assertThat(index.ready()).isEqualTo(1);
        assertThat(index.unacked()).isZero();
    }

    @Test
    void a_message_keeps_all_that_is_known_of_it() {
        long seq = index.append(position(7), 1234, QueueIndex.PERSISTENT | QueueIndex.LARGE, 9);
        index.append(position(8) | Lsn.TRANSIENT, 4 << 20, QueueIndex.REDELIVERED, 255);
        assertThat(index.position(seq)).isEqualTo(position(7));
        assertThat(index.length(seq)).isEqualTo(1234);
        assertThat(index.priority(seq)).isEqualTo(9);
        assertThat(index.persistent(seq)).isTrue();
        assertThat(index.large(seq)).isTrue();
        assertThat(index.redelivered(seq)).isFalse();
        assertThat(index.deliveryCount(seq)).isZero();
        assertThat(index.position(1)).isEqualTo(position(8) | Lsn.TRANSIENT);
        assertThat(index.length(1)).isEqualTo(4 << 20);
        assertThat(index.priority(1)).isEqualTo(255);
        assertThat(index.persistent(1)).isFalse();
        assertThat(index.redelivered(1)).isTrue();
    }

    @Test
    void a_requeued_message_goes_back_to_its_place_and_is_marked() {
        append(5);
        take(4);
        index.requeue(2, true);
        index.requeue(0, false);
        assertThat(index.takeReady()).isZero();
        assertThat(index.takeReady()).isEqualTo(2);
        assertThat(index.takeReady()).isEqualTo(4);
        assertThat(index.redelivered(0)).isTrue();
        assertThat(index.redelivered(2)).isTrue();
        assertThat(index.redelivered(1)).isFalse();
        assertThat(index.deliveryCount(0)).isZero();
        assertThat(index.deliveryCount(2)).isEqualTo(1);
        assertThat(index.failed(0)).isFalse();
        assertThat(index.failed(2)).isTrue();
    }

    @Test
    void a_message_put_back_is_as_if_never_taken() {
        append(2);
        take(2);
        index.putBack(0);
        assertThat(index.takeReady()).isZero();
        assertThat(index.redelivered(0)).isFalse();
        assertThat(index.deliveryCount(0)).isZero();
    }

    @Test
    void the_delivery_count_stops_at_65535() {
        append(1);
        for (int i = 0; i < 65_540; i++) {
            index.requeue(index.takeReady(), true);
        }
        assertThat(index.deliveryCount(0)).isEqualTo(65_535);
        assertThat(index.length(0)).isEqualTo(100);
        assertThat(index.priority(0)).isZero();
    }

    @Test
    void a_returned_message_that_expires_is_passed_over() {
        append(3);
        take(2);
        index.requeue(0, false);
        index.requeue(1, false);
        index.settle(0);
        assertThat(index.takeReady()).isEqualTo(1);
        assertThat(index.takeReady()).isEqualTo(2);
    }

    @Test
    void messages_settled_before_they_were_taken_are_passed_over() {
        append(3 * PAGE);
        for (long seq = 10; seq < 3 * PAGE - 1; seq++) {
            index.settle(seq);
        }
        take(10);
        assertThat(index.takeReady()).isEqualTo(3 * PAGE - 1);
        assertThat(index.takeReady()).isEqualTo(QueueIndex.NONE);
        assertThat(index.unacked()).isEqualTo(11);
    }

    @Test
    void counts_follow_every_change() {
        append(4);
        assertThat(index.ready()).isEqualTo(4);
        assertThat(index.readyBytes()).isEqualTo(400);
        take(3);
        assertThat(index.ready()).isEqualTo(1);
        assertThat(index.unacked()).isEqualTo(3);
        assertThat(index.readyBytes()).isEqualTo(100);
        index.settle(0);
        index.requeue(1, true);
        index.settle(3);
        assertThat(index.ready()).isEqualTo(1);
        assertThat(index.unacked()).isEqualTo(1);
        assertThat(index.readyBytes()).isEqualTo(100);
    }

    @Test
    void settling_what_is_not_live_is_a_mistake() {
        append(2);
        take(2);
        index.settle(0);
        assertThatThrownBy(() -> index.settle(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> index.settle(2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> index.requeue(0, true)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> index.settle(1_000_000)).isInstanceOf(IllegalStateException.class);
        index.requeue(1, true);
        assertThatThrownBy(() -> index.requeue(1, true)).isInstanceOf(IllegalStateException.class);
    }

    // ---- memory

    @Test
    void an_index_that_never_held_a_message_owns_no_memory() {
        assertThat(pool.residentBytes()).isZero();
        assertThat(index.takeReady()).isEqualTo(QueueIndex.NONE);
        assertThat(pool.residentBytes()).isZero();
    }

    @Test
    void a_few_messages_take_the_smallest_chunk() {
        append(16);
        assertThat(pool.usedBytes()).isEqualTo(256);
        append(1);
        assertThat(pool.usedBytes()).isEqualTo(1024);
    }

    @Test
    void a_queue_that_empties_again_and_again_stays_in_its_smallest_chunk() {
        for (int i = 0; i < 5 * PAGE; i++) {
            append(1);
            index.settle(index.takeReady());
            assertThat(pool.usedBytes()).isEqualTo(256);
        }
    }

    @Test
    void a_queue_of_a_hundred_messages_in_flight_stays_small() {
        append(100);
        for (int i = 0; i < 5 * PAGE; i++) {
            append(1);
            index.settle(index.takeReady());
            assertThat(pool.usedBytes()).isLessThanOrEqualTo(2 * 4096);
        }
    }

    @Test
    void trim_gives_an_empty_queue_s_last_page_back_and_counting_goes_on() {
        append(10);
        take(10);
        for (long seq = 0; seq < 10; seq++) {
            index.settle(seq);
        }
        index.trim();
        assertThat(pool.usedBytes()).isZero();
        assertThat(append(1)).isEqualTo(10);
        assertThat(index.takeReady()).isEqualTo(10);
    }

    @Test
    void trim_leaves_messages_alone() {
        append(PAGE + 10);
        take(5);
        index.trim();
        assertThat(index.position(0)).isEqualTo(position(0));
        assertThat(index.takeReady()).isEqualTo(5);
        assertThat(index.position(PAGE + 5)).isEqualTo(position(PAGE + 5));
    }

    @Test
    void a_message_stuck_at_the_head_keeps_only_its_own_page() {
        append(1);
        take(1);
        for (int i = 0; i < 100 * PAGE; i++) {
            append(1);
            index.settle(index.takeReady());
        }
        assertThat(pool.usedBytes()).isLessThanOrEqualTo(2 * (1 << 16));
        assertThat(index.position(0)).isEqualTo(position(0));
    }

    // ---- spilling

    @Test
    void full_pages_beyond_the_limit_are_written_out_last_page_first() {
        append(7 * PAGE);
        assertThat(pages.writes).isEqualTo(1);
        append(2 * PAGE);
        pages.answerAll();
        assertThat(pages.writes).isEqualTo(3);
        assertThat(slots()).isEqualTo(3);
        assertThat(index.ready()).isEqualTo(9L * PAGE);
        assertThat(index.readyBytes()).isEqualTo(900L * PAGE);
    }

    @Test
    void over_the_budget_all_but_two_full_pages_are_written_out() {
        PagePool small = new PagePool(5 << 16);
        QueueIndex tight = new QueueIndex(1, small, pages, SEGMENT_BITS, 100, () -> {});
        for (int i = 0; i < 20 * PAGE; i++) {
            tight.append(position(i), 100, 0, 0);
            pages.answerAll();
        }
        assertThat(small.usedBytes()).isLessThanOrEqualTo(6 << 16);
        assertThat(pages.writes).isGreaterThanOrEqualTo(15);
    }

    @Test
    void a_spilled_page_is_read_ahead_when_the_page_before_it_is_begun() {
        spillSome();
        take(4 * PAGE);
        assertThat(pages.reads).isZero();
        long next = index.takeReady();
        assertThat(next).isEqualTo(4 * PAGE);
        assertThat(pages.reads).isEqualTo(1);
        pages.answerAll();
        take(PAGE - 1);
        assertThat(index.takeReady()).isEqualTo(5 * PAGE);
        assertThat(arrivals).isZero();
    }

    @Test
    void a_page_that_comes_too_late_is_announced() {
        spillSome();
        take(5 * PAGE);
        assertThat(index.peekReady()).isEqualTo(QueueIndex.LOADING);
        assertThat(index.takeReady()).isEqualTo(QueueIndex.LOADING);
        assertThat(arrivals).isZero();
        pages.answerAll();
        assertThat(arrivals).isEqualTo(1);
        assertThat(index.takeReady()).isEqualTo(5 * PAGE);
        assertThat(index.position(5 * PAGE)).isEqualTo(position(5 * PAGE));
    }

    @Test
    void a_returned_message_is_given_out_while_the_page_at_the_cursor_is_loading() {
        spillSome();
        take(5 * PAGE);
        assertThat(index.takeReady()).isEqualTo(QueueIndex.LOADING);
        index.requeue(17, true);
        assertThat(index.takeReady()).isEqualTo(17);
    }

    @Test
    void a_slot_is_released_when_its_page_is_back_in_memory() {
        spillSome();
        int before = slots();
        take(4 * PAGE + 1);
        pages.answerAll();
        assertThat(slots()).isEqualTo(before - 1);
    }

    @Test
    void a_page_reached_by_the_cursor_while_it_is_being_written_stays_and_the_slot_is_released() {
        append(7 * PAGE);
        assertThat(pages.pending()).isEqualTo(1);
        take(6 * PAGE - 1);
        pages.answerAll();
        assertThat(slots()).isZero();
        assertThat(index.position(5 * PAGE + 3)).isEqualTo(position(5 * PAGE + 3));
    }

    @Test
    void a_page_changed_while_it_is_being_written_is_written_again_and_the_slot_is_released() {
        append(7 * PAGE);
        index.settle(6 * PAGE - 5);
        assertThat(pages.answerOne()).isTrue();
        assertThat(slots()).isZero();
        assertThat(pages.answerOne()).isTrue();
        assertThat(slots()).isEqualTo(1);
        take(5 * PAGE);
        pages.answerAll();
        take(PAGE - 5);
        assertThat(index.takeReady()).isEqualTo(6 * PAGE - 4);
    }

    @Test
    void pages_stay_in_memory_when_they_cannot_be_written_and_go_later() {
        pages.writesFail = true;
        append(9 * PAGE);
        pages.answerAll();
        assertThat(slots()).isZero();
        pages.writesFail = false;
        index.trim();
        pages.answerAll();
        assertThat(slots()).isPositive();
        takeAllAndCompare(9 * PAGE);
    }

    @Test
    void a_page_that_cannot_be_read_costs_its_messages_and_no_others() {
        spillSome();
        take(4 * PAGE);
        pages.readsFail = true;
        take(PAGE);
        assertThat(index.takeReady()).isEqualTo(QueueIndex.LOADING);
        pages.answerOne();
        pages.readsFail = false;
        assertThat(arrivals).isEqualTo(1);
        assertThat(index.damaged()).isEqualTo(PAGE);
        assertThat(index.ready()).isEqualTo(20L * PAGE - 6 * PAGE);
        assertThat(index.readyBytes()).isEqualTo(100 * index.ready());
        assertThat(index.takeReady()).isEqualTo(QueueIndex.LOADING);
        pages.answerAll();
        assertThat(index.takeReady()).isEqualTo(6 * PAGE);
    }

    @Test
    void a_queue_whose_only_messages_are_unreadable_is_empty() {
        pages.atOnce = true;
        spillSome();
        take(4 * PAGE);
        for (long seq = 5 * PAGE; seq < 20L * PAGE; seq++) {
            settleWhereResident(seq);
        }
        pages.readsFail = true;
        while (index.takeReady() >= 0) {
            // until nothing is left
        }
        assertThat(index.ready()).isZero();
        assertThat(index.damaged()).isPositive();
    }

    // ---- dropping

    @Test
    void a_purge_drops_what_is_ready_and_leaves_what_was_given_out() {
        append(10);
        take(4);
        index.requeue(1, false);
        assertThat(index.purge(this::dropped)).isEqualTo(7);
        finishPurge();
        assertThat(dropped).containsExactlyInAnyOrderElementsOf(positions(1, 4, 5, 6, 7, 8, 9));
        assertThat(index.ready()).isZero();
        assertThat(index.unacked()).isEqualTo(3);
        assertThat(index.takeReady()).isEqualTo(QueueIndex.NONE);
        assertThat(append(1)).isEqualTo(10);
        index.requeue(3, false);
        assertThat(index.takeReady()).isEqualTo(3);
        assertThat(index.takeReady()).isEqualTo(10);
    }

    @Test
    void a_purge_counts_at_once_and_reports_in_steps_reading_spilled_pages() {
        spillSome();
        take(3);
        long ready = index.ready();
        assertThat(index.purge(this::dropped)).isEqualTo(ready);
        assertThat(index.ready()).isZero();
        assertThat(index.readyBytes()).isZero();
        assertThat(dropped).hasSize(PAGE - 3);
        int steps = 0;
        while (index.purging()) {
            int before = dropped.size();
            if (!index.continuePurge(1000, this::dropped)) {
                pages.answerAll();
            }
            assertThat(dropped.size() - before).isLessThanOrEqualTo(1000);
            steps++;
        }
        assertThat(steps).isGreaterThan(70);
        assertThat(dropped).hasSize((int) ready).doesNotHaveDuplicates();
        assertThat(slots()).isZero();
    }

    @Test
    void messages_appended_during_a_purge_are_not_dropped() {
        spillSome();
        index.purge(this::dropped);
        append(3 * PAGE);
        finishPurge();
        assertThat(dropped).hasSize(20 * PAGE);
        assertThat(index.ready()).isEqualTo(3L * PAGE);
        assertThat(index.takeReady()).isEqualTo(20 * PAGE);
    }

    @Test
    void a_cleared_index_reports_everything_and_owns_nothing() {
        spillSome();
        take(3 * PAGE);
        index.requeue(5, true);
        assertThat(index.clear()).isEqualTo(20L * PAGE);
        assertThat(index.ready() + index.unacked()).isZero();
        finishPurge();
        assertThat(dropped).hasSize(20 * PAGE).doesNotHaveDuplicates();
        assertThat(pool.usedBytes()).isZero();
        assertThat(slots()).isZero();
    }

    @Test
    void a_spilled_page_that_cannot_be_read_does_not_stop_a_purge() {
        spillSome();
        index.purge(this::dropped);
        pages.readsFail = true;
        finishPurge();
        assertThat(index.damaged()).isPositive();
        assertThat(dropped).hasSize((int) (20 * PAGE - index.damaged()));
        assertThat(pool.usedBytes()).isZero();
    }

    // ---- accounts of the log

    @Test
    void live_messages_are_told_by_segment_spilled_or_not() {
        spillSome();
        long[] total = new long[1];
        index.contents()
                .forEachSegment((segment, count) -> {
                    assertThat(segment).isEqualTo(position(0) >>> SEGMENT_BITS);
                    total[0] += count;
                });
        assertThat(total[0]).isEqualTo(20L * PAGE);
    }

    @Test
    void live_positions_in_a_range_are_those_in_memory_and_the_spilled_pages_that_may_hold_more() {
        spillSome();
        take(2);
        index.settle(0);
        List<Long> found = new ArrayList<>();
        index.contents().collectLive(position(0), position(3), found::add);
        assertThat(found).containsExactly(position(1), position(2));
        int[] spilled = new int[1];
        index.contents().spilledPagesIn(0, Long.MAX_VALUE, (page, slot, messages) -> spilled[0]++);
        assertThat(spilled[0]).isEqualTo(slots());
        index.contents()
                .spilledPagesIn(1, 1 << SEGMENT_BITS, (page, slot, messages) -> spilled[0] = -1);
        assertThat(spilled[0]).isEqualTo(slots());
    }

    // ---- the rest

    private void spillSome() {
        append(20 * PAGE);
        pages.answerAll();
        assertThat(slots()).isEqualTo(14);
        pages.writes = 0;
        pages.reads = 0;
    }

    private long append(int count) {
        long seq = QueueIndex.NONE;
        for (int i = 0; i < count; i++) {
            seq = index.append(position(index.nextSeq()), 100, 0, 0);
        }
        return seq;
    }

    private static long position(long seq) {
        return (1L << 33) + seq * 8;
    }

    private static List<Long> positions(long... seqs) {
        List<Long> positions = new ArrayList<>();
        for (long seq : seqs) {
            positions.add(position(seq));
        }
        return positions;
    }

    private void take(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(index.takeReady()).isNotNegative();
        }
    }

    private void takeAllAndCompare(int count) {
        for (long seq = 0; seq < count; ) {
            long taken = index.takeReady();
            if (taken == QueueIndex.LOADING) {
                pages.answerAll();
            } else {
                assertThat(taken).isEqualTo(seq);
                assertThat(index.position(taken)).isEqualTo(position(taken));
                seq++;
            }
        }
    }

    private void settleWhereResident(long seq) {
        try {
            index.settle(seq);
        } catch (IllegalStateException spilled) {
            assertThat(spilled).hasMessageContaining("spilled");
        }
    }

    private void finishPurge() {
        while (index.purging()) {
            index.continuePurge(1000, this::dropped);
            pages.answerAll();
        }
        assertThat(index.continuePurge(1000, this::dropped)).isFalse();
    }

    private void dropped(long seq, long position, int length, int flags) {
        assertThat(length).isEqualTo(100);
        dropped.add(position);
    }

    private int slots() {
        return pages.slotsInUse();
    }
}
