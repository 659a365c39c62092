package io.chasqui.bench.jmh;

import io.chasqui.core.store.Disk;
import io.chasqui.core.store.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that says it has synced and has not: what is left is the cost of all but fsync. */
record UnsyncedDisk(Disk disk) implements Disk {

    @Override
    public DiskFile open(String path) throws IOException {
        return new UnsyncedFile(disk.open(path));
    }

    @Override
    public DiskFile create(String path) throws IOException {
        return new UnsyncedFile(disk.create(path));
    }

    @Override
    public boolean exists(String path) throws IOException {
        return disk.exists(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
        disk.delete(path);
    }

    @Override
    public void makeDirectory(String path) throws IOException {
        disk.makeDirectory(path);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void syncDirectory(String directory) {}

    @Override
    public long usableBytes() throws IOException {
        return disk.usableBytes();
    }

    @Override
    public long totalBytes() throws IOException {
        return disk.totalBytes();
    }

    private record UnsyncedFile(DiskFile file) implements DiskFile {

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public void sync() {}

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long bytes) throws IOException {
            file.truncate(bytes);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
