package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.store.LogFixture.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Disks that refuse: what was durable stays so, and nothing becomes durable by a second try. */
class LogFailureTest {

    @Test
    void after_a_failed_sync_nothing_is_durable_any_more() {
        for (boolean forEver : new boolean[] {true, false}) {
            for (int n = 0; n < 60; n++) {
                LogFixture fixture = LogFixture.create();
                List<StoreException> failures = new ArrayList<>();
                fixture.log.onFailure(failures::add);
                fixture.disk.failSync(n, forEver);
                appendUntilRefused(fixture);

                List<Entry> durable = fixture.durable();
                fixture.flush();
                fixture.log.close();

                assertThat(fixture.durable()).isEqualTo(durable);
                assertThat(failures).hasSizeLessThanOrEqualTo(1);
                assertThat(fixture.log.failure()).isNotNull();
                assertSurvivesPowerCut(fixture, durable, n);
            }
        }
    }

    @Test
    void whichever_operation_fails_what_was_called_durable_survives() {
        for (boolean forEver : new boolean[] {true, false}) {
            for (int n = 0; n < 150; n++) {
                LogFixture fixture = LogFixture.create();
                fixture.disk.failOperation(n, forEver);
                appendUntilRefused(fixture);
                assertSurvivesPowerCut(fixture, fixture.durable(), n);
            }
        }
    }

    /** Runs into the next segments, with a prepared one or without. */
    private static void appendUntilRefused(LogFixture fixture) {
        Random random = new Random(9);
        try {
            for (int i = 0; i < 120; i++) {
                fixture.append(random.nextInt(1500), true);
                fixture.log.runOnce();
                if (random.nextInt(3) == 0) {
                    fixture.log.prepareOnce();
                }
                if (fixture.log.congested()) {
                    fixture.log.prepareOnce();
                    fixture.log.runOnce();
                }
                if (fixture.log.congested()) {
                    return;
                }
            }
        } catch (StoreException refused) {
            assertThat(refused).hasMessageContaining("Input/output error");
        }
    }

    private static void assertSurvivesPowerCut(LogFixture fixture, List<Entry> durable, int seed) {
        FaultyDisk after = fixture.disk.cutAtRandom(new Random(seed));
        LogFixture.assertSurvived(durable, fixture.appended, LogFixture.open(after).recovered);
    }

    @Test
    void an_open_that_fails_says_so_and_the_next_one_finds_everything() {
        LogFixture fixture = LogFixture.create();
        for (int i = 0; i < 80; i++) {
            fixture.append(1000, true);
            fixture.flush();
        }
        for (int n = 0; n < 12; n++) {
            FaultyDisk disk = fixture.disk.kill();
            disk.failOperation(n, true);
            try {
                LogFixture.open(disk);
            } catch (StoreException refused) {
                assertThat(refused).hasMessageContaining("Input/output error");
            }
            assertThat(LogFixture.open(disk.cutAtRandom(new Random(n))).recovered)
                    .isEqualTo(fixture.appended);
        }
    }

    @Test
    void what_a_start_accepts_after_a_failed_sync_is_written_again() {
        for (int n = 0; n < 20; n++) {
            LogFixture fixture = LogFixture.create();
            fixture.append(500, true);
            fixture.flush();
            fixture.disk.failSync(n, false);
            appendUntilRefused(fixture);

            LogFixture next = LogFixture.open(fixture.disk); // the process died, the system did not
            FaultyDisk after = fixture.disk.cutAfter(0);

            LogFixture last = LogFixture.open(after);
            assertThat(last.recovered).isEqualTo(next.recovered);
            assertThat(last.damaged).isEmpty();
        }
    }

    // ---- disk full

    @Test
    void publishers_stop_before_the_disk_is_full_and_settlements_go_on() {
        LogFixture fixture = LogFixture.create();
        int segment = fixture.log.geometry().segmentBytes();
        fixture.disk.capacity(4L * segment);
        int published = publishUntilCongested(fixture);
        assertThat(fixture.log.starved()).isTrue();
        assertThat(published).isGreaterThan(20);
        assertThat(fixture.durable()).isEqualTo(fixture.appended);

        for (int i = 0; i < 300; i++) {
            fixture.append(RecordType.ACK, 40, 0, false);
            fixture.clock.advanceMs(20);
            fixture.log.runOnce();
        }

        assertThat(fixture.log.failure()).isNull();
        assertThat(fixture.unwritten()).isLessThan(1000);
    }

