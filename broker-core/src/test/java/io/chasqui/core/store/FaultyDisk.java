package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that knows what a power cut would leave of it. For each file it keeps what was
 * synced and the writes since; for each directory the names that were synced and the changes since.
 * {@link #cutAfter} and {@link #cutAtRandom} make the disk a broker would find afterwards. It can
 * also run full and fail its n-th operation.
 *
 * <p>A failed sync behaves as on Linux: the pages it could not write count as clean from then on,
 * so that the next sync succeeds without making them durable.
 */
public final class FaultyDisk implements Disk {

    static final int SECTOR = 512;

    private static final class Inode {
        byte[] bytes = new byte[0];
        byte[] synced = new byte[0];
    }

    private sealed interface Pending {}

    private record Written(Inode inode, int position, byte[] data) implements Pending {}

    private record Resized(Inode inode, int size) implements Pending {}

    /** Names of a directory that changed together; null where a name went away. */
    private record Renamed(String directory, Map<String, @Nullable Inode> names)
            implements Pending {}

    private final Map<String, Inode> names = new TreeMap<>();
    private final Map<String, Inode> syncedNames = new TreeMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private final Set<String> directories = new HashSet<>();
    private long capacity = Long.MAX_VALUE;
    private Runnable beforeOperation = () -> {};
    private long operations;
    private long syncs;
    private long failOperation = -1;
    private long failSync = -1;
    private boolean failForEver;

    // ---- faults

    /** Runs before every operation that changes the disk or makes a change durable. */
    public synchronized void beforeOperation(Runnable hook) {
        beforeOperation = hook;
    }

    public synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    /**
     * Fails the n-th changing operation from now (0 = the next), and all later ones if
     * {@code forEver}.
     */
    public synchronized void failOperation(long n, boolean forEver) {
        failOperation = operations + n;
        failForEver = forEver;
    }

    /** Fails the n-th file sync from now (0 = the next), and all later ones if {@code forEver}. */
    public synchronized void failSync(long n, boolean forEver) {
        failSync = syncs + n;
        failForEver = forEver;
    }

    synchronized long operations() {
        return operations;
    }

    synchronized long syncs() {
        return syncs;
    }

    // ---- power cuts

    public synchronized int pendingChanges() {
        return pending.size();
    }

    /** The disk after a power cut that let the first {@code changes} un-synced changes through. */
    public synchronized FaultyDisk cutAfter(int changes) {
        Cut cut = new Cut();
        for (Pending change : pending.subList(0, changes)) {
            cut.apply(change);
        }
        return cut.disk();
    }

    /** The disk after a power cut that let any sectors of any un-synced writes through. */
    public synchronized FaultyDisk cutAtRandom(Random random) {
        Cut cut = new Cut();
        int odds = random.nextInt(1, 8);
        for (Pending change : pending) {
            if (change instanceof Written written) {
                cut.applySectors(written, random, odds);
            } else if (random.nextInt(8) < odds) {
                cut.apply(change);
            }
        }
        return cut.disk();
    }

    private final class Cut {
        private final Map<Inode, Inode> copies = new IdentityHashMap<>();
        private final Map<String, Inode> names = new TreeMap<>(syncedNames);

        void apply(Pending change) {
            switch (change) {
                case Written(Inode inode, int position, byte[] data) ->
                        put(copy(inode), position, data, 0, data.length);
                case Resized(Inode inode, int size) -> {
                    Inode copy = copy(inode);
                    copy.bytes = Arrays.copyOf(copy.bytes, size);
                }
                case Renamed(String _, Map<String, @Nullable Inode> changed) ->
                        FaultyDisk.apply(changed, names);
            }
        }

        void applySectors(Written written, Random random, int odds) {
            int end = written.position + written.data.length;
            int from = written.position;
            while (from < end) {
                int to = Math.min(end, (from / SECTOR + 1) * SECTOR);
                if (random.nextInt(8) < odds) {
                    put(
                            copy(written.inode),
                            from,
                            written.data,
                            from - written.position,
                            to - from);
                }
                from = to;
            }
        }

        private Inode copy(Inode inode) {
            return copies.computeIfAbsent(
                    inode,
                    original -> {
                        Inode copy = new Inode();
                        copy.bytes = original.synced.clone();
                        return copy;
                    });
        }

        FaultyDisk disk() {
            FaultyDisk disk = new FaultyDisk();
            disk.directories.addAll(directories);
            names.forEach((name, inode) -> disk.names.put(name, copy(inode)));
            disk.names.values().forEach(inode -> inode.synced = inode.bytes.clone());
            disk.syncedNames.putAll(disk.names);
            return disk;
        }
    }

    /** The same bytes on an independent disk, everything synced: what a killed process leaves. */
    public synchronized FaultyDisk kill() {
        return cutAfter(pending.size()).withUnsyncedKept(this);
    }

    /** A failed sync dropped changes from the pending ones that the page cache still shows. */
    private FaultyDisk withUnsyncedKept(FaultyDisk before) {
        before.names.forEach((name, inode) -> {
            Inode here = names.get(name);
            if (here != null) {
                here.bytes = inode.bytes.clone();
                here.synced = inode.bytes.clone();
            }
        });
        return this;
    }

    // ---- damage

    synchronized byte[] bytes(String path) {
        return inode(path).bytes.clone();
    }

    /** Flips a bit behind everybody's back. */
    synchronized void flip(String path, int offset, int bit) {
        Inode inode = inode(path);
        inode.bytes[offset] ^= (byte) (1 << bit);
        inode.synced = inode.bytes.clone();
    }

    /** Puts bytes there behind everybody's back, extending the file if need be. */
    synchronized void put(String path, int offset, byte[] data) {
        Inode inode = inode(path);
        put(inode, offset, data, 0, data.length);
        inode.synced = inode.bytes.clone();
    }

    /** Cuts a file behind everybody's back. */
    synchronized void cut(String path, int size) {
        Inode inode = inode(path);
        inode.bytes = Arrays.copyOf(inode.bytes, size);
        inode.synced = inode.bytes.clone();
    }

    /** Removes a file behind everybody's back. */
    synchronized void lose(String path) {
        names.remove(path);
        syncedNames.remove(path);
    }

    /** Creates a file behind everybody's back. */
    synchronized void plant(String path, byte[] data) {
        Inode inode = new Inode();
        inode.bytes = data.clone();
        inode.synced = data.clone();
        names.put(path, inode);
        syncedNames.put(path, inode);
    }

    private Inode inode(String path) {
        Inode inode = names.get(path);
        if (inode == null) {
            throw new IllegalArgumentException("no file " + path + " among " + names.keySet());
        }
        return inode;
    }

    // ---- the port

    @Override
    public synchronized DiskFile open(String path) throws IOException {
        Inode inode = names.get(path);
        if (inode == null) {
            throw new NoSuchFileException(path);
        }
        return new OpenFile(inode);
    }

    @Override
    public synchronized DiskFile create(String path) throws IOException {
        if (names.containsKey(path)) {
            throw new FileAlreadyExistsException(path);
        }
        operation();
        Inode inode = new Inode();
        change(path, Map.of(path, inode));
        return new OpenFile(inode);
    }

    @Override
    public synchronized boolean exists(String path) {
        return names.containsKey(path);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        Inode inode = names.get(from);
        if (inode == null) {
            throw new NoSuchFileException(from);
        }
        operation();
        Map<String, @Nullable Inode> changed = new HashMap<>();
        changed.put(from, null);
        changed.put(to, inode);
        change(to, changed);
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        if (names.containsKey(path)) {
            operation();
            Map<String, @Nullable Inode> changed = new HashMap<>();
            changed.put(path, null);
            change(path, changed);
        }
    }

    @Override
    public synchronized void makeDirectory(String path) {
        directories.add(path);
    }

    @Override
    public synchronized List<String> list(String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        return names.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(name -> !name.contains("/"))
                .toList();
    }

    @Override
    public synchronized void syncDirectory(String directory) throws IOException {
        operation();
        for (Pending change : List.copyOf(pending)) {
            if (change instanceof Renamed renamed && renamed.directory.equals(directory)) {
                apply(renamed.names, syncedNames);
                pending.remove(change);
            }
        }
    }

    @Override
    public synchronized long usableBytes() {
        return capacity - used();
    }

    @Override
    public synchronized long totalBytes() {
        return capacity;
    }

    private long used() {
        return names.values().stream().mapToLong(inode -> inode.bytes.length).sum();
    }

    private void operation() throws IOException {
        beforeOperation.run();
        long number = operations++;
        if (number == failOperation
                || (failForEver && failOperation >= 0 && number > failOperation)) {
            throw new IOException("Input/output error");
        }
    }

    private void change(String path, Map<String, @Nullable Inode> changed) {
        int slash = path.lastIndexOf('/');
        pending.add(new Renamed(slash < 0 ? "" : path.substring(0, slash), changed));
        apply(changed, names);
    }

    private static void apply(Map<String, @Nullable Inode> changed, Map<String, Inode> names) {
        changed.forEach((name, inode) -> {
            if (inode == null) {
                names.remove(name);
            } else {
                names.put(name, inode);
            }
        });
    }

    private static void put(Inode inode, int position, byte[] data, int from, int length) {
        if (position + length > inode.bytes.length) {
            inode.bytes = Arrays.copyOf(inode.bytes, position + length);
        }
        System.arraycopy(data, from, inode.bytes, position, length);
    }

    private final class OpenFile implements DiskFile {

        private final Inode inode;
        private boolean closed;

        OpenFile(Inode inode) {
            this.inode = inode;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                refuseClosed();
                int length = Math.clamp(inode.bytes.length - position, 0, target.remaining());
                if (length > 0) {
                    target.put(inode.bytes, (int) position, length);
                }
                return length;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                refuseClosed();
                operation();
                long growth = Math.max(0, position + source.remaining() - inode.bytes.length);
                if (growth > 0 && used() + growth > capacity) {
                    throw new IOException("No space left on device");
                }
                byte[] data = new byte[source.remaining()];
                source.get(data);
                put(inode, (int) position, data, 0, data.length);
                pending.add(new Written(inode, (int) position, data));
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (FaultyDisk.this) {
                refuseClosed();
                long number = syncs++;
                try {
                    operation();
                    if (number == failSync || (failForEver && failSync >= 0 && number > failSync)) {
                        throw new IOException("Input/output error");
                    }
                } catch (IOException e) {
                    pending.removeIf(this::isOf);
                    throw e;
                }
                settle();
            }
        }

        private void settle() {
            byte[] synced = inode.synced;
            Inode image = new Inode();
            image.bytes = synced;
            boolean copied = false;
            List<Pending> others = new ArrayList<>();
            for (Pending change : pending) {
                if (!isOf(change)) {
                    others.add(change);
                    continue;
                }
                if (!copied) {
                    image.bytes = synced.clone();
                    copied = true;
                }
                switch (change) {
                    case Written(Inode _, int position, byte[] data) ->
                            put(image, position, data, 0, data.length);
                    case Resized(Inode _, int size) ->
                            image.bytes = Arrays.copyOf(image.bytes, size);
                    case Renamed _ -> throw new AssertionError();
                }
            }
            inode.synced = image.bytes;
            pending.clear();
            pending.addAll(others);
        }

        private boolean isOf(Pending change) {
            return (change instanceof Written written && written.inode == inode)
                    || (change instanceof Resized resized && resized.inode == inode);
        }

        @Override
        public long size() throws IOException {
            synchronized (FaultyDisk.this) {
                refuseClosed();
                return inode.bytes.length;
            }
        }

        @Override
        public void truncate(long bytes) throws IOException {
            synchronized (FaultyDisk.this) {
                refuseClosed();
                operation();
                inode.bytes = Arrays.copyOf(inode.bytes, (int) bytes);
                pending.add(new Resized(inode, (int) bytes));
            }
        }

        @Override
        public void close() {
            closed = true;
        }

        private void refuseClosed() throws IOException {
            if (closed) {
                throw new IOException("file is closed");
            }
        }
    }
}
