package io.chasqui.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardTimersTest {

    private static final long MS = 1_000_000;

    /** A loop and a clock that go on when the test says so, each by itself. */
    private static final class Loop implements ShardLoop, Clock {
        private final ArrayDeque<Runnable> wakes = new ArrayDeque<>();
        private final List<Long> delays = new ArrayList<>();
        long nowNs = 77;

        @Override
        public void execute(Runnable task) {
            throw new IllegalStateException("not expected");
        }

        @Override
        public void schedule(Runnable task, long delayNs) {
            wakes.add(task);
            delays.add(delayNs);
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public long wallMs() {
            return 0;
        }

        @Override
        public long monotonicNs() {
            return nowNs;
        }

        void wake() {
            wakes.remove().run();
        }
    }

    private final Loop loop = new Loop();
    private final List<String> ran = new ArrayList<>();
    private final ShardTimers[] self = new ShardTimers[1];
    private final ShardTimers timers = new ShardTimers(loop, loop, () -> self[0].run());

    ShardTimersTest() {
        self[0] = timers;
    }

    private Timer timer(String name) {
        return new Timer(() -> ran.add(name));
    }

    @Test
    void a_timer_runs_once_when_its_time_has_come_and_not_before() {
        timers.arm(timer("a"), loop.nowNs + 5 * MS);
        assertThat(loop.delays).containsExactly(5 * MS);
        loop.nowNs += 5 * MS - 1;
        loop.wake();
        assertThat(ran).isEmpty();
        loop.nowNs += 1;
        loop.wake();
        assertThat(ran).containsExactly("a");
        assertThat(loop.wakes).isEmpty();
        assertThat(timers.armed()).isZero();
    }

    @Test
    void one_wake_up_serves_all_timers() {
        timers.arm(timer("late"), loop.nowNs + 9 * MS);
        timers.arm(timer("early"), loop.nowNs + 3 * MS);
        timers.arm(timer("between"), loop.nowNs + 5 * MS);
        assertThat(loop.delays).containsExactly(9 * MS, 3 * MS);
        loop.nowNs += 20 * MS;
        loop.wake();
        assertThat(ran).containsExactly("early", "between", "late");
        loop.wake();
        assertThat(loop.wakes).isEmpty();
    }

    @Test
    void a_distant_timer_is_looked_after_now_and_then_because_the_clock_may_be_ahead_of_the_loop() {
        timers.arm(timer("a"), loop.nowNs + 3600_000 * MS);
        assertThat(loop.delays).containsExactly(ShardTimers.LONGEST_SLEEP_NS);
        loop.wake();
        assertThat(loop.wakes).hasSize(1);
        loop.nowNs += 3600_000 * MS;
        loop.wake();
        assertThat(ran).containsExactly("a");
    }

    @Test
    void a_clock_that_stands_still_does_not_put_the_timers_to_sleep_for_good() {
        timers.arm(timer("a"), loop.nowNs + MS);
        loop.wake();
        loop.wake();
        assertThat(loop.wakes).hasSize(1);
    }

    @Test
    void a_timer_may_arm_itself_again() {
        Timer[] again = new Timer[1];
        again[0] =
                new Timer(() -> {
                    ran.add("again");
                    timers.arm(again[0], loop.nowNs + MS);
                });
        timers.arm(again[0], loop.nowNs);
        loop.wake();
        loop.nowNs += MS;
        loop.wake();
        assertThat(ran).containsExactly("again", "again");
        assertThat(timers.armed()).isEqualTo(1);
    }

    @Test
    void many_timers_due_at_once_leave_room_for_other_work_between_them() {
        for (int i = 0; i < 3000; i++) {
            timers.arm(timer("a"), loop.nowNs);
        }
        loop.wake();
        assertThat(ran).hasSizeLessThan(3000);
        for (int i = 0; i < 3; i++) {
            loop.wake();
        }
        assertThat(ran).hasSize(3000);
    }

    @Test
    void nothing_runs_after_the_stop() {
        timers.arm(timer("a"), loop.nowNs);
        timers.stop();
        loop.wake();
        assertThat(ran).isEmpty();
        assertThat(loop.wakes).isEmpty();
    }
}
