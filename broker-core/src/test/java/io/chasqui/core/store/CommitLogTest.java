package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.store.LogFixture.Entry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitLogTest {

    private final LogFixture fixture = LogFixture.create();
    private final CommitLog log = fixture.log;

    @Test
    void a_record_is_durable_after_the_commit_it_was_in() {
        Entry entry = fixture.append(100, true);
        assertThat(log.durable()).isLessThanOrEqualTo(entry.lsn());

        assertThat(log.runOnce()).isTrue();

        assertThat(log.durable()).isGreaterThan(entry.lsn());
        assertThat(log.counters().commits()).isEqualTo(1);
    }

    @Test
    void many_records_share_one_sync() {
        for (int i = 0; i < 50; i++) {
            fixture.append(100, true);
        }
        long syncs = fixture.disk.syncs();

        log.runOnce();

        assertThat(fixture.durable()).hasSize(50);
        assertThat(fixture.disk.syncs() - syncs).isEqualTo(1);
    }

    @Test
    void a_batch_is_one_write_while_the_ring_does_not_wrap() {
        for (int i = 0; i < 20; i++) {
            fixture.append(100, true);
        }
        long operations = fixture.disk.operations();

        log.runOnce();

        assertThat(fixture.disk.operations() - operations).as("one write, one sync").isEqualTo(2);
    }

    @Test
    void a_record_nobody_waits_for_is_written_after_10_ms_and_synced_after_1_s() {
        Entry entry = fixture.append(100, false);
        assertThat(log.runOnce()).isFalse();

        fixture.clock.advanceMs(10);
        long syncs = fixture.disk.syncs();
        assertThat(log.runOnce()).isTrue();
        assertThat(log.runOnce()).isFalse();
        assertThat(fixture.disk.syncs()).isEqualTo(syncs);
        assertThat(log.durable()).isLessThanOrEqualTo(entry.lsn());

        fixture.clock.advanceMs(990);
        assertThat(log.runOnce()).isTrue();
        assertThat(log.durable()).isGreaterThan(entry.lsn());
    }

    @Test
    void after_the_last_commit_a_mark_is_written_once_and_then_nothing() {
        fixture.append(100, true);
        log.runOnce();
        assertThat(log.runOnce()).isFalse();

        fixture.clock.advanceMs(10);
        assertThat(log.runOnce()).as("the mark").isTrue();

        long operations = fixture.disk.operations();
        for (int i = 0; i < 10; i++) {
            fixture.clock.advanceMs(5000);
            assertThat(log.runOnce()).isFalse();
        }
        assertThat(fixture.disk.operations()).isEqualTo(operations);
    }

    @Test
    void records_of_all_sizes_come_back_in_order_over_many_segments() {
        for (int size = 0; size + RecordLayout.HEADER_BYTES <= log.maxRecordBytes(); size += 37) {
            fixture.append(size, true);
            fixture.flush();
        }
        log.close();

        LogFixture next = LogFixture.open(fixture.disk);

        assertThat(next.segment()).isGreaterThan(5);
        assertThat(next.recovered).isEqualTo(fixture.appended);
        assertThat(next.log.recovery().closedCleanly()).isTrue();
        assertThat(next.damaged).isEmpty();
    }

    @Test
    void every_size_fits_at_every_place_of_the_ring() {
        for (int i = 0; i < 3000; i++) {
            fixture.append(i % 61, false);
            if (i % 100 == 0) {
                fixture.append(log.maxRecordBytes() - RecordLayout.HEADER_BYTES - i % 8, true);
            }
            if (i % 10 == 0) {
                fixture.clock.advanceMs(10);
                fixture.flush();
            }
        }
        log.close();

        assertThat(LogFixture.open(fixture.disk).recovered).isEqualTo(fixture.appended);
    }

    @Test
    void a_record_may_end_exactly_where_the_ring_wraps() {
        long wrap = LogFixture.RING_BYTES * 3L;
        while (wrap - log.tail() > 3000) {
            fixture.append(500, true);
            fixture.flush();
        }
        long room = wrap - log.tail();
        fixture.append((int) room - RecordLayout.HEADER_BYTES, true);
        assertThat(log.tail()).isEqualTo(wrap);
        fixture.append(100, true);
        log.close();

        assertThat(LogFixture.open(fixture.disk).recovered).isEqualTo(fixture.appended);
    }

    @Test
    void a_record_longer_than_allowed_is_refused_and_the_lock_given_back() {
        int most = log.maxRecordBytes() - RecordLayout.HEADER_BYTES;
        assertThatThrownBy(() -> fixture.append(most + 1, true))
                .isInstanceOf(IllegalArgumentException.class);
        fixture.append(most, true);
    }

    @Test
    void an_abandoned_record_never_was() {
        fixture.append(10, true);
        log.begin(RecordType.PUBLISH, 0, 0, 1, 0, 0, 0, 3000);
        log.abandon();
        fixture.append(20, true);
        log.close();

        assertThat(LogFixture.open(fixture.disk).recovered).isEqualTo(fixture.appended);
    }

    @Test
    void a_header_says_what_begin_was_told() {
        int flags = RecordLayout.LARGE | RecordLayout.PRIORITY;
        long lsn = log.begin(RecordType.PUBLISH, flags, 65535, 3, 255, 254, 65534, 77, 8);
        log.end(true);
        int at = log.ringIndex(lsn);

        assertThat(RecordLayout.length(log.buffer(), at)).isEqualTo(32);
        assertThat(RecordLayout.type(log.buffer(), at)).isEqualTo(RecordType.PUBLISH);
        assertThat(RecordLayout.flags(log.buffer(), at)).isEqualTo(flags);
        assertThat(RecordLayout.targets(log.buffer(), at)).isEqualTo(65535);
        assertThat(RecordLayout.format(log.buffer(), at)).isEqualTo(255);
        assertThat(RecordLayout.priority(log.buffer(), at)).isEqualTo(254);
        assertThat(RecordLayout.namesLength(log.buffer(), at)).isEqualTo(65534);
        assertThat(RecordLayout.timeMs(log.buffer(), at)).isEqualTo(77);
        assertThat(lsn % 8).isZero();
    }

    @Test
    void a_record_is_resident_until_the_ring_comes_round() {
        Entry first = fixture.append(100, true);
        assertThat(log.resident(first.lsn())).isTrue();
        assertThat(log.resident(log.tail())).as("not there yet").isFalse();

        for (int i = 0; i < 20; i++) {
            fixture.append(1000, true);
            log.runOnce();
        }

        assertThat(log.resident(first.lsn())).isFalse();
        Entry last = fixture.appended.getLast();
        assertThat(log.resident(last.lsn())).isTrue();
        int at = log.ringIndex(last.lsn());
        assertThat(LogFixture.entry(last.lsn(), log.buffer(), at)).isEqualTo(last);
    }

    @Test
    void publishers_should_stop_while_half_the_ring_is_not_durable() {
        List<Boolean> progress = new ArrayList<>();
        log.onProgress(() -> progress.add(log.congested()));
        while (!log.congested()) {
            fixture.append(1000, false);
        }
        assertThat(log.tail() - log.durable()).isGreaterThan(LogFixture.RING_BYTES / 2);

        log.runOnce();

        assertThat(progress).isNotEmpty().last().isEqualTo(false);
    }

    @Test
    void the_next_segment_is_ready_before_it_is_needed() {
        long first = fixture.segment();
        while (log.geometry().offset(log.tail()) < log.geometry().segmentBytes() / 2) {
            fixture.append(1000, true);
            log.runOnce();
        }
        assertThat(fixture.disk.exists(fixture.file(first + 1))).isFalse();

        log.prepareOnce();
        log.prepareOnce();

        assertThat(fixture.disk.exists(fixture.file(first + 1))).isTrue();
        assertThat(fixture.disk.bytes(fixture.file(first + 1)))
                .hasSize(log.geometry().segmentBytes());
    }

    @Test
    void a_closed_log_refuses_appends() {
        log.close();
        assertThatThrownBy(() -> fixture.append(1, true))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void a_position_to_read_from_leaves_out_what_is_before_it() {
        fixture.append(10, true);
        fixture.append(20, true);
        long from = log.tail();
        fixture.append(30, true);
        fixture.fillSegment();
        log.close();

        LogFixture next = LogFixture.open(fixture.disk, from);

        assertThat(next.recovered).isEqualTo(fixture.appended.subList(2, fixture.appended.size()));
    }

    @Test
    void segment_bits_and_instance_stay_those_the_directory_was_created_with() {
        fixture.append(10, true);
        log.close();

        StoreOptions others = StoreOptions.durable(1 << 16, 42).withSegmentBits(20);
        LogFixture next = LogFixture.open(fixture.disk, others, 0);

        assertThat(next.log.geometry().segmentBits()).isEqualTo(LogFixture.SEGMENT_BITS);
        assertThat(next.log.instanceId()).isEqualTo(LogFixture.INSTANCE);
        assertThat(next.recovered).isEqualTo(fixture.appended);
    }
}
