package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The order of what is due, against a heap of the library, and its memory. */
class DueHeapTest {

    private static final long SEED = Long.getLong("chasqui.seed", 20_261_121L);

    private record Entry(long dueMs, long seq) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(dueMs, other.dueMs);
            return byTime == 0 ? Long.compare(seq, other.seq) : byTime;
        }
    }

    @Test
    void what_is_due_first_comes_first() {
        PagePool pool = new PagePool(1 << 30);
        DueHeap heap = new DueHeap(pool);
        PriorityQueue<Entry> model = new PriorityQueue<>();
        SplittableRandom random = new SplittableRandom(SEED);
        long seq = 0;
        for (int step = 0; step < 300_000; step++) {
            if (random.nextInt(100) < (step / 50_000 % 2 == 0 ? 70 : 30) || model.isEmpty()) {
                Entry entry = new Entry(random.nextInt(100_000), seq++);
                model.add(entry);
                assertThat(heap.add(entry.dueMs, entry.seq)).isTrue();
            } else {
                Entry first = model.remove();
                assertThat(new Entry(heap.firstDueMs(), heap.firstSeq()))
                        .as("seed %s, step %s", SEED, step)
                        .isEqualTo(first);
                heap.pop();
            }
            if (random.nextInt(50_000) == 0) {
                int rest = random.nextInt(3);
                heap.retain(kept -> kept % 3 != rest);
                model.removeIf(entry -> entry.seq % 3 == rest);
            }
            assertThat(heap.size()).isEqualTo(model.size());
        }
        while (!model.isEmpty()) {
            assertThat(heap.firstSeq()).isEqualTo(model.remove().seq);
            heap.pop();
        }
        assertThat(heap.isEmpty()).isTrue();
        assertThat(pool.usedBytes()).isZero();
    }

    @Test
    void it_takes_no_more_than_the_pool_has() {
        PagePool pool = new PagePool(256 << 10);
        DueHeap heap = new DueHeap(pool);
        int added = 0;
        while (heap.add(1_000_000 - added, added)) {
            added++;
        }
        assertThat(added * 16L).isBetween(512L << 10, 576L << 10);
        assertThat(heap.firstSeq()).isEqualTo(added - 1);
        heap.clear();
        assertThat(pool.usedBytes()).isZero();
        assertThat(heap.add(1, 1)).isTrue();
    }
}
