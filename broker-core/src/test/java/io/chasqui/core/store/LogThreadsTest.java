package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.time.SystemClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log with its own threads on a real file system. */
class LogThreadsTest {

    private static final int APPENDERS = 3;
    private static final int RECORDS = 30_000;

    @TempDir Path directory;

    private static StoreOptions options() {
        return StoreOptions.durable(1 << 18, 77).withSegmentBits(18);
    }

    /** Payload: u32 appender, u32 number, then bytes made from both. */
    private static long append(CommitLog log, int appender, int number, Random random) {
        int bytes = 8 + random.nextInt(300);
        long lsn = log.begin(RecordType.PUBLISH, 0, 0, 1, 0, 0, 1, bytes);
        int at = log.payloadAt();
        log.buffer().putInt(at, appender);
        log.buffer().putInt(at + 4, number);
        for (int i = 8; i < bytes; i++) {
            log.buffer().put(at + i, (byte) (appender * 31 + number + i));
        }
        log.end(number % 4 == 0);
        return lsn;
    }

    private static boolean intact(ByteBuffer buffer, int at, int length) {
        int payload = RecordLayout.payloadAt(at);
        int appender = buffer.getInt(payload);
        int number = buffer.getInt(payload + 4);
        for (int i = 8; i < length - RecordLayout.HEADER_BYTES; i++) {
            if (buffer.get(payload + i) != (byte) (appender * 31 + number + i)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void several_appenders_the_flusher_and_readers_agree() throws Exception {
        ConcurrentLinkedQueue<Long> lsns = new ConcurrentLinkedQueue<>();
        List<Throwable> failures = new ArrayList<>();
        AtomicLong hot = new AtomicLong();
        AtomicLong cold = new AtomicLong();
        try (RealDisk disk = RealDisk.open(directory.resolve("data"))) {
            CommitLog log =
                    CommitLog.open(
                            disk, "log", options(), new SystemClock(), 0, (a, b, c, d) -> {});
            log.start();
            List<Thread> appenders = new ArrayList<>();
            for (int appender = 0; appender < APPENDERS; appender++) {
                int id = appender;
                appenders.add(
                        Thread.ofPlatform()
                                .uncaughtExceptionHandler((_, e) -> failures.add(e))
                                .start(() -> appendAll(log, id, lsns)));
            }
            LogReader reader = LogReader.of(log).start();
            while (appenders.stream().anyMatch(Thread::isAlive)) {
                readBack(log, reader, lsns, hot, cold);
            }
            for (Thread appender : appenders) {
                appender.join();
            }
            long last = log.tail();
            log.close();
            reader.close();
            assertThat(failures).isEmpty();
            assertThat(log.durable()).isGreaterThanOrEqualTo(last);
            assertThat(log.counters().damagedRecords()).isZero();
            assertThat(log.counters().appendedRecords()).isEqualTo(APPENDERS * RECORDS);
        }
        assertThat(hot.get()).isPositive();
        assertThat(cold.get()).isPositive();
        assertRecovered();
    }

    private static void appendAll(CommitLog log, int id, ConcurrentLinkedQueue<Long> lsns) {
        Random random = new Random(id);
        for (int number = 0; number < RECORDS; number++) {
            long lsn = append(log, id, number, random);
            if (number % 50 == 0) {
                lsns.add(lsn);
                log.wakeFlusher();
                while (log.congested()) {
                    LockSupport.parkNanos(20_000);
                }
            }
        }
        log.wakeFlusher();
    }

    /**
     * Copies a record from the ring if it is still there, else from disk; either way it is intact.
     */
    private static void readBack(
            CommitLog log,
            LogReader reader,
            ConcurrentLinkedQueue<Long> lsns,
            AtomicLong hot,
            AtomicLong cold)
            throws InterruptedException {
        Long lsn = lsns.poll();
        if (lsn == null) {
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(512);
        int index = log.ringIndex(lsn);
        int length = Math.min(512, log.geometry().ringBytes() - index);
        if (log.resident(lsn)) {
            copy.put(0, log.buffer(), index, length);
            if (log.resident(lsn)) {
                assertThat(intact(copy, 0, RecordLayout.length(copy, 0))).isTrue();
                hot.incrementAndGet();
                lsns.add(lsn); // again later, when it is cold
                return;
            }
        }
        readCold(log, reader, lsn);
        cold.incrementAndGet();
    }

    private static void readCold(CommitLog log, LogReader reader, long lsn)
            throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        ColdRead order = new ColdRead(1, 512, _ -> done.countDown());
        order.add(lsn, lengthOf(log, lsn));
        reader.read(order);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(order.at(0)).isNotNegative();
        assertThat(intact(order.data(), order.at(0), order.length(0))).isTrue();
    }

    /** A queue knows its messages' lengths; this test looks. */
    private static int lengthOf(CommitLog log, long lsn) {
        ByteBuffer header = ByteBuffer.allocateDirect(RecordLayout.HEADER_BYTES);
        long segment = log.geometry().segment(lsn);
        LogDirectory files = log.context().directory();
        try (DiskFile file = files.disk().open(files.segment(segment))) {
            file.read(header, log.geometry().offset(lsn));
            return RecordLayout.length(header, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertRecovered() throws Exception {
        int[] next = new int[APPENDERS];
        try (RealDisk disk = RealDisk.open(directory.resolve("data"))) {
            CommitLog log =
                    CommitLog.open(
                            disk,
                            "log",
                            options(),
                            new SystemClock(),
                            0,
                            (lsn, buffer, at, length) -> {
                                int payload = RecordLayout.payloadAt(at);
                                int appender = buffer.getInt(payload);
                                assertThat(buffer.getInt(payload + 4)).isEqualTo(next[appender]++);
                                assertThat(intact(buffer, at, length)).isTrue();
                            });
            assertThat(log.recovery().closedCleanly()).isTrue();
            log.close();
        }
        assertThat(next).containsOnly(RECORDS);
    }

    @Test
    void an_appender_that_ignores_congestion_waits_for_the_flusher() throws Exception {
        try (RealDisk disk = RealDisk.open(directory.resolve("data"));
                CommitLog log =
                        CommitLog.open(
                                disk, "log", options(), new SystemClock(), 0, (a, b, c, d) -> {})) {
            log.start();
            Random random = new Random(1);
            for (int i = 0; i < 20_000; i++) {
                append(log, 0, i, random);
            }
            assertThat(log.counters().appendedRecords()).isEqualTo(20_000);
        }
    }

    @Test
    void a_lone_record_becomes_durable_without_further_wake_ups() throws Exception {
        try (RealDisk disk = RealDisk.open(directory.resolve("data"));
                CommitLog log =
                        CommitLog.open(
                                disk, "log", options(), new SystemClock(), 0, (a, b, c, d) -> {})) {
            log.start();
            for (int i = 0; i < 200; i++) {
                boolean sync = i < 199;
                CountDownLatch durable = new CountDownLatch(1);
                long lsn = log.begin(RecordType.ACK, 0, 0, 0, 0, 0, 0, 16);
                log.end(sync);
                log.onProgress(() -> {
                    if (log.durable() > lsn) {
                        durable.countDown();
                    }
                });
                log.wakeFlusher();
                assertThat(log.durable() > lsn || durable.await(10, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void an_appender_waiting_for_room_is_freed_when_the_disk_fails() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        CommitLog log =
                CommitLog.open(
                        disk,
                        "log",
                        LogFixture.options(),
                        new SystemClock(),
                        0,
                        (a, b, c, d) -> {});
        List<StoreException> told = new ArrayList<>();
        log.onFailure(told::add);
        disk.failSync(3, true);
        log.start();
        Random random = new Random(1);
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100_000; i++) {
                                append(log, 0, i, random);
                            }
                        })
                .isInstanceOf(StoreException.class);
        log.close(); // waits for the flusher, which tells after it has freed the appender
        assertThat(told).hasSize(1);
    }
}
