package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CheckpointTest {

    private static final String A = "checkpoint/ckpt-A";
    private static final String B = "checkpoint/ckpt-B";
    private static final int SECTIONS = 5;

    private final FaultyDisk disk = new FaultyDisk();

    @Test
    void an_empty_directory_has_no_checkpoint() {
        CheckpointStore store = new CheckpointStore(disk);
        assertThat(store.newest()).isEmpty();
        assertThat(store.olderReplayFrom()).isZero();
        assertThat(store.damage()).isEmpty();
    }

    @Test
    void the_newest_checkpoint_is_read_back_section_by_section() {
        CheckpointStore store = new CheckpointStore(disk);
        write(store, 100, false);
        write(store, 200, true);
        for (CheckpointStore each : new CheckpointStore[] {store, new CheckpointStore(disk)}) {
            assertHolds(each, 2, 200, true);
            assertThat(each.olderReplayFrom()).isEqualTo(100);
        }
    }

    @Test
    void a_single_checkpoint_frees_nothing_of_the_log() {
        CheckpointStore store = new CheckpointStore(disk);
        write(store, 100, false);
        assertThat(store.olderReplayFrom()).isZero();
        assertThat(new CheckpointStore(disk).olderReplayFrom()).isZero();
    }

    @Test
    void checkpoints_alternate_between_two_files_and_count_on_after_a_restart() {
        CheckpointStore store = new CheckpointStore(disk);
        for (int sequence = 1; sequence <= 7; sequence++) {
            write(store, 100L * sequence, false);
            if (sequence % 2 == 0) {
                store = new CheckpointStore(disk);
            }
            assertHolds(store, sequence, 100L * sequence, false);
            assertThat(store.olderReplayFrom()).isEqualTo(100L * (sequence - 1));
        }
        assertThat(disk.list("checkpoint")).containsExactly("ckpt-A", "ckpt-B");
    }

    @Test
    void sections_larger_than_the_write_buffer_and_empty_ones_come_back_whole() {
        CheckpointStore store = new CheckpointStore(disk);
        byte[] large = bytes(7, 3_333_333);
        try (CheckpointWriter writer = store.begin()) {
            writer.section(9, ByteBuffer.wrap(large));
            writer.section(10, ByteBuffer.allocate(0));
            writer.section(9, ByteBuffer.wrap(large, 5, 11));
            writer.commit(1);
        }
        try (CheckpointReader reader = new CheckpointStore(disk).newest().orElseThrow()) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.payload()).isEqualTo(ByteBuffer.wrap(large));
            assertThat(reader.next()).isTrue();
            assertThat(reader.type()).isEqualTo(10);
            assertThat(reader.payload().hasRemaining()).isFalse();
            assertThat(reader.next()).isTrue();
            assertThat(reader.payload()).isEqualTo(ByteBuffer.wrap(large, 5, 11));
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void a_writer_closed_without_commit_leaves_no_trace() {
        CheckpointStore store = new CheckpointStore(disk);
        write(store, 100, false);
        try (CheckpointWriter writer = store.begin()) {
            writer.section(1, ByteBuffer.wrap(bytes(1, 5000)));
        }
        assertThat(disk.list("checkpoint")).containsExactly("ckpt-A");
        assertHolds(new CheckpointStore(disk), 1, 100, false);
    }

    @Test
    void whichever_byte_of_the_newest_is_damaged_the_older_one_is_used_and_the_damage_told() {
        CheckpointStore store = new CheckpointStore(disk);
        small(store, 100);
        small(store, 200);
        byte[] intact = disk.bytes(B);
        for (int at = 0; at < intact.length; at++) {
            byte[] damaged = intact.clone();
            damaged[at] ^= 0x40;
            disk.plant(B, damaged);
            CheckpointStore opened = new CheckpointStore(disk);
            try (CheckpointReader reader = opened.newest().orElseThrow()) {
                assertThat(reader.replayFrom()).describedAs("byte " + at).isEqualTo(100);
            }
            assertThat(opened.damage().orElseThrow()).contains(B);
            assertThat(opened.olderReplayFrom()).isZero();
        }
    }

    @Test
    void a_newest_cut_short_anywhere_counts_as_absent() {
        CheckpointStore store = new CheckpointStore(disk);
        small(store, 100);
        small(store, 200);
        byte[] intact = disk.bytes(B);
        for (int length = 0; length < intact.length; length++) {
            disk.plant(B, Arrays.copyOf(intact, length));
            try (CheckpointReader reader = new CheckpointStore(disk).newest().orElseThrow()) {
                assertThat(reader.replayFrom()).isEqualTo(100);
            }
        }
    }

    @Test
    void after_a_damaged_one_the_next_takes_its_place_and_a_higher_number() {
        CheckpointStore store = new CheckpointStore(disk);
        write(store, 100, false);
        write(store, 200, false);
        byte[] damaged = disk.bytes(B);
        damaged[damaged.length - 1] ^= 1;
        disk.plant(B, damaged);
        CheckpointStore opened = new CheckpointStore(disk);
        write(opened, 300, false);
        CheckpointStore again = new CheckpointStore(disk);
        assertThat(again.damage()).isEmpty();
        assertHolds(again, 3, 300, false);
        assertThat(again.olderReplayFrom()).isEqualTo(100);
    }

    @Test
    void a_checkpoint_of_a_later_release_is_refused_with_its_name_and_version() {
        CheckpointStore store = new CheckpointStore(disk);
        write(store, 100, false);
        byte[] bytes = disk.bytes(A);
        bytes[9] = 2;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 60);
        ByteBuffer.wrap(bytes).putInt(60, (int) crc.getValue());
        disk.plant(A, bytes);
        assertThatThrownBy(() -> new CheckpointStore(disk))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(A)
                .hasMessageContaining("version 2");
    }

    @Test
    void a_leftover_temporary_file_is_removed() throws IOException {
        disk.create("checkpoint/ckpt.tmp");
        new CheckpointStore(disk);
        assertThat(disk.list("checkpoint")).isEmpty();
    }

    @Test
    void a_refused_write_or_sync_fails_that_checkpoint_only() {
        CheckpointStore store = new CheckpointStore(disk);
        write(store, 100, false);
        write(store, 200, false);
        long before = disk.operations();
        write(store, 300, false);
        long operations = disk.operations() - before;
        for (long at = 0; at < operations; at++) {
            disk.failOperation(at, false);
            assertThatThrownBy(() -> write(store, 999, false))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Input/output error");
            CheckpointStore opened = new CheckpointStore(disk);
            long replayFrom = opened.newest().orElseThrow().replayFrom();
            boolean renamed = at == operations - 1;
            assertThat(replayFrom).isEqualTo(renamed ? 999 : 300);
            assertThat(store.olderReplayFrom()).isEqualTo(200);
        }
        write(store, 400, false);
        assertHolds(new CheckpointStore(disk), store.begin().sequence() - 1, 400, false);
    }

    @Test
    void power_cut_at_any_operation_leaves_a_valid_checkpoint() {
        long operations = operationsOfThirdCheckpoint();
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            for (int cut = 0; cut <= operations; cut++) {
                FaultyDisk cutDisk = new FaultyDisk();
                CheckpointStore store = new CheckpointStore(cutDisk);
                write(store, 100, false);
                write(store, 200, false);
                cutPowerAt(cutDisk, cut);
                boolean committed = survives(() -> write(store, 300, false));
                assertValidAfter(cutDisk.cutAtRandom(random), committed);
            }
        }
    }

    private static void assertValidAfter(FaultyDisk disk, boolean committed) {
        CheckpointStore opened = new CheckpointStore(disk);
        long replayFrom = opened.newest().orElseThrow().replayFrom();
        if (committed || replayFrom == 300) {
            assertHolds(opened, 3, 300, false);
            assertThat(opened.olderReplayFrom()).isEqualTo(200);
        } else {
            assertHolds(opened, 2, 200, false);
            assertThat(opened.olderReplayFrom()).isEqualTo(100);
        }
        assertThat(opened.damage()).isEmpty();
    }

    private static long operationsOfThirdCheckpoint() {
        FaultyDisk disk = new FaultyDisk();
        CheckpointStore store = new CheckpointStore(disk);
        write(store, 100, false);
        write(store, 200, false);
        long before = disk.operations();
        write(store, 300, false);
        return disk.operations() - before;
    }

    /** Power goes off in front of an operation. */
    private static final class PowerCut extends RuntimeException {}

    private static void cutPowerAt(FaultyDisk disk, int operation) {
        int[] left = {operation};
        disk.beforeOperation(() -> {
            if (left[0]-- <= 0) {
                throw new PowerCut();
            }
        });
    }

    private static boolean survives(Runnable action) {
        try {
            action.run();
            return true;
        } catch (PowerCut cut) {
            return false;
        }
    }

    private static void small(CheckpointStore store, long replayFrom) {
        try (CheckpointWriter writer = store.begin()) {
            writer.section(1, ByteBuffer.wrap(bytes(1, 40)));
            writer.section(2, ByteBuffer.wrap(bytes(2, 3)));
            writer.commit(replayFrom);
        }
    }

    private static void write(CheckpointStore store, long replayFrom, boolean clean) {
        try (CheckpointWriter writer = store.begin()) {
            for (int i = 1; i <= SECTIONS; i++) {
                writer.section(i, ByteBuffer.wrap(bytes(writer.sequence() * 31 + i, i * 150_000)));
            }
            writer.commit(replayFrom, clean);
        }
    }

    private static void assertHolds(
            CheckpointStore store, long sequence, long replayFrom, boolean clean) {
        try (CheckpointReader reader = store.newest().orElseThrow()) {
            assertThat(reader.sequence()).isEqualTo(sequence);
            assertThat(reader.replayFrom()).isEqualTo(replayFrom);
            assertThat(reader.clean()).isEqualTo(clean);
            for (int i = 1; i <= SECTIONS; i++) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.type()).isEqualTo(i);
                byte[] expected = bytes(sequence * 31 + i, i * 150_000);
                assertThat(reader.payload().equals(ByteBuffer.wrap(expected))).isTrue();
            }
            assertThat(reader.next()).isFalse();
        }
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
