package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.store.PageFile;
import io.chasqui.core.store.RealDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index over a real page file. */
class PageSpillerTest {

    private static final int PAGE = IndexPage.ENTRIES;

    @TempDir Path directory;

    private final PagePool pool = new PagePool(1 << 20);
    private final ArrayDeque<Runnable> io = new ArrayDeque<>();
    private final ArrayDeque<Runnable> owner = new ArrayDeque<>();
    private RealDisk disk;
    private PageFile file;

    @BeforeEach
    void open() throws IOException {
        disk = RealDisk.open(directory);
        file = PageFile.open(disk);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        disk.close();
    }

    @Test
    void a_backlog_goes_to_the_page_file_and_comes_back_in_order() {
        QueueIndex index = index(new PageSpiller(file, io::add, owner::add));
        append(index, 50 * PAGE);
        assertThat(file.slotsInUse()).isGreaterThan(40);
        takeAll(index, 50 * PAGE);
        assertThat(file.slotsInUse()).isZero();
    }

    @Test
    void the_answer_comes_on_the_owner_and_not_before() {
        QueueIndex index = index(new PageSpiller(file, io::add, owner::add));
        for (int i = 0; i < 10 * PAGE; i++) {
            index.append(8L * i, 10, 0, 0);
        }
        long before = pool.usedBytes();
        io.forEach(Runnable::run);
        io.clear();
        assertThat(pool.usedBytes()).isEqualTo(before);
        owner.forEach(Runnable::run);
        assertThat(pool.usedBytes()).isLessThan(before);
    }

    @Test
    void live_positions_are_told_of_a_page_as_it_was_read_from_the_file() {
        QueueIndex index = index(new PageSpiller(file, Runnable::run, Runnable::run));
        append(index, 10 * PAGE);
        ByteBuffer page = ByteBuffer.allocateDirect(PageFile.PAGE_BYTES);
        List<Long> live = new ArrayList<>();
        index.contents()
                .spilledPagesIn(
                        0,
                        Long.MAX_VALUE,
                        (number, slot, messages) -> {
                            file.read(slot, 1, number, page.clear());
                            IndexContents.collectLive(
                                    page, 8 * 6 * PAGE, 8 * 6 * PAGE + 24, live::add);
                        });
        assertThat(live).containsExactly(8L * 6 * PAGE, 8L * 6 * PAGE + 8, 8L * 6 * PAGE + 16);
    }

    @Test
    void recovery_reads_pages_at_once() {
        QueueIndex index = index(new PageSpiller(file, Runnable::run, Runnable::run));
        append(index, 20 * PAGE);
        for (long seq = 0; seq < 20L * PAGE; seq += 100) {
            assertThat(index.recovery().find(8 * seq)).isEqualTo(seq);
        }
    }

    @Test
    void a_damaged_page_file_costs_the_damaged_page_only() throws IOException {
        QueueIndex index = index(new PageSpiller(file, Runnable::run, Runnable::run));
        append(index, 20 * PAGE);
        try (var raw = new RandomAccessFile(directory.resolve("index/pages.dat").toFile(), "rw")) {
            raw.seek(4096 + 3 * 69_632 + 1000);
            raw.write(0x55);
        }
        int taken = 0;
        while (index.takeReady() >= 0) {
            taken++;
        }
        assertThat(taken).isEqualTo(19 * PAGE);
        assertThat(index.damaged()).isEqualTo(PAGE);
    }

    private QueueIndex index(PageIo pages) {
        return new QueueIndex(1, pool, pages, 26, 4, () -> {});
    }

    private void append(QueueIndex index, int count) {
        for (int i = 0; i < count; i++) {
            index.append(8L * i, 10, 0, 0);
            answer();
        }
    }

    private void takeAll(QueueIndex index, int count) {
        for (long next = 0; next < count; ) {
            long seq = index.takeReady();
            if (seq == QueueIndex.LOADING) {
                assertThat(io).isNotEmpty();
                answer();
            } else {
                assertThat(seq).isEqualTo(next++);
                assertThat(index.position(seq)).isEqualTo(8 * seq);
                index.settle(seq);
            }
        }
        answer();
    }

    private void answer() {
        while (!io.isEmpty() || !owner.isEmpty()) {
            (io.isEmpty() ? owner : io).remove().run();
        }
    }
}
