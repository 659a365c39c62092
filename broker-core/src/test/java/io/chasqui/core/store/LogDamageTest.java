package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.store.LogFixture.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Files that changed behind the broker's back: what is lost, what is reported, what is refused. */
class LogDamageTest {

    private final LogFixture fixture = LogFixture.create();

    private long fill(int records) {
        Random random = new Random(5);
        long first = fixture.segment();
        for (int i = 0; i < records; i++) {
            fixture.append(random.nextInt(600), random.nextInt(4) == 0);
            fixture.clock.advanceMs(random.nextInt(20));
            fixture.flush();
        }
        fixture.clock.advanceMs(2000);
        fixture.flush();
        fixture.clock.advanceMs(2000);
        fixture.flush();
        return first;
    }

    // ---- damage below the durable mark

    @Test
    void a_flipped_bit_costs_the_record_it_is_in_and_is_reported() {
        long first = fill(250);
        FaultyDisk killed = fixture.disk.kill();
        Random random = new Random(1);
        int lost = 0;
        for (int i = 0; i < 800; i++) {
            FaultyDisk disk = killed.kill();
            long segment = random.nextLong(first, fixture.segment() + 1);
            int offset = random.nextInt(disk.bytes(fixture.file(segment)).length);
            disk.flip(fixture.file(segment), offset, random.nextInt(8));
            lost += assertLosesOnly(disk, segment, offset, 1);
        }
        assertThat(lost).isGreaterThan(400);
    }

    @Test
    void a_zeroed_page_costs_the_records_in_it_and_is_reported() {
        long first = fill(250);
        FaultyDisk killed = fixture.disk.kill();
        for (long segment = first; segment <= fixture.segment(); segment++) {
            int bytes = killed.bytes(fixture.file(segment)).length;
            for (int page = 0; page < bytes; page += 4096) {
                FaultyDisk disk = killed.kill();
                disk.put(fixture.file(segment), page, new byte[4096]);
                assertLosesOnly(disk, segment, page, 4096);
            }
        }
    }

    /** Opens the log twice and checks what is there; returns how many records were lost. */
    private int assertLosesOnly(FaultyDisk disk, long segment, int offset, int bytes) {
        LogFixture next = LogFixture.open(disk);
        List<Entry> hit =
                fixture.appended.stream().filter(e -> touches(e, segment, offset, bytes)).toList();
        List<Entry> unhurt = new ArrayList<>(fixture.appended);
        unhurt.removeAll(hit);
        assertThat(next.recovered)
                .as("segment %d offset %d", segment, offset)
                .containsAll(unhurt)
                .isSubsetOf(fixture.appended);
        int lost = fixture.appended.size() - next.recovered.size();
        boolean lastLost = !next.recovered.contains(fixture.appended.getLast());
        if (lost > 0
                && !lastLost) { // with the last mark gone too, nothing tells damage from a tear
            assertThat(next.damaged).isNotEmpty();
            assertThat(next.log.counters().damagedRecords()).isPositive();
        }
        next.append(10, true);
        next.log.close();
        LogFixture again = LogFixture.open(disk);
        List<Entry> both = new ArrayList<>(next.recovered);
        both.addAll(next.appended);
        assertThat(again.recovered).isEqualTo(both);
        return lost;
    }

    private boolean touches(Entry entry, long segment, int offset, int bytes) {
        int from = fixture.offset(entry);
        int to = from + entry.bytes();
        return fixture.log.geometry().segment(entry.lsn()) == segment
                && from < offset + bytes
                && to > offset;
    }

    @Test
    void a_damaged_header_costs_nothing() {
        long first = fill(250);
        fixture.disk.put(fixture.file(first), 0, new byte[SegmentHeader.BYTES]);

        LogFixture next = LogFixture.open(fixture.disk.kill());

        assertThat(next.recovered).isEqualTo(fixture.appended);
        assertThat(next.damaged).hasSize(1);
    }

    @Test
    void a_missing_segment_is_reported_and_the_others_are_served() {
        long first = fill(250);
        fixture.disk.lose(fixture.file(first + 1));

        LogFixture next = LogFixture.open(fixture.disk.kill());

        assertThat(next.damaged)
                .singleElement()
                .satisfies(range -> assertThat(range.file()).isEqualTo(fixture.file(first + 1)));
        assertThat(next.recovered)
                .isEqualTo(
                        fixture.appended.stream()
                                .filter(e -> fixture.log.geometry().segment(e.lsn()) != first + 1)
                                .toList());
    }

