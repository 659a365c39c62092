package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** What the index costs, off the heap and on it. */
class QueueIndexMemoryTest {

    private static final int MIB = 1 << 20;

    @Test
    void five_million_messages_stay_within_a_small_pool() {
        PagePool pool = new PagePool(2 * MIB);
        QueueIndex index = new QueueIndex(1, pool, new Discard(), 26, 16, () -> {});
        long most = 0;
        for (int i = 0; i < 5_000_000; i++) {
            index.append(1024L * i, 1000, QueueIndex.PERSISTENT, 0);
            if (i % 4096 == 0) {
                most = Math.max(most, pool.residentBytes());
            }
        }
        assertThat(index.ready()).isEqualTo(5_000_000);
        assertThat(most).isLessThanOrEqualTo(3 * MIB);
    }

    @Test
    void ten_thousand_idle_queues_own_no_memory_off_the_heap() {
        PagePool pool = new PagePool(64 * MIB);
        QueueIndex[] indexes = new QueueIndex[10_000];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = new QueueIndex(i, pool, new Discard(), 26, 16, () -> {});
            indexes[i].append(8, 10, 0, 0);
            indexes[i].settle(indexes[i].takeReady());
            indexes[i].trim();
        }
        assertThat(pool.usedBytes()).isZero();
        assertThat(pool.residentBytes()).isLessThanOrEqualTo(MIB);
    }

    @Test
    void a_message_in_and_out_allocates_no_java_object() {
        QueueIndex index =
                new QueueIndex(1, new PagePool(64 * MIB), new Discard(), 26, 16, () -> {});
        inAndOut(index, 200_000);
        long before = allocatedBytes();
        inAndOut(index, 1_000_000);
        long perMillion = allocatedBytes() - before;
        assertThat(perMillion).isLessThan(10_000);
    }

    @Test
    void messages_going_through_a_backlog_with_requeues_allocate_no_java_object() {
        QueueIndex index =
                new QueueIndex(1, new PagePool(64 * MIB), new Discard(), 26, 16, () -> {});
        for (int i = 0; i < 30_000; i++) {
            index.append(8L * i, 10, 0, 0);
        }
        withRequeues(index, 200_000);
        long before = allocatedBytes();
        withRequeues(index, 1_000_000);
        long perMillion = allocatedBytes() - before;
        assertThat(perMillion).isLessThan(10_000);
    }

    private static void inAndOut(QueueIndex index, int messages) {
        for (int i = 0; i < messages; i++) {
            index.append(8L * i, 10, QueueIndex.PERSISTENT, 0);
            index.settle(index.takeReady());
        }
    }

    private static void withRequeues(QueueIndex index, int messages) {
        for (int i = 0; i < messages; i++) {
            index.append(8L * i, 10, QueueIndex.PERSISTENT, 0);
            long first = index.takeReady();
            long second = index.takeReady();
            index.requeue(first, true);
            index.requeue(second, false);
            index.settle(index.takeReady());
        }
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    /** Writes into nothing, at once. */
    private static final class Discard implements PageIo {

        private int slots;

        @Override
        public void write(long queueId, long pageNumber, ByteBuffer page, IntConsumer slotWritten) {
            slotWritten.accept(slots++);
        }

        @Override
        public void read(
                int slot, long queueId, long pageNumber, ByteBuffer target, Arrival arrival) {
            throw new AssertionError("nothing is read here");
        }

        @Override
        public void release(int slot) {}
    }
}
