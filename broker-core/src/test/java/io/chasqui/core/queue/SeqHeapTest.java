package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeqHeapTest {

    @Test
    void gives_out_the_lowest_first_like_a_priority_queue() {
        SplittableRandom random = new SplittableRandom(4711);
        SeqHeap heap = new SeqHeap();
        PriorityQueue<Long> model = new PriorityQueue<>();
        for (int step = 0; step < 100_000; step++) {
            if (random.nextInt(100) < (step / 10_000 % 2 == 0 ? 70 : 30)) {
                long seq = random.nextLong(1L << 40);
                heap.add(seq);
                model.add(seq);
            } else if (!model.isEmpty()) {
                assertThat(heap.peek()).isEqualTo(model.poll());
                heap.pop();
            }
            if (step % 30_000 == 0) {
                heap.trim();
            }
            assertThat(heap.size()).isEqualTo(model.size());
            assertThat(heap.isEmpty()).isEqualTo(model.isEmpty());
        }
    }

    @Test
    void is_empty_after_clear() {
        SeqHeap heap = new SeqHeap();
        heap.add(3);
        heap.clear();
        assertThat(heap.isEmpty()).isTrue();
    }
}
