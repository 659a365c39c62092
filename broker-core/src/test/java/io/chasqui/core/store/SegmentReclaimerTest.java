package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.store.LogFixture.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentReclaimerTest {

    private final LogFixture fixture = LogFixture.create();
    private final SegmentReclaimer reclaimer = SegmentReclaimer.of(fixture.log);
    private final List<Entry> live = new ArrayList<>();

    /** Four full segments in which every n-th message is still wanted. */
    private void fill(int everyNth) {
        for (int i = 0; i < 4; i++) {
            fixture.fillSegment();
        }
        for (int i = 0; i < fixture.appended.size(); i++) {
            Entry entry = fixture.appended.get(i);
            if (i % everyNth == 0) {
                live.add(entry);
            } else {
                fixture.log.release(entry.lsn(), 1);
            }
        }
    }

    private long mark() {
        return fixture.log.geometry().lsn(fixture.segment(), 0);
    }

    private long[] liveIn(long segment) {
        return live.stream()
                .mapToLong(Entry::lsn)
                .filter(lsn -> fixture.log.geometry().segment(lsn) == segment)
                .toArray();
    }

    private static List<Entry> read(CommitLog log, List<Entry> wanted) {
        LogReader reader = LogReader.of(log);
        ColdRead order = new ColdRead(wanted.size(), 1 << 20, done -> {});
        wanted.forEach(entry -> order.add(entry.lsn(), entry.bytes()));
        reader.read(order);
        reader.runOnce();
        List<Entry> found = new ArrayList<>();
        for (int i = 0; i < order.count(); i++) {
            int at = order.at(i);
            found.add(at < 0 ? null : LogFixture.entry(order.lsn(i), order.data(), at));
        }
        return found;
    }

    // ---- reclaiming

    @Test
    void a_segment_is_freed_when_nothing_in_it_is_wanted_and_the_checkpoint_has_passed_it() {
        fill(Integer.MAX_VALUE);
        fixture.log.release(live.getFirst().lsn(), 1);
        long segment = fixture.segment();

        assertThat(LogFixture.reclaim(reclaimer, fixture.log.geometry().lsn(2, 500))).isEqualTo(1);
        assertThat(fixture.disk.exists(fixture.file(1))).isFalse();
        assertThat(fixture.disk.exists(fixture.file(2))).isTrue();

        assertThat(LogFixture.reclaim(reclaimer, mark())).isEqualTo((int) segment - 2);
        assertThat(fixture.log.counters().segments()).isEqualTo(1);
    }

    @Test
    void a_segment_with_one_message_wanted_stays() {
        fill(Integer.MAX_VALUE);
        assertThat(LogFixture.reclaim(reclaimer, mark())).isEqualTo(3);
        assertThat(read(fixture.log, live)).isEqualTo(live);
    }

    @Test
    void freed_files_are_kept_as_spares_up_to_a_number_and_used_again() {
        for (int i = 0; i < 7; i++) {
            fixture.fillSegment();
        }
        fixture.appended.forEach(entry -> fixture.log.release(entry.lsn(), 1));
        LogFixture.reclaim(reclaimer, mark());
        long spares = spares();
        assertThat(spares).isEqualTo(StoreOptions.KEPT_SPARES);

        fixture.fillSegment();
        assertThat(spares()).isLessThan(spares);
    }

    private long spares() {
        return fixture.disk.list("log").stream().filter(name -> name.startsWith("spare")).count();
    }

    @Test
    void after_a_restart_references_are_given_back_and_the_rest_is_freed() {
        fill(20);
        LogFixture next = LogFixture.open(fixture.disk.kill(), mark());
        live.forEach(entry -> next.log.retain(entry.lsn(), 1));

        LogFixture.reclaim(SegmentReclaimer.of(next.log), mark());

        assertThat(read(next.log, live)).isEqualTo(live);
        live.forEach(entry -> next.log.release(entry.lsn(), 1));
        assertThat(LogFixture.reclaim(SegmentReclaimer.of(next.log), mark())).isEqualTo(4);
    }

    // ---- compaction

    @Test
    void a_compacted_segment_keeps_its_live_messages_under_their_positions() {
        fill(10);
        long before = fixture.log.bytesOnDisk();
        long freed = 0;
        for (long segment : reclaimer.sparseSegments(mark(), 0.5)) {
            freed += reclaimer.compact(segment, liveIn(segment));
        }

        assertThat(freed).isGreaterThan(80_000);
        assertThat(before - fixture.log.bytesOnDisk()).isEqualTo(freed);
        assertThat(fixture.log.counters().compactedSegments()).isEqualTo(4);
        assertThat(read(fixture.log, live)).isEqualTo(live);
        assertThat(reclaimer.sparseSegments(mark(), 0.5)).isEmpty();
    }

    @Test
    void a_compacted_segment_can_be_compacted_again_and_freed_at_last() {
        fill(10);
        reclaimer.compact(1, liveIn(1));
        List<Entry> settled = live.stream().filter(e -> isIn(1, e)).limit(2).toList();
        settled.forEach(entry -> fixture.log.release(entry.lsn(), 1));
        live.removeAll(settled);

        assertThat(reclaimer.compact(1, liveIn(1))).isPositive();
        assertThat(read(fixture.log, live)).isEqualTo(live);

        live.forEach(entry -> fixture.log.release(entry.lsn(), 1));
        assertThat(LogFixture.reclaim(reclaimer, mark())).isEqualTo(4);
        assertThat(fixture.disk.exists(fixture.file(1))).isFalse();
    }

    private boolean isIn(long segment, Entry entry) {
        return fixture.log.geometry().segment(entry.lsn()) == segment;
    }

    @Test
    void the_segment_in_use_is_never_compacted() {
        fill(10);
        assertThat(reclaimer.compact(fixture.segment(), new long[0])).isZero();
        assertThat(reclaimer.compact(99, new long[0])).isZero();
    }

    @Test
    void sparse_segments_are_those_below_the_mark_with_little_alive() {
        fill(10);
        assertThat(reclaimer.sparseSegments(mark(), 0.5)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(reclaimer.sparseSegments(mark(), 0.01)).isEmpty();
        assertThat(reclaimer.sparseSegments(fixture.log.geometry().lsn(3, 0), 0.5))
                .containsExactly(1L, 2L);
    }

    @Test
    void compaction_is_due_when_dead_bytes_outgrow_the_live_ones_and_the_slack() {
        StoreOptions options = LogFixture.options().withCompactSlackBytes(50_000);
        LogFixture some = LogFixture.open(new FaultyDisk(), options, 0);
        some.fillSegment();
        some.fillSegment();
        SegmentReclaimer its = SegmentReclaimer.of(some.log);
        assertThat(its.compactionDue(false)).isFalse();
        assertThat(its.compactionDue(true)).isTrue();

        some.appended.forEach(entry -> some.log.release(entry.lsn(), 1));
        assertThat(its.compactionDue(false)).isTrue();
    }

    @Test
    void large_records_are_kept_too() {
        for (int i = 0; i < 30; i++) {
            fixture.append(i % 3 == 0 ? 4000 : 100, true);
            fixture.flush();
        }
        fixture.fillSegment();
        live.addAll(fixture.appended.stream().filter(e -> isIn(1, e)).toList());
        reclaimer.compact(1, liveIn(1));
        assertThat(read(fixture.log, live)).isEqualTo(live);
    }

    @Test
    void recovery_reads_a_compacted_segment() {
        fill(10);
        reclaimer.compact(2, liveIn(2));

        LogFixture next = LogFixture.open(fixture.disk.kill());

        assertThat(next.damaged).isEmpty();
        assertThat(next.recovered)
                .isEqualTo(
                        fixture.appended.stream()
                                .filter(e -> !isIn(2, e) || live.contains(e))
                                .toList());
    }

    @Test
    void a_power_cut_at_any_moment_of_a_compaction_loses_no_live_message() {
        fill(10);
        int[] states = new int[1];
        Random random = new Random(4);
        fixture.disk.beforeOperation(() -> {
            for (int i = 0; i < 20; i++) {
                assertReadable(fixture.disk.cutAtRandom(random));
                states[0]++;
            }
        });
        for (long segment = 1; segment <= 4; segment++) {
            reclaimer.compact(segment, liveIn(segment));
        }
        assertThat(states[0]).isGreaterThan(500);
    }

    @Test
    void a_compaction_that_fails_changes_nothing() {
        fill(10);
        for (int n = 0; n < 12; n++) {
            fixture.disk.failOperation(n, false);
            try {
                reclaimer.compact(1, liveIn(1));
            } catch (StoreException refused) {
                assertThat(refused).hasMessageContaining("segment 1");
            }
            assertThat(read(fixture.log, live)).isEqualTo(live);
            assertReadable(fixture.disk.cutAtRandom(new Random(n)));
        }
    }

    private void assertReadable(FaultyDisk after) {
        LogFixture next = LogFixture.open(after, mark());
        assertThat(read(next.log, live)).isEqualTo(live);
        assertThat(after.list("log")).noneMatch(name -> name.endsWith(".tmp"));
    }

    @Test
    void a_damaged_block_of_a_compacted_segment_costs_only_what_is_in_it() {
        fill(5);
        reclaimer.compact(1, liveIn(1));
        FaultyDisk killed = fixture.disk.kill();
        int size = killed.bytes(fixture.file(1)).length;
        List<Entry> wanted = live.stream().filter(e -> isIn(1, e)).toList();
        int hurt = 0;
        for (int at = 0; at < size; at += 24) {
            FaultyDisk disk = killed.kill();
            disk.flip(fixture.file(1), at, 1);
            LogFixture next = LogFixture.open(disk, mark());
            List<Entry> found = read(next.log, wanted);
            long lost = found.stream().filter(entry -> entry == null).count();
            assertThat(lost).isLessThanOrEqualTo(1);
            hurt += (int) lost;
            assertThat(found).allMatch(entry -> entry == null || wanted.contains(entry));
        }
        assertThat(hurt).isPositive();
    }

    @Test
    void a_reader_goes_on_while_segments_are_compacted_and_freed() throws Exception {
        fill(3);
        Thread compacting =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int round = 0; round < 100; round++) {
                                for (long segment = 1; segment <= 4; segment++) {
                                    reclaimer.compact(segment, liveIn(segment));
                                }
                            }
                        });
        int reads = 0;
        while (compacting.isAlive()) {
            assertThat(read(fixture.log, live)).isEqualTo(live);
            reads++;
        }
        compacting.join();
        assertThat(reads).isPositive();
        assertThat(fixture.log.counters().damagedRecords()).isZero();
    }

    @Test
    void a_file_that_is_being_read_is_not_recycled_under_the_readers_hands() throws Exception {
        fill(Integer.MAX_VALUE);
        SegmentFiles.Open reading = fixture.log.context().files().use(2);
        LogFixture.reclaim(reclaimer, mark());
        for (int i = 0; i < 5; i++) {
            fixture.fillSegment();
        }

        ByteBuffer header = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
        reading.file.read(header, 0);
        assertThat(SegmentHeader.read(header, 0, "file").segment()).isEqualTo(2);
        fixture.log.context().files().done(reading);
    }
}
