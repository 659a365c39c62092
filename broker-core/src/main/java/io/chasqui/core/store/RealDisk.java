package io.chasqui.core.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A data directory on a real file system, locked against a second broker while this is open. The
 * only user of {@link FileChannel}: never mapped memory, whose page faults would stall an event
 * loop and whose write errors arrive as signals.
 *
 * <p>Do not interrupt a thread that is reading or writing here: the channel would close under
 * everybody else's hands.
 */
public final class RealDisk implements Disk, Closeable {

    private static final String LOCK = "broker.lock";
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    private final Path root;
    private final FileChannel lockChannel;

    private RealDisk(Path root, FileChannel lockChannel) {
        this.root = root;
        this.lockChannel = lockChannel;
    }

    /**
     * Opens the directory, creating it with mode 0700 if absent.
     *
     * @throws InUse if another broker, or another part of this process, has it open
     */
    public static RealDisk open(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            createPrivate(root.toAbsolutePath());
        }
        FileChannel channel =
                FileChannel.open(
                        root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(channel)) {
            channel.close();
            throw new InUse("data directory " + root + " is in use by another broker");
        }
        return new RealDisk(root, channel);
    }

    private static void createPrivate(Path root) throws IOException {
        Path parent = root.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(root, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else {
            Files.createDirectory(root);
        }
        if (parent != null) {
            sync(parent);
        }
    }

    /** The lock itself need not be kept: it is held as long as its channel is open. */
    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    @Override
    public DiskFile open(String path) throws IOException {
        return new ChannelFile(
                FileChannel.open(
                        root.resolve(path), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile create(String path) throws IOException {
        return new ChannelFile(
                FileChannel.open(
                        root.resolve(path),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW));
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(root.resolve(path));
    }

    @Override
    public void makeDirectory(String path) throws IOException {
        Path directory = root.resolve(path);
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Path parent = directory.getParent();
            while (parent != null && parent.startsWith(root)) {
                sync(parent);
                parent = parent.getParent();
            }
        }
    }

    @Override
    public List<String> list(String directory) throws IOException {
        Path path = root.resolve(directory);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(Files::isRegularFile)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        sync(root.resolve(directory));
    }

    /** A directory opened for reading can be synced like a file; that makes its names durable. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return volume().getUsableSpace();
    }

    @Override
    public long totalBytes() throws IOException {
        return volume().getTotalSpace();
    }

    private FileStore volume() throws IOException {
        return Files.getFileStore(root);
    }

    /** Gives the directory free for another broker; files opened through this stay open. */
    @Override
    public void close() throws IOException {
        lockChannel.close();
    }

    /** Somebody else has the directory open. */
    public static final class InUse extends StoreException {

        private InUse(String message) {
            super(message);
        }
    }

    private record ChannelFile(FileChannel channel) implements DiskFile {

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int read = channel.read(target, position + total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long bytes) throws IOException {
            long size = channel.size();
            if (bytes < size) {
                channel.truncate(bytes);
            } else if (bytes > size) {
                channel.write(ByteBuffer.allocate(1), bytes - 1);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
