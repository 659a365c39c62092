package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.store.LogFixture.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransientLogTest {

    private static final int RING_BYTES = 1 << 16;

    private final FaultyDisk disk = new FaultyDisk();
    private final ManualClock clock = new ManualClock();
    private final CommitLog log = create();
    private final List<Entry> appended = new ArrayList<>();

    private CommitLog create() {
        return CommitLog.createTransient(
                disk,
                "transient",
                StoreOptions.transientLog(RING_BYTES, 5).withSegmentBits(14),
                clock);
    }

    private Entry append(int payloadBytes, int refs) {
        long lsn = log.begin(RecordType.PUBLISH, 0, 0, refs, 0, 0, 0, payloadBytes);
        byte[] content = new byte[payloadBytes];
        new Random(lsn).nextBytes(content);
        log.buffer().put(log.payloadAt(), content);
        Entry entry = LogFixture.entry(lsn, log.buffer(), log.ringIndex(lsn));
        log.end(false);
        appended.add(entry);
        return entry;
    }

    private void appendSettled(int records) {
        for (int i = 0; i < records; i++) {
            log.release(append(1000, 1).lsn(), 1);
            log.runOnce();
        }
    }

    @Test
    void nothing_is_written_while_messages_are_settled_in_time() {
        appendSettled(1000);

        assertThat(disk.list("transient")).isEmpty();
        assertThat(disk.operations()).isZero();
        assertThat(log.counters().spilledSegments()).isZero();
        assertThat(log.congested()).isFalse();
    }

    @Test
    void the_flusher_is_not_woken_while_the_ring_is_less_than_half_full() {
        while (log.tail() - log.written() <= RING_BYTES / 2) {
            assertThat(log.wakeFlusher()).isFalse();
            assertThat(log.runOnce()).isFalse();
            append(1000, 1);
        }
        assertThat(log.runOnce()).isTrue();
    }

    @Test
    void a_segment_with_a_message_still_wanted_is_written_before_it_leaves_the_ring() {
        Entry wanted = append(1000, 1);
        appendSettled(300);

        assertThat(log.resident(wanted.lsn())).isFalse();
        assertThat(log.counters().spilledSegments()).isEqualTo(1);
        assertThat(read(wanted)).isEqualTo(wanted);
        assertThat(disk.syncs()).isZero();
    }

    private Entry read(Entry entry) {
        LogReader reader = LogReader.of(log);
        List<Entry> found = new ArrayList<>();
        ColdRead order =
                new ColdRead(
                        1,
                        4096,
                        done -> {
                            if (done.at(0) >= 0) {
                                found.add(LogFixture.entry(done.lsn(0), done.data(), done.at(0)));
                            }
                        });
        order.add(entry.lsn(), entry.bytes());
        reader.read(order);
        assertThat(reader.runOnce()).isTrue();
        return found.isEmpty() ? null : found.getFirst();
    }

    @Test
    void a_spilled_file_goes_away_with_its_last_message() {
        Entry first = append(1000, 1);
        Entry second = append(1000, 2);
        appendSettled(300);
        SegmentReclaimer reclaimer = SegmentReclaimer.of(log);

        log.release(first.lsn(), 1);
        log.release(second.lsn(), 1);
        assertThat(LogFixture.reclaim(reclaimer, Long.MAX_VALUE)).isZero();
        assertThat(disk.list("transient")).hasSize(1);

        log.release(second.lsn(), 1);
        assertThat(LogFixture.reclaim(reclaimer, Long.MAX_VALUE)).isEqualTo(1);
        assertThat(disk.list("transient")).isEmpty();
    }

    @Test
    void all_of_a_long_backlog_can_be_read_back() {
        for (int i = 0; i < 500; i++) {
            append(i % 1500, 1);
            log.runOnce();
        }
        for (Entry entry : appended) {
            assertThat(read(entry)).isEqualTo(entry);
        }
    }

    @Test
    void on_a_full_disk_publishers_stop_and_go_on_when_messages_are_settled() {
        disk.capacity(20_000);
        while (!log.congested()) {
            append(1000, 1);
            log.runOnce();
        }
        assertThat(log.failure()).isNull();
        List<Boolean> progress = new ArrayList<>();
        log.onProgress(() -> progress.add(log.congested()));

        appended.forEach(entry -> log.release(entry.lsn(), 1));
        log.runOnce();

        assertThat(log.congested()).isFalse();
        assertThat(progress).contains(false);
        assertThat(disk.list("transient")).isEmpty();
    }

    @Test
    void what_an_earlier_broker_spilled_is_deleted_at_the_start() {
        append(1000, 1);
        appendSettled(300);
        assertThat(disk.list("transient")).isNotEmpty();

        create();

        assertThat(disk.list("transient")).isEmpty();
    }

    @Test
    void closing_removes_the_spilled_files() {
        append(1000, 1);
        appendSettled(300);
        log.close();
        assertThat(disk.list("transient")).isEmpty();
    }

    @Test
    void a_ring_of_fewer_than_four_segments_is_refused() {
        assertThatThrownBy(() ->
                        CommitLog.createTransient(
                                disk,
                                "transient",
                                StoreOptions.transientLog(1 << 15, 5).withSegmentBits(14),
                                clock))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
