package io.chasqui.embedded;

import io.chasqui.core.store.Disk;
import io.chasqui.core.store.DiskFile;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A data directory in the heap: fast, and gone with whoever holds it. It outlives a broker that is
 * stopped on it, so that another one can be started there.
 */
final class MemoryDisk implements Disk {

    private final NavigableMap<String, MemoryFile> files = new ConcurrentSkipListMap<>();
    private final Set<String> directories = ConcurrentHashMap.newKeySet();

    private record Opened(MemoryFile file) implements DiskFile {

        @Override
        public int read(ByteBuffer target, long position) {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) {
            file.write(source, position);
        }

        /** Nothing can be lost that would not be lost anyway. */
        @Override
        public void sync() {}

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void truncate(long bytes) {
            file.truncate(bytes);
        }

        @Override
        public void close() {}
    }

    @Override
    public DiskFile open(String path) throws NoSuchFileException {
        MemoryFile file = files.get(path);
        if (file == null) {
            throw new NoSuchFileException(path);
        }
        return new Opened(file);
    }

    @Override
    public DiskFile create(String path) throws FileAlreadyExistsException {
        MemoryFile file = new MemoryFile();
        if (files.putIfAbsent(path, file) != null) {
            throw new FileAlreadyExistsException(path);
        }
        return new Opened(file);
    }

    @Override
    public boolean exists(String path) {
        return files.containsKey(path) || directories.contains(path);
    }

    @Override
    public void rename(String from, String to) throws NoSuchFileException {
        MemoryFile file = files.remove(from);
        if (file == null) {
            throw new NoSuchFileException(from);
        }
        files.put(to, file);
    }

    @Override
    public void delete(String path) {
        files.remove(path);
    }

    @Override
    public void makeDirectory(String path) {
        directories.add(path);
    }

    @Override
    public List<String> list(String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        return files.tailMap(prefix).entrySet().stream()
                .map(Map.Entry::getKey)
                .takeWhile(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .filter(name -> name.indexOf('/') < 0)
                .toList();
    }

    @Override
    public void syncDirectory(String directory) {}

    /** What the heap could still take. */
    @Override
    public long usableBytes() {
        Runtime machine = Runtime.getRuntime();
        return machine.maxMemory() - (machine.totalMemory() - machine.freeMemory());
    }

    @Override
    public long totalBytes() {
        return Runtime.getRuntime().maxMemory();
    }
}
