package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.store.Lsn;
import io.chasqui.core.store.StoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueueIndexRecoveryTest {

    private static final int PAGE = IndexPage.ENTRIES;

    private final PagePool pool = new PagePool(1 << 28);
    private final DelayedPages pages = DelayedPages.atOnce();
    private final QueueIndex index = newIndex();

    @Test
    void an_empty_index_comes_back_with_its_next_sequence_number() {
        append(index, 0, 10);
        for (int i = 0; i < 10; i++) {
            index.settle(index.takeReady());
        }
        QueueIndex restored = restart();
        assertThat(restored.ready()).isZero();
        assertThat(restored.takeReady()).isEqualTo(QueueIndex.NONE);
        assertThat(restored.append(position(10), 100, 0, 0)).isEqualTo(10);
    }

    @Test
    void what_was_unacknowledged_is_ready_and_redelivered_after_a_restart() {
        append(index, 0, 4);
        index.takeReady();
        index.takeReady();
        index.settle(0);
        QueueIndex restored = restart();
        assertThat(restored.ready()).isEqualTo(3);
        assertThat(restored.unacked()).isZero();
        assertThat(restored.readyBytes()).isEqualTo(300);
        assertThat(restored.takeReady()).isEqualTo(1);
        assertThat(restored.redelivered(1)).isTrue();
        assertThat(restored.takeReady()).isEqualTo(2);
        assertThat(restored.redelivered(2)).isFalse();
    }

    @Test
    void transient_messages_are_gone_after_a_restart_also_from_spilled_pages() {
        for (int i = 0; i < 30 * PAGE; i++) {
            index.append(i % 3 == 0 ? position(i) | Lsn.TRANSIENT : position(i), 100, 0, 0);
        }
        QueueIndex restored = restart();
        assertThat(restored.ready()).isEqualTo(20L * PAGE);
        assertThat(restored.readyBytes()).isEqualTo(2000L * PAGE);
        QueueIndex again = restart(restored);
        for (long seq = 0; seq < 30L * PAGE; seq++) {
            if (seq % 3 != 0) {
                assertThat(again.takeReady()).isEqualTo(seq);
                assertThat(again.position(seq)).isEqualTo(position(seq));
                again.settle(seq);
            }
        }
        assertThat(again.takeReady()).isEqualTo(QueueIndex.NONE);
        assertThat(again.readyBytes()).isZero();
    }

    @Test
    void after_a_crash_everything_up_to_then_counts_as_redelivered() {
        append(index, 0, 2);
        index.markAllRedelivered();
        append(index, 2, 1);
        QueueIndex restored = restart();
        assertThat(restored.takeReady()).isZero();
        assertThat(restored.redelivered(0)).isTrue();
        assertThat(restored.redelivered(1)).isTrue();
        assertThat(restored.redelivered(2)).isFalse();
    }

    @Test
    void a_page_being_written_at_the_checkpoint_comes_back_from_the_checkpoint() {
        pages.atOnce = false;
        append(index, 0, 20 * PAGE);
        assertThat(pages.pending()).isPositive();
        IndexSnapshot snapshot = new IndexSnapshot(100);
        snapshot.write(index);
        pages.crash(Set.of());
        pages.atOnce = true;
        QueueIndex restored = newIndex();
        IndexSnapshot.read(snapshot.section(), restored.recovery().restoring());
        assertThat(restored.ready()).isEqualTo(20L * PAGE);
        for (long seq = 0; seq < 20L * PAGE; seq++) {
            assertThat(restored.takeReady()).isEqualTo(seq);
        }
    }

    @Test
    void several_indexes_follow_each_other_in_one_section() {
        append(index, 0, 3);
        QueueIndex other = new QueueIndex(2, pool, pages, 26, 4, () -> {});
        append(other, 5, 1);
        IndexSnapshot snapshot = new IndexSnapshot(16);
        snapshot.write(index);
        snapshot.write(other);
        var section = snapshot.section();
        assertThat(IndexSnapshot.queueId(section)).isEqualTo(1);
        IndexSnapshot.skip(section);
        assertThat(IndexSnapshot.queueId(section)).isEqualTo(2);
        QueueIndex restored = new QueueIndex(2, pool, pages, 26, 4, () -> {});
        IndexSnapshot.read(section, restored.recovery().restoring());
        assertThat(section.hasRemaining()).isFalse();
        assertThat(restored.ready()).isEqualTo(1);
        snapshot.clear();
        assertThat(snapshot.section().hasRemaining()).isFalse();
    }

    @Test
    void the_index_of_another_queue_or_version_is_refused() {
        append(index, 0, 3);
        IndexSnapshot snapshot = new IndexSnapshot(16);
        snapshot.write(index);
        QueueIndex other = new QueueIndex(2, pool, pages, 26, 4, () -> {});
        assertThatThrownBy(
                        () -> IndexSnapshot.read(snapshot.section(), other.recovery().restoring()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("queue 1");
        var later = snapshot.section();
        later.putShort(0, (short) 3);
        assertThatThrownBy(() -> IndexSnapshot.read(later, newIndex().recovery().restoring()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("version 3");
    }

    @Test
    void positions_are_found_in_order_at_random_and_when_absent() {
        append(index, 0, 12 * PAGE);
        QueueIndex restored = restart();
        for (long seq = 0; seq < 12L * PAGE; seq += 7) {
            assertThat(restored.recovery().find(position(seq))).isEqualTo(seq);
            assertThat(restored.recovery().contains(position(seq) + 8)).isFalse();
        }
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            long seq = random.nextInt(12 * PAGE);
            assertThat(restored.recovery().find(position(seq))).isEqualTo(seq);
        }
        assertThat(restored.recovery().contains(8)).isFalse();
        assertThat(restored.recovery().contains(position(12 * PAGE))).isFalse();
    }

    @Test
    void positions_that_overtook_each_other_are_found() {
        List<Long> positions = new ArrayList<>();
        for (long i = 0; i < 8 * PAGE; i++) {
            positions.add(position(i));
        }
        Random random = new Random(6);
        for (int from = 0; from < 8 * PAGE; from += 500) {
            Collections.shuffle(positions.subList(from, Math.min(8 * PAGE, from + 1000)), random);
        }
        for (long position : positions) {
            index.append(position, 100, 0, 0);
        }
        QueueIndex restored = restart();
        for (int seq = 0; seq < 8 * PAGE; seq++) {
            assertThat(restored.recovery().find(positions.get(seq))).isEqualTo(seq);
        }
        for (long i = 0; i < 8 * PAGE; i++) {
            assertThat(restored.recovery().settle(position(i))).isTrue();
            assertThat(restored.recovery().settle(position(i))).isFalse();
        }
        assertThat(restored.ready()).isZero();
    }

    @Test
    void replayed_messages_older_than_all_of_their_page_do_not_hide_the_others() {
        append(index, 1000, 300);
        QueueIndex restored = restart();
        assertThat(restored.recovery().find(position(1200))).isEqualTo(200);
        append(restored, 0, 10);
        for (int i = 0; i < 300; i++) {
            assertThat(restored.recovery().find(position(1299 - i))).isEqualTo(299 - i);
        }
        assertThat(restored.recovery().find(position(4))).isEqualTo(304);
    }

    @Test
    void acknowledgements_replayed_in_any_order_read_each_spilled_page_once() {
        append(index, 0, 40 * PAGE);
        QueueIndex restored = restart();
        pages.reads = 0;
        pages.writes = 0;
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            restored.recovery().settle(position(random.nextInt(40 * PAGE)));
        }
        assertThat(pages.reads).isLessThanOrEqualTo(40);
        assertThat(pages.writes).isZero();
        restored.recovery().end(pages);
        assertThat(pages.writes).isPositive();
    }

    @Test
    void replayed_messages_go_behind_those_of_the_checkpoint() {
        append(index, 0, 100);
        QueueIndex restored = restart();
        append(restored, 100, 2 * PAGE);
        assertThat(restored.recovery().find(position(100 + PAGE))).isEqualTo(100 + PAGE);
        assertThat(restored.recovery().settle(position(100 + PAGE))).isTrue();
        restored.recovery().end(pages);
        for (long seq = 0; seq < 100L + 2 * PAGE; seq++) {
            if (seq != 100 + PAGE) {
                assertThat(restored.takeReady()).isEqualTo(seq);
            }
        }
        assertThat(restored.takeReady()).isEqualTo(QueueIndex.NONE);
    }

    @Test
    void a_restored_backlog_takes_no_more_memory_than_its_messages_need() {
        append(index, 0, 3 * PAGE);
        for (int i = 0; i < 3 * PAGE; i++) {
            index.takeReady();
        }
        for (long seq = 0; seq < 3L * PAGE; seq++) {
            if (seq % PAGE != 100) {
                index.settle(seq);
            }
        }
        PagePool fresh = new PagePool(1 << 28);
        QueueIndex restored = new QueueIndex(1, fresh, pages, 26, 4, () -> {});
        IndexSnapshot snapshot = new IndexSnapshot(16);
        snapshot.write(index);
        IndexSnapshot.read(snapshot.section(), restored.recovery().restoring());
        assertThat(restored.ready()).isEqualTo(3);
        assertThat(fresh.usedBytes()).isEqualTo(3 * 256);
    }

    private QueueIndex newIndex() {
        return new QueueIndex(1, pool, pages, 26, 4, () -> {});
    }

    private QueueIndex restart() {
        return restart(index);
    }

    private QueueIndex restart(QueueIndex before) {
        IndexSnapshot snapshot = new IndexSnapshot(16);
        snapshot.write(before);
        QueueIndex restored = newIndex();
        IndexSnapshot.read(snapshot.section(), restored.recovery().restoring());
        return restored;
    }

    private static void append(QueueIndex index, long first, int count) {
        for (int i = 0; i < count; i++) {
            index.append(position(first + i), 100, 0, 0);
        }
    }

    private static long position(long number) {
        return (1L << 26) + number * 64;
    }
}
