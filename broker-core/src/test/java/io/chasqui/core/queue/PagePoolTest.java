package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PagePoolTest {

    private record Chunk(long handle, int sizeClass, long mark) {}

    @Test
    void holds_no_memory_until_some_is_asked_for() {
        PagePool pool = new PagePool(1 << 20);
        assertThat(pool.residentBytes()).isZero();
        pool.allocate(0);
        assertThat(pool.residentBytes()).isEqualTo(1 << 20);
        assertThat(pool.usedBytes()).isEqualTo(256);
    }

    @Test
    void is_over_budget_once_more_is_used_than_allowed() {
        PagePool pool = new PagePool(100_000);
        long first = pool.allocate(IndexPage.LARGEST);
        assertThat(pool.overBudget()).isFalse();
        pool.allocate(IndexPage.LARGEST);
        assertThat(pool.overBudget()).isTrue();
        pool.free(first, IndexPage.LARGEST);
        assertThat(pool.overBudget()).isFalse();
    }

    @Test
    void a_chunk_is_as_large_as_its_entries_need() {
        assertThat(PagePool.classFor(1)).isZero();
        assertThat(PagePool.classFor(16)).isZero();
        assertThat(PagePool.classFor(17)).isEqualTo(1);
        assertThat(PagePool.classFor(1025)).isEqualTo(4);
        assertThat(PagePool.classFor(4096)).isEqualTo(4);
    }

    @Test
    void chunks_never_overlap_and_memory_goes_back_when_they_are_free() {
        SplittableRandom random = new SplittableRandom(99);
        PagePool pool = new PagePool(1 << 20);
        List<Chunk> chunks = new ArrayList<>();
        long used = 0;
        for (int step = 0; step < 200_000; step++) {
            boolean grows = step / 20_000 % 2 == 0;
            if (random.nextInt(100) < (grows ? 60 : 40)) {
                int sizeClass = random.nextInt(PagePool.SIZE_CLASSES);
                Chunk chunk = new Chunk(pool.allocate(sizeClass), sizeClass, step);
                mark(pool, chunk);
                chunks.add(chunk);
                used += PagePool.chunkBytes(sizeClass);
            } else if (!chunks.isEmpty()) {
                Chunk chunk = chunks.remove(random.nextInt(chunks.size()));
                check(pool, chunk);
                pool.free(chunk.handle, chunk.sizeClass);
                used -= PagePool.chunkBytes(chunk.sizeClass);
            }
            assertThat(pool.usedBytes()).isEqualTo(used);
        }
        for (Chunk chunk : chunks) {
            check(pool, chunk);
            pool.free(chunk.handle, chunk.sizeClass);
        }
        assertThat(pool.usedBytes()).isZero();
        assertThat(pool.residentBytes()).isEqualTo(1 << 20);
    }

    private static void mark(PagePool pool, Chunk chunk) {
        int start = PagePool.offset(chunk.handle);
        int end = start + PagePool.chunkBytes(chunk.sizeClass);
        pool.memory(chunk.handle).putLong(start, chunk.mark).putLong(end - 8, ~chunk.mark);
    }

    private static void check(PagePool pool, Chunk chunk) {
        int start = PagePool.offset(chunk.handle);
        int end = start + PagePool.chunkBytes(chunk.sizeClass);
        assertThat(pool.memory(chunk.handle).getLong(start)).isEqualTo(chunk.mark);
        assertThat(pool.memory(chunk.handle).getLong(end - 8)).isEqualTo(~chunk.mark);
    }
}
