package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class PageFileTest {

    private static final String PATH = PageFile.PATH;

    private final FaultyDisk disk = new FaultyDisk();

    @Test
    void a_page_written_is_read_back_by_queue_and_number() {
        PageFile file = PageFile.open(disk);
        int first = file.write(7, 3, page(1));
        int second = file.write(8, 3, page(2));
        assertThat(first).isNotEqualTo(second);
        assertThat(read(file, first, 7, 3)).isEqualTo(page(1));
        assertThat(read(file, second, 8, 3)).isEqualTo(page(2));
        assertThat(file.slotsInUse()).isEqualTo(2);
    }

    @Test
    void a_short_page_and_an_empty_one_come_back_at_their_length() {
        PageFile file = PageFile.open(disk);
        int shorter = file.write(1, 1, page(1).limit(48));
        int empty = file.write(1, 2, page(1).limit(0));
        assertThat(read(file, shorter, 1, 1)).isEqualTo(page(1).limit(48));
        assertThat(read(file, empty, 1, 2).hasRemaining()).isFalse();
    }

    @Test
    void writing_leaves_position_and_limit_of_the_page_alone() {
        PageFile file = PageFile.open(disk);
        ByteBuffer page = page(1).position(16).limit(64);
        int slot = file.write(1, 1, page);
        assertThat(page.position()).isEqualTo(16);
        assertThat(page.remaining()).isEqualTo(48);
        assertThat(read(file, slot, 1, 1)).isEqualTo(page);
    }

    @Test
    void a_page_that_is_not_whole_entries_or_too_large_is_a_mistake() {
        PageFile file = PageFile.open(disk);
        assertThatThrownBy(() -> file.write(1, 1, ByteBuffer.allocate(17)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.write(1, 1, ByteBuffer.allocate(PageFile.PAGE_BYTES + 16)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_page_of_another_queue_or_number_is_refused_by_name() {
        PageFile file = PageFile.open(disk);
        int slot = file.write(7, 3, page(1));
        assertThatThrownBy(() -> read(file, slot, 7, 4))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("holds page 3 of queue 7")
                .hasMessageContaining("sought was page 4 of queue 7");
        assertThatThrownBy(() -> read(file, slot, 8, 3)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> read(file, slot + 1, 7, 3))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("holds no page");
    }

    @Test
    void a_damaged_byte_anywhere_in_a_slot_is_found() {
        PageFile file = PageFile.open(disk);
        int slot = file.write(7, 3, page(1).limit(320));
        byte[] intact = disk.bytes(PATH);
        for (int at = PageFile.HEADER_BYTES; at < intact.length; at++) {
            byte[] damaged = intact.clone();
            damaged[at] ^= 0x10;
            disk.plant(PATH, damaged);
            PageFile opened = PageFile.open(disk);
            assertThatThrownBy(() -> read(opened, slot, 7, 3)).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void a_released_slot_is_reused_after_three_checkpoints_and_not_before() {
        PageFile file = PageFile.open(disk);
        int slot = file.write(1, 1, page(1));
        file.release(slot);
        for (int checkpoint = 1; checkpoint <= 3; checkpoint++) {
            assertThat(file.write(1, 1 + checkpoint, page(2))).isNotEqualTo(slot);
            assertThat(read(file, slot, 1, 1)).isEqualTo(page(1));
            file.checkpointCompleted();
        }
        assertThat(file.write(1, 9, page(3))).isEqualTo(slot);
        assertThat(file.slotsInUse()).isEqualTo(4);
    }

    @Test
    void the_file_does_not_grow_while_slots_come_free() {
        PageFile file = PageFile.open(disk);
        for (int round = 0; round < 100; round++) {
            file.release(file.write(1, round, page(round)));
            file.checkpointCompleted();
        }
        assertThat(file.sizeBytes()).isLessThan(6 * 70_000);
    }

    @Test
    void after_a_restart_slots_in_use_stay_and_the_others_wait_for_three_checkpoints() {
        PageFile before = PageFile.open(disk);
        int kept = before.write(1, 1, page(1));
        int unused = before.write(1, 2, page(2));
        PageFile file = PageFile.open(disk);
        file.restore(IntStream.of(kept).iterator());
        assertThat(file.slotsInUse()).isEqualTo(1);
        assertThat(read(file, kept, 1, 1)).isEqualTo(page(1));
        assertThat(file.write(1, 3, page(3))).isEqualTo(2);
        file.checkpointCompleted();
        file.checkpointCompleted();
        file.checkpointCompleted();
        assertThat(file.write(1, 4, page(4))).isEqualTo(unused);
        assertThat(file.write(1, 5, page(5))).isEqualTo(3);
    }

    @Test
    void a_checkpoint_that_refers_to_a_slot_beyond_the_file_is_refused() {
        PageFile file = PageFile.open(disk);
        assertThatThrownBy(() -> file.restore(IntStream.of(0).iterator()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("slot 0");
    }

    @Test
    void a_refused_write_gives_its_slot_back() {
        PageFile file = PageFile.open(disk);
        disk.failOperation(0, false);
        assertThatThrownBy(() -> file.write(1, 1, page(1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("Input/output error");
        assertThat(file.slotsInUse()).isZero();
        assertThat(file.write(1, 1, page(1))).isZero();
    }

    @Test
    void a_file_of_a_later_release_is_refused_with_its_version() {
        PageFile.open(disk);
        byte[] bytes = disk.bytes(PATH);
        ByteBuffer.wrap(bytes).putShort(8, (short) 2);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 60);
        ByteBuffer.wrap(bytes).putInt(60, (int) crc.getValue());
        disk.plant(PATH, bytes);
        assertThatThrownBy(() -> PageFile.open(disk))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(PATH)
                .hasMessageContaining("version 2");
    }

    @Test
    void a_damaged_file_header_is_refused_but_one_torn_at_creation_is_written_anew() {
        PageFile.open(disk);
        byte[] bytes = disk.bytes(PATH);
        bytes[3] ^= 1;
        disk.plant(PATH, bytes);
        assertThatThrownBy(() -> PageFile.open(disk))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("header is damaged");
        for (int length : new int[] {0, 5, 64, 4096}) {
            disk.plant(PATH, new byte[length]);
            assertThat(PageFile.open(disk).write(1, 1, page(1))).isZero();
        }
        disk.plant(PATH, new byte[100_000]);
        assertThatThrownBy(() -> PageFile.open(disk)).isInstanceOf(StoreException.class);
    }

    @Test
    void whatever_was_synced_survives_a_power_cut_at_any_operation() {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            for (int cut = 0; cut < 40; cut++) {
                FaultyDisk cutDisk = new FaultyDisk();
                cutPowerAt(cutDisk, cut);
                Map<Integer, Integer> synced = new HashMap<>();
                try {
                    writeAndRelease(cutDisk, random, synced);
                } catch (PowerCut expected) {
                    // the point of it
                }
                PageFile opened = PageFile.open(cutDisk.cutAtRandom(random));
                opened.restore(synced.keySet().stream().mapToInt(slot -> slot).iterator());
                synced.forEach((slot, number) ->
                        assertThat(read(opened, slot, 1, number)).isEqualTo(page(number)));
            }
        }
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

    /** Writes pages, and at every sync notes which are durable and not yet released. */
    private static void writeAndRelease(
            FaultyDisk disk, Random random, Map<Integer, Integer> synced) {
        PageFile file = PageFile.open(disk);
        Map<Integer, Integer> written = new HashMap<>();
        for (int number = 0; number < 1000; number++) {
            written.put(file.write(1, number, page(number)), number);
            if (random.nextInt(3) == 0) {
                int slot = written.keySet().iterator().next();
                written.remove(slot);
                file.release(slot);
            }
            if (random.nextInt(3) == 0) {
                Map<Integer, Integer> snapshot = new HashMap<>(written);
                file.sync();
                synced.clear();
                synced.putAll(snapshot);
                file.checkpointCompleted();
            }
        }
    }

    private static ByteBuffer page(int number) {
        byte[] bytes = new byte[PageFile.PAGE_BYTES];
        Arrays.fill(bytes, (byte) number);
        new SplittableRandom(number).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static ByteBuffer read(PageFile file, int slot, long queueId, long number) {
        ByteBuffer target = ByteBuffer.allocateDirect(PageFile.PAGE_BYTES);
        file.read(slot, queueId, number, target);
        return target.flip();
    }
}
