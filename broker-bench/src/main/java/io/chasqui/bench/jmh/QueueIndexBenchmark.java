package io.chasqui.bench.jmh;

import io.chasqui.core.queue.PageIo;
import io.chasqui.core.queue.PagePool;
import io.chasqui.core.queue.QueueIndex;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A message's way through the index of its queue, at a steady depth that stays in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class QueueIndexBenchmark {

    private static final int RECORD_BYTES = 1152;
    private static final int SEGMENT_BITS = 26;
    private static final int RESIDENT_PAGES = 64;
    private static final long BUDGET_BYTES = 1L << 30;
    private static final int PREFETCH = 200;

    @Param({"0", "100000"})
    public int depth;

    private QueueIndex index = emptyIndex();
    private final long[] unacked = new long[PREFETCH];
    private long position = RECORD_BYTES;
    private int next;

    @Setup(Level.Iteration)
    public void fill() {
        index = emptyIndex();
        for (int i = 0; i < depth; i++) {
            append();
        }
        for (int i = 0; i < PREFETCH; i++) {
            append();
            unacked[i] = index.takeReady();
        }
        next = 0;
    }

    private static QueueIndex emptyIndex() {
        return new QueueIndex(
                1,
                new PagePool(BUDGET_BYTES),
                new NoPages(),
                SEGMENT_BITS,
                RESIDENT_PAGES,
                () -> {});
    }

    private void append() {
        index.append(position, RECORD_BYTES, QueueIndex.PERSISTENT, 0);
        position += RECORD_BYTES;
    }

    /** One message comes, one is delivered, the oldest delivered is acknowledged. */
    @Benchmark
    public long appendTakeSettle() {
        append();
        long taken = index.takeReady();
        index.settle(unacked[next]);
        unacked[next] = taken;
        next = next + 1 == PREFETCH ? 0 : next + 1;
        return index.position(taken);
    }

    /** The depths measured need no page to leave memory. */
    private static final class NoPages implements PageIo {

        @Override
        public void write(long queueId, long page, ByteBuffer content, IntConsumer slotWritten) {
            throw new IllegalStateException("spilled");
        }

        @Override
        public void read(int slot, long queueId, long page, ByteBuffer target, Arrival arrival) {
            throw new IllegalStateException("loaded");
        }

        @Override
        public void release(int slot) {}
    }
}
