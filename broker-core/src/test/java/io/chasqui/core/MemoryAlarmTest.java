package io.chasqui.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When memory blocks publishers, and when it lets them go on. */
class MemoryAlarmTest {

    private static final long HEAP_LIMIT = 800;
    private static final long OUTSIDE_LIMIT = 700;
    private static final long TOTAL_LIMIT = 1000;

    private final Alarms alarms = new Alarms();
    private final Memory memory = new Memory();
    private final MemoryAlarm alarm =
            new MemoryAlarm(
                    alarms, memory, new MemoryAlarm.Limits(HEAP_LIMIT, OUTSIDE_LIMIT, TOTAL_LIMIT));
    private long nowNs = -5;

    private static final class Memory implements MemoryAlarm.Gauge {
        private long live;
        private long garbage;
        private long other;
        private long liveAtCollection;
        private int collections;
        private long otherGarbage;

        @Override
        public MemoryAlarm.Use read() {
            return new MemoryAlarm.Use(live + garbage, liveAtCollection, other);
        }

        @Override
        public void collect() {
            collections++;
            garbage = 0;
            other -= otherGarbage;
            otherGarbage = 0;
            liveAtCollection = live;
        }
    }

    private void check() {
        nowNs += TimeUnit.SECONDS.toNanos(1);
        alarm.check(nowNs);
    }

    @Test
    void memory_outside_the_heap_counts_once_its_garbage_had_time_to_go() {
        memory.other = OUTSIDE_LIMIT;
        check();
        assertThat(alarms.publishersBlocked()).isFalse();
        memory.other = OUTSIDE_LIMIT + 1;
        check();
        assertThat(alarms.publishersBlocked()).isFalse();
        check();
        assertThat(alarms.publishersBlocked()).isTrue();
        assertThat(alarms.reason()).isEqualTo("low on memory");
    }

    @Test
    void a_heap_full_of_garbage_blocks_nobody() {
        memory.live = 100;
        memory.garbage = 800;
        check();
        assertThat(alarms.publishersBlocked()).isFalse();
        assertThat(memory.collections).isOne();
        check();
        assertThat(memory.collections).isOne();
    }

    @Test
    void a_heap_full_of_what_is_needed_does() {
        memory.live = HEAP_LIMIT + 1;
        check();
        assertThat(alarms.publishersBlocked()).isTrue();
    }

    @Test
    void publishers_go_on_only_a_tenth_below_the_watermark() {
        memory.other = OUTSIDE_LIMIT + 1;
        check();
        check();
        memory.other = 631;
        check();
        assertThat(alarms.publishersBlocked()).isTrue();
        memory.other = 630;
        check();
        assertThat(alarms.publishersBlocked()).isFalse();
        memory.other = OUTSIDE_LIMIT;
        check();
        assertThat(alarms.publishersBlocked()).isFalse();
    }

    @Test
    void buffers_that_nobody_holds_block_nobody() {
        memory.other = OUTSIDE_LIMIT + 1;
        memory.otherGarbage = 500;
        check();
        check();
        assertThat(alarms.publishersBlocked()).isFalse();
        assertThat(memory.collections).isOne();
    }

    @Test
    void both_together_have_a_watermark_of_their_own() {
        memory.live = 400;
        memory.other = TOTAL_LIMIT - 400;
        check();
        assertThat(alarms.publishersBlocked()).isFalse();
        memory.other++;
        for (int second = 0; second < 31; second++) {
            check();
        }
        assertThat(alarms.publishersBlocked()).isTrue();
    }

    @Test
    void the_alarm_ends_although_nothing_makes_the_heap_collect_its_garbage() {
        memory.live = 900;
        check();
        assertThat(alarms.publishersBlocked()).isTrue();
        memory.live = 100;
        memory.garbage = 800;
        for (int second = 0; second < 31; second++) {
            check();
        }
        assertThat(alarms.publishersBlocked()).isFalse();
        assertThat(memory.collections).isEqualTo(2);
    }

    @Test
    void below_the_watermark_no_collection_is_asked_for() {
        memory.live = 100;
        memory.garbage = 600;
        check();
        assertThat(memory.collections).isZero();
    }
}
