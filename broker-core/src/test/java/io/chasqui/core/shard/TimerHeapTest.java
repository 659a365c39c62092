package io.chasqui.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerHeapTest {

    private final TimerHeap heap = new TimerHeap();

    @Test
    void timers_come_in_the_order_of_their_times_however_they_were_armed_moved_and_disarmed() {
        Random random = new Random(7);
        List<Timer> armed = new ArrayList<>();
        List<Timer> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(new Timer(() -> {}));
        }
        for (int step = 0; step < 20_000; step++) {
            Timer timer = all.get(random.nextInt(all.size()));
            if (random.nextInt(3) == 0) {
                heap.disarm(timer);
                armed.remove(timer);
                assertThat(timer.isArmed()).isFalse();
            } else {
                heap.arm(timer, random.nextInt(1000));
                if (!armed.contains(timer)) {
                    armed.add(timer);
                }
            }
            assertThat(heap.size()).isEqualTo(armed.size());
            if (!armed.isEmpty()) {
                long soonest = armed.stream().mapToLong(one -> one.dueNs).min().orElseThrow();
                assertThat(heap.first()).isNotNull().matches(first -> first.dueNs == soonest);
            }
        }
        armed.sort(Comparator.comparingLong(timer -> timer.dueNs));
        for (Timer expected : armed) {
            Timer first = heap.first();
            assertThat(first).isNotNull();
            assertThat(first.dueNs).isEqualTo(expected.dueNs);
            heap.disarm(first);
        }
        assertThat(heap.first()).isNull();
    }

    @Test
    void times_may_wrap_around_as_the_monotonic_clock_does() {
        Timer before = new Timer(() -> {});
        Timer after = new Timer(() -> {});
        heap.arm(after, Long.MIN_VALUE + 5);
        heap.arm(before, Long.MAX_VALUE - 5);
        assertThat(heap.first()).isSameAs(before);
    }
}