    @Test
    void a_record_image_hidden_in_a_body_is_never_taken_for_a_record() {
        ByteBuffer forged = forgedRecords(fixture.segment());
        long lsn = fixture.log.begin(RecordType.PUBLISH, 0, 0, 1, 0, 0, 0, forged.capacity());
        fixture.log.buffer().put(fixture.log.payloadAt(), forged, 0, forged.capacity());
        fixture.log.end(true);
        fixture.flush();
        fixture.append(100, true);
        fixture.flush();
        String file = fixture.file(fixture.segment());
        for (int bit = 0; bit < 8; bit++) {
            fixture.disk.flip(file, fixture.log.geometry().offset(lsn) + 2, bit);
        }

        LogFixture next = LogFixture.open(fixture.disk.kill());

        assertThat(next.damaged).hasSize(1);
        assertThat(next.recovered).isEqualTo(fixture.appended);
    }

    /** Records as somebody writes them who knows everything but the instance id. */
    private static ByteBuffer forgedRecords(long segment) {
        ByteBuffer forged = ByteBuffer.allocateDirect(1024);
        for (long guess : new long[] {0, segment, 1}) {
            RecordCrc crc = new RecordCrc(forged, guess);
            crc.segment(segment);
            int at = (int) guess * 64;
            RecordLayout.putHeader(forged, at, 32, RecordType.PUBLISH, 0, 1, 0, 0, 0, 1);
            crc.seal(at, 32);
            RecordLayout.putBatch(forged, at + 32, 0, 1, Long.MAX_VALUE);
            crc.seal(at + 32, 32);
        }
        return forged;
    }

    // ---- torn tails

    @Test
    void garbage_behind_the_end_is_dropped_silently_and_for_ever() {
        fill(50);
        String file = fixture.file(fixture.segment());
        int end = fixture.log.geometry().offset(fixture.log.tail());
        byte[] garbage = new byte[3000];
        new Random(3).nextBytes(garbage);
        fixture.disk.put(file, end, garbage);

        List<Entry> all = new ArrayList<>(fixture.appended);
        FaultyDisk disk = fixture.disk.kill();
        for (int start = 0; start < 4; start++) {
            LogFixture next = LogFixture.open(disk);
            assertThat(next.recovered).isEqualTo(all);
            assertThat(next.damaged).isEmpty();
            next.append(100 + start, true);
            next.flush();
            all.addAll(next.appended);
            disk = disk.kill();
        }
    }

    @Test
    void the_next_start_never_appends_behind_a_tear() {
        fill(50);
        long torn = fixture.segment();
        byte[] before = fixture.disk.bytes(fixture.file(torn));
        FaultyDisk disk = fixture.disk.kill();

        LogFixture next = LogFixture.open(disk);
        next.append(100, true);
        next.flush();

        assertThat(next.segment()).isGreaterThan(torn);
        assertThat(disk.bytes(fixture.file(torn))).isEqualTo(before);
    }

    @Test
    void a_tail_cut_off_or_zeroed_leaves_what_is_before() {
        fill(50);
        String file = fixture.file(fixture.segment());
        int end = fixture.log.geometry().offset(fixture.log.tail());
        for (int cut = end - 40; cut > end - 4000; cut -= 17) {
            FaultyDisk zeroed = fixture.disk.kill();
            zeroed.put(file, cut, new byte[zeroed.bytes(file).length - cut]);
            assertKeepsWhatEndsBefore(cut, file, zeroed);
            FaultyDisk shortened = fixture.disk.kill();
            shortened.cut(file, cut);
            assertKeepsWhatEndsBefore(cut, file, shortened);
        }
    }

    private void assertKeepsWhatEndsBefore(int cut, String file, FaultyDisk disk) {
        LogFixture next = LogFixture.open(disk);
        assertThat(next.recovered)
                .isEqualTo(fixture.appended.subList(0, next.recovered.size()))
                .containsAll(
                        fixture.appended.stream().filter(e -> endsBefore(e, file, cut)).toList());
    }

    private boolean endsBefore(Entry entry, String file, int offset) {
        String its = fixture.file(fixture.log.geometry().segment(entry.lsn()));
        return !its.equals(file) || fixture.offset(entry) + entry.bytes() <= offset;
    }

    @Test
    void what_a_recycled_file_held_before_never_comes_back() {
        for (int i = 0; i < 3; i++) {
            fixture.fillSegment();
        }
        long mark = fixture.log.geometry().lsn(fixture.segment(), 0);
        fixture.appended.forEach(e -> fixture.log.release(e.lsn(), 1));
        assertThat(LogFixture.reclaim(SegmentReclaimer.of(fixture.log), mark)).isEqualTo(3);
        fixture.fillSegment();
        fixture.append(100, true);
        fixture.flush();
        assertThat(fixture.disk.bytes(fixture.file(fixture.segment())))
                .as("a recycled file")
                .hasSize(fixture.log.geometry().segmentBytes());

        LogFixture next = LogFixture.open(fixture.disk.kill(), mark);

        assertThat(next.recovered)
                .isEqualTo(fixture.appended.stream().filter(e -> e.lsn() >= mark).toList());
        assertThat(next.damaged).isEmpty();
    }

    // ---- files half made