    @Test
    void room_on_the_disk_ends_the_congestion() {
        LogFixture fixture = LogFixture.create();
        fixture.disk.capacity(4L * fixture.log.geometry().segmentBytes());
        publishUntilCongested(fixture);
        List<Boolean> progress = new ArrayList<>();
        fixture.log.onProgress(() -> progress.add(fixture.log.congested()));

        fixture.disk.capacity(Long.MAX_VALUE);
        prepare(fixture);
        fixture.log.runOnce();

        assertThat(fixture.log.congested()).isFalse();
        assertThat(progress).contains(false);
        fixture.append(1000, true);
        fixture.flush();
        assertThat(LogFixture.open(fixture.disk.kill()).recovered).isEqualTo(fixture.appended);
    }

    @Test
    void settled_segments_end_the_congestion_on_a_disk_that_stays_full() {
        LogFixture fixture = LogFixture.create();
        fixture.disk.capacity(5L * fixture.log.geometry().segmentBytes());
        publishUntilCongested(fixture);
        long mark = fixture.log.geometry().lsn(fixture.segment(), 0);
        fixture.appended.forEach(e -> fixture.log.release(e.lsn(), 1));

        assertThat(LogFixture.reclaim(SegmentReclaimer.of(fixture.log), mark)).isPositive();
        prepare(fixture);

        assertThat(fixture.log.congested()).isFalse();
    }

    private static int publishUntilCongested(LogFixture fixture) {
        int published = 0;
        while (!fixture.log.congested() && published < 1000) {
            fixture.append(1000, true);
            fixture.flush();
            prepare(fixture);
            published++;
        }
        return published;
    }

    private static void prepare(LogFixture fixture) {
        for (int i = 0; i < 5; i++) {
            fixture.log.prepareOnce();
        }
    }

    @Test
    void nothing_is_lost_when_the_disk_is_full_to_the_last_byte() {
        for (int kib = 33; kib < 140; kib += 7) {
            LogFixture fixture = LogFixture.create();
            fixture.disk.capacity(kib * 1024L);
            for (int i = 0; i < 200 && fixture.log.failure() == null; i++) {
                fixture.append(700, true);
                fixture.log.runOnce();
                if (fixture.unwritten() > 8000) {
                    break;
                }
            }
            List<Entry> durable = fixture.durable();
            FaultyDisk after = fixture.disk.cutAtRandom(new Random(kib));
            after.capacity(Long.MAX_VALUE);
            LogFixture.assertSurvived(durable, fixture.appended, LogFixture.open(after).recovered);
        }
    }

    @Test
    void a_start_on_a_full_disk_uses_the_segment_made_ahead() {
        LogFixture fixture = LogFixture.create();
        fixture.fillSegment();
        while (fixture.log.geometry().offset(fixture.log.tail()) < 20_000) {
            fixture.append(1000, true);
            fixture.flush();
        }
        prepare(fixture);
        FaultyDisk disk = fixture.disk.kill();
        disk.capacity(0);

        LogFixture next = LogFixture.open(disk);

        assertThat(next.recovered).isEqualTo(fixture.appended);
        next.append(100, true);
        next.flush();
        assertThat(next.durable()).hasSize(1);
    }

    @Test
    void a_start_on_a_full_disk_without_a_spare_uses_the_segment_made_ahead_all_the_same() {
        LogFixture fixture = LogFixture.create();
        fixture.disk.capacity(2L * fixture.log.geometry().segmentBytes());
        publishUntilCongested(fixture);
        assertThat(fixture.disk.list("log")).noneMatch(name -> name.startsWith("spare"));
        FaultyDisk disk = fixture.disk.kill();
        disk.capacity(0);

        LogFixture next = LogFixture.open(disk);

        assertThat(next.recovered).isEqualTo(fixture.appended);
    }

    @Test
    void a_start_without_room_for_a_segment_is_refused() {
        FaultyDisk disk = new FaultyDisk();
        disk.capacity(1000);
        assertThatThrownBy(() -> LogFixture.open(disk))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no room");
    }
}
