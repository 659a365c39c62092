package io.chasqui.bench.jmh;

import io.chasqui.core.store.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A new data directory under the one the system property {@code chasqui.bench.dir} names, by
 * default {@code target}: the figures are those of the disk it is on.
 */
record LogDisk(Path directory, RealDisk disk) implements AutoCloseable {

    static LogDisk create() throws IOException {
        Path parent = Path.of(System.getProperty("chasqui.bench.dir", "target"));
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, "jmh-log");
        return new LogDisk(directory, RealDisk.open(directory));
    }

    @Override
    public void close() throws IOException {
        disk.close();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
