package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest {

    @TempDir Path temporary;

    private Path root;
    private RealDisk disk;

    @BeforeEach
    void open() throws IOException {
        root = temporary.resolve("deep/data");
        disk = RealDisk.open(root);
    }

    @AfterEach
    void close() throws IOException {
        disk.close();
    }

    @Test
    void a_new_data_directory_is_its_owners_alone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx------");
    }

    @Test
    void a_directory_in_use_is_refused_and_free_again_after_closing() throws IOException {
        assertThatThrownBy(() -> RealDisk.open(root))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("in use");
        disk.close();
        disk = RealDisk.open(root);
    }

    @Test
    void what_is_written_is_read_back_at_its_position() throws IOException {
        try (DiskFile file = disk.create("a")) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 10);
            file.sync();
            assertThat(file.size()).isEqualTo(14);
            ByteBuffer target = ByteBuffer.allocate(8);
            assertThat(file.read(target, 11)).isEqualTo(3);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {2, 3, 4}));
            assertThat(file.read(ByteBuffer.allocate(8), 14)).isZero();
        }
    }

    @Test
    void a_file_is_cut_and_extended() throws IOException {
        try (DiskFile file = disk.create("a")) {
            file.truncate(100);
            assertThat(file.size()).isEqualTo(100);
            file.truncate(10);
            assertThat(file.size()).isEqualTo(10);
        }
    }

    @Test
    void names_are_created_renamed_listed_and_deleted() throws IOException {
        disk.makeDirectory("x/y");
        disk.create("x/y/b").close();
        disk.create("x/y/a").close();
        disk.syncDirectory("x/y");
        assertThat(disk.list("x/y")).containsExactly("a", "b");
        disk.rename("x/y/b", "x/y/a");
        assertThat(disk.list("x/y")).containsExactly("a");
        assertThat(disk.list("x")).isEmpty();
        disk.delete("x/y/a");
        disk.delete("x/y/a");
        assertThat(disk.exists("x/y/a")).isFalse();
        assertThat(disk.list("nowhere")).isEmpty();
    }

    @Test
    void files_that_should_not_or_should_be_there_are_refused_by_kind() throws IOException {
        disk.create("a").close();
        assertThatThrownBy(() -> disk.create("a")).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> disk.open("b")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void the_volumes_size_is_known() throws IOException {
        assertThat(disk.usableBytes()).isPositive().isLessThanOrEqualTo(disk.totalBytes());
    }
}
