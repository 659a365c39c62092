package io.chasqui.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.time.SystemClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardTest {

    /** Runs tasks when the test says so. */
    private static final class HandCrankedLoop implements ShardLoop {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void schedule(Runnable task, long delayNs) {
            throw new IllegalStateException("no timers here, see ShardTimersTest");
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        void turn() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }

    private static final class Log implements Shard.LogTap {

        @Override
        public long monotonicNs() {
            return 0;
        }

        @Override
        public long wallMs() {
            return 0;
        }

        long durable;
        boolean congested;
        int wakes;

        @Override
        public long durable() {
            return durable;
        }

        @Override
        public boolean congested() {
            return congested;
        }

        @Override
        public void wakeFlusher() {
            wakes++;
        }
    }

    private final Log log = new Log();
    private final HandCrankedLoop firstLoop = new HandCrankedLoop();
    private final HandCrankedLoop secondLoop = new HandCrankedLoop();
    private final Shard first = new Shard(0, firstLoop, log, new SystemClock());
    private final Shard second = new Shard(1, secondLoop, log, new SystemClock());
    private final List<String> seen = new ArrayList<>();

    @Test
    void what_one_shard_tells_another_arrives_in_order_whichever_way_it_went() {
        Receiver receiver = (a, b, c) -> seen.add("sent " + a + b + c);
        first.send(second, receiver, 1, 2, 3);
        first.run(second, () -> seen.add("task"));
        first.send(second, receiver, 4, 5, 6);
        first.endOfTick();
        secondLoop.turn();
        assertThat(seen).containsExactly("sent 123", "task", "sent 456");
    }

    @Test
    void what_is_for_the_same_shard_is_done_at_once() {
        first.send(first, (a, b, c) -> seen.add("sent"), 0, 0, 0);
        first.run(first, () -> seen.add("task"));
        assertThat(seen).containsExactly("sent", "task");
    }

    @Test
    void hand_offs_wait_for_the_end_of_the_tick_and_go_in_one_batch() {
        for (int i = 0; i < 1000; i++) {
            first.send(second, (a, b, c) -> seen.add("sent"), i, 0, 0);
        }
        assertThat(secondLoop.tasks).isEmpty();
        first.endOfTick();
        assertThat(secondLoop.tasks).hasSize(1);
        secondLoop.turn();
        assertThat(seen).hasSize(1000);
    }

    @Test
    void waiters_run_when_the_log_is_on_disk_beyond_their_position_lowest_first() {
        first.whenDurable(20, () -> seen.add("20"));
        first.whenDurable(10, () -> seen.add("10"));
        log.durable = 10;
        first.endOfTick();
        assertThat(seen).isEmpty();
        log.durable = 11;
        first.durabilityMoved();
        firstLoop.turn();
        assertThat(seen).containsExactly("10");
        log.durable = 30;
        first.durabilityMoved();
        firstLoop.turn();
        assertThat(seen).containsExactly("10", "20");
    }

    @Test
    void nobody_is_woken_for_a_log_that_nobody_waits_for() {
        first.durabilityMoved();
        assertThat(firstLoop.tasks).isEmpty();
    }

    @Test
    void stalled_work_resumes_when_the_congestion_is_over() {
        log.congested = true;
        first.whenUncongested(() -> seen.add("resumed"));
        first.endOfTick();
        assertThat(seen).isEmpty();
        log.congested = false;
        first.durabilityMoved();
        firstLoop.turn();
        assertThat(seen).containsExactly("resumed");
    }

    @Test
    void a_tick_dispatches_then_ends_then_flushes_and_wakes_the_flusher_once() {
        first.beginTick();
        first.atFlush(() -> seen.add("flush"));
        first.atTickEnd(() -> seen.add("end"));
        first.activate(() -> {
            seen.add("dispatch");
            return false;
        });
        assertThat(firstLoop.tasks).isEmpty();
        first.endOfTick();
        assertThat(seen).containsExactly("dispatch", "end", "flush");
        assertThat(log.wakes).isEqualTo(1);
    }

    @Test
    void what_others_sent_comes_before_the_octets_that_came_after_it() {
        first.submit(() -> seen.add("sent"));
        first.inputCame();
        seen.add("octets");
        first.endOfTick();
        firstLoop.turn();
        assertThat(seen).containsExactly("sent", "octets");
    }

    @Test
    void a_task_that_reads_octets_is_finished_before_the_next_task_begins() {
        first.submit(() -> {
            first.inputCame();
            seen.add("one");
        });
        first.submit(() -> seen.add("two"));
        firstLoop.turn();
        assertThat(seen).containsExactly("one", "two");
    }

    @Test
    void a_queue_with_more_to_do_gets_another_turn_after_the_others() {
        int[] left = {10};
        first.activate(() -> {
            seen.add("busy");
            return --left[0] > 0;
        });
        first.activate(() -> {
            seen.add("other");
            return false;
        });
        firstLoop.turn();
        assertThat(seen).startsWith("busy", "other", "busy").hasSize(11);
    }
}