    @Test
    void a_segment_file_that_was_only_just_created_is_no_obstacle() {
        fill(20);
        for (byte[] content : List.of(new byte[0], new byte[10], new byte[64], new byte[1 << 15])) {
            FaultyDisk disk = fixture.disk.kill();
            disk.plant(fixture.file(fixture.segment() + 1), content);
            LogFixture next = LogFixture.open(disk);
            assertThat(next.recovered).isEqualTo(fixture.appended);
            assertThat(next.damaged).isEmpty();
            assertThat(next.segment()).isEqualTo(fixture.segment() + 2);
        }
    }

    @Test
    void the_very_first_segment_half_created_is_a_new_log() {
        for (byte[] content : List.of(new byte[0], new byte[10], new byte[1 << 15])) {
            FaultyDisk disk = new FaultyDisk();
            disk.plant("log/0000000001.log", content);
            LogFixture next = LogFixture.open(disk);
            assertThat(next.recovered).isEmpty();
            next.append(10, true);
            next.flush();
            assertThat(LogFixture.open(disk.kill()).recovered).isEqualTo(next.appended);
        }
    }

    @Test
    void leftovers_of_preparing_and_compacting_are_removed() {
        fill(20);
        FaultyDisk disk = fixture.disk.kill();
        disk.plant("log/spare-7.log", new byte[100]);
        disk.plant("log/spare-8.log", new byte[1 << 15]);
        disk.plant("log/0000000001.tmp", new byte[100]);

        LogFixture next = LogFixture.open(disk);

        assertThat(next.recovered).isEqualTo(fixture.appended);
        assertThat(disk.list("log")).doesNotContain("spare-7.log", "0000000001.tmp");
        assertThat(next.segment()).isEqualTo(fixture.segment() + 1);
    }

    @Test
    void a_segment_number_is_never_given_out_twice() {
        fixture.fillSegment();
        long torn = fixture.segment();
        byte[] lost = new byte[RecordLayout.SEGMENT_OPEN_BYTES];
        fixture.disk.put(fixture.file(torn), SegmentHeader.BYTES, lost);
        for (int n = 0; n < 12; n++) {
            int cutAt = n;
            FaultyDisk disk = fixture.disk.kill();
            List<FaultyDisk> left = new ArrayList<>();
            disk.beforeOperation(() -> {
                if (disk.operations() == cutAt) {
                    left.add(disk.cutAfter(disk.pendingChanges()));
                }
            });
            LogFixture.open(disk);
            for (FaultyDisk after : left) {
                assertThat(LogFixture.open(after).segment()).isGreaterThan(torn);
            }
        }
    }

    // ---- what must be refused

    @Test
    void a_segment_of_an_unknown_version_is_refused_by_name() {
        fill(20);
        FaultyDisk disk = fixture.disk.kill();
        byte[] header = Arrays.copyOf(disk.bytes(fixture.file(1)), SegmentHeader.BYTES);
        header[9] = 2;
        disk.put(fixture.file(1), 0, withCrc(header));

        assertThatThrownBy(() -> LogFixture.open(disk))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(fixture.file(1))
                .hasMessageContaining("version 2");
    }

    @Test
    void an_intact_record_of_an_unknown_type_is_refused_with_its_place() {
        for (int type : new int[] {0x0a, 0x0f, 0x11, 0xff}) {
            LogFixture some = LogFixture.create();
            Entry entry = some.append(type, 100, 0, true);
            some.flush();
            assertThatThrownBy(() -> LogFixture.open(some.disk.kill()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(some.file(1))
                    .hasMessageContaining("offset " + some.offset(entry))
                    .hasMessageContaining("type " + type);
        }
    }

    @Test
    void a_segment_of_another_data_directory_is_refused() {
        fill(20);
        FaultyDisk other = new FaultyDisk();
        LogFixture.open(
                other,
                StoreOptions.durable(LogFixture.RING_BYTES, 99)
                        .withSegmentBits(LogFixture.SEGMENT_BITS),
                0);
        fixture.disk.plant(fixture.file(9), other.bytes(fixture.file(1)));
        assertThatThrownBy(() -> LogFixture.open(fixture.disk.kill()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("copied");
    }

    @Test
    void a_renamed_segment_is_refused() {
        fill(20);
        fixture.disk.plant(fixture.file(9), fixture.disk.bytes(fixture.file(1)));
        assertThatThrownBy(() -> LogFixture.open(fixture.disk.kill()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("renamed");
    }

    @Test
    void segments_of_which_none_has_a_readable_header_are_not_taken_for_a_new_log() {
        FaultyDisk disk = new FaultyDisk();
        byte[] noise = new byte[1 << 15];
        new Random(1).nextBytes(noise);
        disk.plant("log/0000000001.log", noise);
        assertThatThrownBy(() -> LogFixture.open(disk))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("0000000001.log");
    }

    private static byte[] withCrc(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, 60);
        ByteBuffer.wrap(header).putInt(60, (int) crc.getValue());
        return header;
    }
}
