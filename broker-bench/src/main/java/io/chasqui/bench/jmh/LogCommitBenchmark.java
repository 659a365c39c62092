package io.chasqui.bench.jmh;

import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.RecordType;
import io.chasqui.core.store.StoreOptions;
import io.chasqui.core.time.SystemClock;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From the append of one message until it is durable, with nothing else going on. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class LogCommitBenchmark {

    private static final int RING_BYTES = 64 * 1024 * 1024;
    private static final int NAMES_BYTES = 12;
    private static final int PAYLOAD_BYTES = 1024;

    @SuppressWarnings("NullAway.Init")
    private LogDisk directory;

    @SuppressWarnings("NullAway.Init")
    private CommitLog log;

    @Setup
    public void open() throws IOException {
        directory = LogDisk.create();
        StoreOptions options = StoreOptions.durable(RING_BYTES, 1);
        log =
                CommitLog.open(
                        directory.disk(), "log", options, new SystemClock(), 0, (_, _, _, _) -> {});
        Thread waiting = Thread.currentThread();
        log.onProgress(() -> LockSupport.unpark(waiting));
        log.start();
    }

    @TearDown
    public void close() throws IOException {
        log.close();
        directory.close();
    }

    @Benchmark
    public long commit() {
        long lsn = log.begin(RecordType.PUBLISH, 0, 1, 1, 0, NAMES_BYTES, 1, PAYLOAD_BYTES);
        log.end(true);
        log.release(lsn, 1);
        log.wakeFlusher();
        while (log.durable() <= lsn) {
            LockSupport.park(this);
        }
        return lsn;
    }
}
