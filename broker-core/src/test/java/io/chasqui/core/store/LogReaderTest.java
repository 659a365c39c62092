package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.store.LogFixture.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogReaderTest {

    private final LogFixture fixture = LogFixture.create();
    private final LogReader reader = LogReader.of(fixture.log);
    private final List<ColdRead> completed = new ArrayList<>();

    private void fill(int records, int payloadBytes) {
        for (int i = 0; i < records; i++) {
            fixture.append(payloadBytes, true);
            fixture.flush();
        }
    }

    /** Reads the records in one order; null for those that were not found. */
    private List<Entry> read(List<Entry> wanted, int dataBytes) {
        ColdRead order = new ColdRead(wanted.size(), dataBytes, completed::add);
        for (Entry entry : wanted) {
            assertThat(order.add(entry.lsn(), entry.bytes())).isTrue();
        }
        reader.read(order);
        assertThat(reader.runOnce()).isTrue();
        assertThat(completed).containsExactly(order);
        completed.clear();
        List<Entry> found = new ArrayList<>();
        for (int i = 0; i < order.count(); i++) {
            int at = order.at(i);
            found.add(at < 0 ? null : LogFixture.entry(order.lsn(i), order.data(), at));
        }
        return found;
    }

    private static int bytes(List<Entry> entries) {
        return entries.stream().mapToInt(entry -> RecordLayout.aligned(entry.bytes())).sum();
    }

    @Test
    void neighbours_are_fetched_with_one_read() {
        fill(100, 300);
        List<Entry> wanted = fixture.appended.subList(3, 23);

        assertThat(read(wanted, 20_000)).isEqualTo(wanted);
        assertThat(fixture.log.counters().coldReads()).isEqualTo(1);
        assertThat(fixture.log.counters().coldRecords()).isEqualTo(20);
    }

    @Test
    void what_is_not_wanted_is_read_over_only_where_the_buffer_has_room_for_it() {
        fill(100, 300);
        List<Entry> wanted = new ArrayList<>();
        for (int i = 0; i < 40; i += 4) {
            wanted.add(fixture.appended.get(i));
        }
        assertThat(read(wanted, bytes(wanted))).isEqualTo(wanted);
        long exact = fixture.log.counters().coldReads();
        assertThat(exact).isGreaterThan(5);

        assertThat(read(wanted, 100_000)).isEqualTo(wanted);
        assertThat(fixture.log.counters().coldReads() - exact).isEqualTo(1);
    }

    @Test
    void any_records_in_any_order_come_back_as_ordered() {
        fill(150, 500);
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<Entry> wanted = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                wanted.add(fixture.appended.get(random.nextInt(fixture.appended.size())));
            }
            int spare = random.nextBoolean() ? random.nextInt(50_000) : 0;
            assertThat(read(wanted, bytes(wanted) + spare)).isEqualTo(wanted);
        }
    }

    @Test
    void a_record_not_yet_written_is_found_in_the_ring() {
        fill(60, 300);
        fixture.append(10, false);
        fixture.append(20, false);
        List<Entry> wanted = fixture.appended.subList(0, fixture.appended.size());
        assertThat(read(wanted, 100_000)).isEqualTo(wanted);
    }

    @Test
    void a_record_larger_than_the_buffer_is_read_alone() {
        fill(1, 3000);
        fill(100, 300);
        Entry large = fixture.appended.getFirst();
        assertThat(read(List.of(large), 1024)).containsExactly(large);
    }

    @Test
    void an_order_that_is_full_says_so() {
        ColdRead order = new ColdRead(3, 1000, completed::add);
        assertThat(order.add(64, 500)).isTrue();
        assertThat(order.add(640, 497)).isFalse();
        assertThat(order.add(640, 496)).isTrue();
        order.clear();
        for (int i = 0; i < 3; i++) {
            assertThat(order.add(64, 24)).isTrue();
        }
        assertThat(order.add(64, 24)).isFalse();
    }

    @Test
    void an_order_that_cannot_be_carried_out_is_completed_all_the_same() {
        fill(100, 300);
        Entry wanted = fixture.appended.getFirst();
        ColdRead nonsense = new ColdRead(1, 1000, completed::add);
        nonsense.add(wanted.lsn(), -64);

        reader.read(nonsense);
        assertThat(reader.runOnce()).isTrue();

        assertThat(completed).containsExactly(nonsense);
        assertThat(nonsense.at(0)).isNegative();
        completed.clear();
        assertThat(read(List.of(wanted), 1000)).containsExactly(wanted);
    }

    @Test
    void a_damaged_record_is_left_out_counted_and_the_others_are_read() {
        fill(100, 300);
        List<Entry> wanted = fixture.appended.subList(0, 10);
        Entry hurt = wanted.get(4);
        String file = fixture.file(1);
        fixture.disk.flip(file, fixture.offset(hurt) + 100, 3);

        List<Entry> found = read(wanted, 10_000);

        assertThat(found.get(4)).isNull();
        found.set(4, hurt);
        assertThat(found).isEqualTo(wanted);
        assertThat(fixture.log.counters().damagedRecords()).isEqualTo(1);
    }

    @Test
    void a_damaged_length_costs_only_its_record() {
        fill(100, 300);
        List<Entry> wanted = fixture.appended.subList(0, 10);
        fixture.disk.flip(fixture.file(1), fixture.offset(wanted.get(4)) + 2, 1);
        List<Entry> found = read(wanted, 10_000);
        assertThat(found.get(4)).isNull();
        assertThat(found).filteredOn(entry -> entry != null).hasSize(9);
    }

    @Test
    void a_segment_that_vanished_costs_its_records_and_no_more() {
        fill(150, 500);
        fixture.disk.lose(fixture.file(2));
        List<Entry> wanted = fixture.appended;

        List<Entry> found = read(wanted, bytes(wanted));

        for (int i = 0; i < wanted.size(); i++) {
            boolean lost = fixture.log.geometry().segment(wanted.get(i).lsn()) == 2;
            assertThat(found.get(i)).isEqualTo(lost ? null : wanted.get(i));
        }
    }

    @Test
    void a_reclaimed_segment_is_no_damage() {
        fill(150, 500);
        fixture.appended.forEach(entry -> fixture.log.release(entry.lsn(), 1));
        LogFixture.reclaim(SegmentReclaimer.of(fixture.log), fixture.log.durable());

        assertThat(read(List.of(fixture.appended.getFirst()), 1000)).containsExactly((Entry) null);
        assertThat(fixture.log.counters().damagedRecords()).isZero();
    }

    @Test
    void records_of_an_earlier_life_are_read_by_the_next() {
        fill(150, 500);
        LogFixture next = LogFixture.open(fixture.disk.kill());
        LogReader nextReader = LogReader.of(next.log);
        ColdRead order = new ColdRead(150, 100_000, completed::add);
        fixture.appended.forEach(entry -> order.add(entry.lsn(), entry.bytes()));
        nextReader.read(order);
        nextReader.runOnce();
        for (int i = 0; i < 150; i++) {
            assertThat(LogFixture.entry(order.lsn(i), order.data(), order.at(i)))
                    .isEqualTo(fixture.appended.get(i));
        }
    }

    @Test
    void more_segments_than_may_be_open_are_read_all_the_same() {
        StoreOptions few = new StoreOptions(LogFixture.RING_BYTES, 14, 1, 4, 2, 10, 10, 1L << 30);
        LogFixture many = LogFixture.open(new FaultyDisk(), few, 0);
        for (int i = 0; i < 200; i++) {
            many.append(1000, true);
            many.flush();
        }
        LogReader of = LogReader.of(many.log);
        ColdRead order = new ColdRead(200, 1 << 18, completed::add);
        for (int round = 0; round < 3; round++) {
            order.clear();
            many.appended.forEach(entry -> order.add(entry.lsn(), entry.bytes()));
            of.read(order);
            of.runOnce();
            for (int i = 0; i < 200; i++) {
                assertThat(order.at(i)).isNotNegative();
            }
        }
    }
}
