package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.chasqui.core.store.LogFixture.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Power cuts at every operation of a scripted run, with every prefix of the un-synced changes or
 * any set of their sectors on the disk. {@code -Dchasqui.crash.seeds=n} tries n sets at each
 * operation instead of 20.
 */
@Timeout(
        value = 15,
        unit = TimeUnit.MINUTES) // thousands of starts, and -Dcrash.states asks for more
class LogCrashTest {

    private static final int SEEDS = Integer.getInteger("chasqui.crash.seeds", 20);

    /** The ring smaller than a segment, as large, and larger. */
    private static final List<StoreOptions> SHAPES =
            List.of(
                    shape(LogFixture.RING_BYTES, LogFixture.SEGMENT_BITS),
                    shape(LogFixture.RING_BYTES, 14),
                    shape(LogFixture.RING_BYTES * 4, 14));

    private StoreOptions options = SHAPES.getFirst();
    private int states;

    private static StoreOptions shape(int ringBytes, int segmentBits) {
        return StoreOptions.durable(ringBytes, LogFixture.INSTANCE).withSegmentBits(segmentBits);
    }

    @Test
    void whatever_a_power_cut_leaves_the_durable_records_are_there_and_nothing_else() {
        for (long seed = 1; seed <= 6; seed++) {
            run(seed, this::assertRecovers);
        }
        assertThat(states).isGreaterThan(15_000);
    }

    @Test
    void a_second_power_cut_loses_nothing_that_the_first_left() {
        for (long seed = 11; seed <= 14; seed++) {
            run(seed, this::assertRecoversTwice);
        }
        assertThat(states).isGreaterThan(3000);
    }

    @Test
    void a_power_cut_after_a_kill_loses_nothing_that_the_start_between_them_accepted() {
        Random random = new Random(21);
        for (int n = 0; n < 300; n++) {
            options = SHAPES.get(n % SHAPES.size());
            LogFixture killed = LogFixture.open(new FaultyDisk(), options, 0);
            for (int i = 0; i < n % 60; i++) {
                killed.append(random.nextInt(1500), random.nextInt(3) == 0);
                killed.clock.advanceMs(random.nextInt(12));
                killed.log.runOnce();
            }
            // The system lives on with what the process wrote; only then does the power go.
            LogFixture second = LogFixture.open(killed.disk, options, 0);
            second.append(100, false);
            FaultyDisk after = killed.disk.cutAtRandom(random);
            LogFixture.assertSurvived(killed.durable(), killed.appended, second.recovered);
            assertHolds(opened(after, 0, n), Before.second(second));
        }
    }

    private interface Check {
        void survives(FaultyDisk after, Before before, long seed);
    }

    /**
     * What was so when the power went: where the checkpoint stood, what was durable, what not yet.
     */
    private record Before(long mark, List<Entry> durable, List<Entry> appended) {

        static Before of(LogFixture fixture) {
            return new Before(fixture.mark, fixture.durable(), List.copyOf(fixture.appended));
        }

        /** After a start on what the power cut left: all that it accepted is durable. */
        static Before second(LogFixture second) {
            List<Entry> durable = new ArrayList<>(second.recovered);
            List<Entry> appended = new ArrayList<>(second.recovered);
            durable.addAll(second.durable());
            appended.addAll(second.appended);
            return new Before(second.mark, durable, appended);
        }

        List<Entry> behindMark(List<Entry> entries) {
            return entries.stream().filter(entry -> entry.lsn() >= mark).toList();
        }
    }

    /** Appends of many sizes, synced and lazy, through several segments, recycling dead ones. */
    private void run(long seed, Check check) {
        Random random = new Random(seed);
        FaultyDisk disk = new FaultyDisk();
        options = SHAPES.get((int) (seed % SHAPES.size()));
        LogFixture fixture = LogFixture.open(disk, options, 0);
        disk.beforeOperation(() -> cut(fixture, random, check));
        SegmentReclaimer reclaimer = SegmentReclaimer.of(fixture.log);
        for (int i = 0; i < 200; i++) {
            int payload = random.nextInt(5) == 0 ? random.nextInt(4000) : random.nextInt(300);
            fixture.append(payload, random.nextBoolean());
            if (random.nextInt(3) == 0) {
                fixture.clock.advanceMs(random.nextInt(30));
                fixture.log.runOnce();
            }
            if (random.nextInt(6) == 0) {
                fixture.log.prepareOnce();
            }
            if (random.nextInt(20) == 0) {
                fixture.clock.advanceMs(1500);
                fixture.flush();
            }
            if (i % 60 == 30) {
                killOldest(fixture, reclaimer);
            }
        }
        fixture.log.close();
    }

    /** Settles all messages of the segments already complete; their files come back as spares. */
    private static void killOldest(LogFixture fixture, SegmentReclaimer reclaimer) {
        fixture.flush();
        long mark = fixture.log.geometry().lsn(fixture.segment(), 0);
        for (Entry entry : List.copyOf(fixture.appended)) {
            if (entry.lsn() < mark) {
                fixture.log.release(entry.lsn(), 1);
            }
        }
        fixture.mark = mark;
        LogFixture.reclaim(reclaimer, mark);
    }

    private void cut(LogFixture fixture, Random random, Check check) {
        FaultyDisk disk = fixture.disk;
        Before before = Before.of(fixture);
        int pending = disk.pendingChanges();
        for (int changes = Math.max(0, pending - 3); changes <= pending; changes++) {
            check.survives(disk.cutAfter(changes), before, changes);
        }
        for (int i = 0; i < SEEDS; i++) {
            long seed = random.nextLong();
            check.survives(disk.cutAtRandom(new Random(seed)), before, seed);
        }
    }

    private void assertRecovers(FaultyDisk after, Before before, long seed) {
        states++;
        assertHolds(opened(after, before.mark, seed), before);
    }

    /** Goes on after the cut, cuts again anywhere, recovery included, and looks at what is left. */
    private void assertRecoversTwice(FaultyDisk after, Before before, long seed) {
        Random random = new Random(seed);
        long cutAt = random.nextInt(25);
        List<FaultyDisk> left = new ArrayList<>();
        List<Before> then = new ArrayList<>();
        LogFixture[] second = new LogFixture[1];
        after.beforeOperation(() -> {
            if (after.operations() == cutAt) {
                left.add(after.cutAtRandom(new Random(seed)));
                then.add(second[0] == null ? before : Before.second(second[0]));
            }
        });
        second[0] = opened(after, before.mark, seed);
        for (int i = 0; i < 12; i++) {
            second[0].append(random.nextInt(2000), true);
            second[0].log.runOnce();
        }
        if (!left.isEmpty()) {
            states++;
            assertHolds(opened(left.getFirst(), before.mark, seed), then.getFirst());
        }
    }

    private LogFixture opened(FaultyDisk disk, long mark, long seed) {
        LogFixture[] opened = new LogFixture[1];
        assertThatCode(() -> opened[0] = LogFixture.open(disk, options, mark))
                .describedAs("seed %d", seed)
                .doesNotThrowAnyException();
        return opened[0];
    }

    private static void assertHolds(LogFixture next, Before before) {
        assertThat(next.damaged).isEmpty();
        LogFixture.assertSurvived(
                before.behindMark(before.durable),
                before.behindMark(before.appended),
                next.recovered);
    }
}
