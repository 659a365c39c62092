package io.chasqui.bench.jmh;

import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.RecordType;
import io.chasqui.core.store.StoreOptions;
import io.chasqui.core.time.SystemClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Appends messages to a log in ticks of 64, as fast as the log takes them.
 *
 * <p>{@code TRANSIENT} writes nothing, for each message is settled at once: the price of the
 * appender alone. {@code UNSYNCED} writes files, {@code SYNCED} syncs them too, with somebody
 * waiting for every tick; there the disk sets the pace as soon as half the ring waits for it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class LogAppendBenchmark {

    private static final int TICK = 64;
    private static final int RING_BYTES = 64 * 1024 * 1024;
    private static final int NAMES_BYTES = 12;
    private static final long WAIT_NANOS = 20_000;

    /** What stands behind the log. */
    public enum Kind {
        TRANSIENT,
        UNSYNCED,
        SYNCED
    }

    @Param({"128", "1024"})
    public int payloadBytes;

    @Param public Kind kind = Kind.TRANSIENT;

    private final ByteBuffer payload = ByteBuffer.allocateDirect(1024);

    @SuppressWarnings("NullAway.Init")
    private LogDisk directory;

    @SuppressWarnings("NullAway.Init")
    private CommitLog log;

    /** For each iteration anew, so that the files of one only need room at a time. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        directory = LogDisk.create();
        log = openLog();
        log.start();
    }

    private CommitLog openLog() {
        SystemClock clock = new SystemClock();
        StoreOptions options = StoreOptions.durable(RING_BYTES, 1);
        return switch (kind) {
            case TRANSIENT ->
                    CommitLog.createTransient(
                            directory.disk(),
                            "log",
                            StoreOptions.transientLog(RING_BYTES, 1),
                            clock);
            case UNSYNCED ->
                    CommitLog.open(
                            new UnsyncedDisk(directory.disk()),
                            "log",
                            options,
                            clock,
                            0,
                            (_, _, _, _) -> {});
            case SYNCED ->
                    CommitLog.open(directory.disk(), "log", options, clock, 0, (_, _, _, _) -> {});
        };
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        log.close();
        directory.close();
    }

    @Benchmark
    @OperationsPerInvocation(TICK)
    public long append() {
        while (log.congested()) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
        long last = 0;
        for (int i = 0; i < TICK; i++) {
            last = appendOne();
        }
        log.wakeFlusher();
        return last;
    }

    private long appendOne() {
        long lsn = log.begin(RecordType.PUBLISH, 0, 1, 1, 0, NAMES_BYTES, 1, payloadBytes);
        log.buffer().put(log.payloadAt(), payload, 0, payloadBytes);
        log.end(kind == Kind.SYNCED);
        log.release(lsn, 1);
        return lsn;
    }
}
