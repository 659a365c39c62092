package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Segment files open for reading, the longest unused closed first. A file is {@link #use used} and
 * {@link #done given back}; it is not closed in between, so a reader goes on with what it opened
 * even when the segment is compacted or deleted meanwhile.
 */
final class SegmentFiles {

    /** A segment's file, and where its records are in it. */
    static final class Open {
        final long number;
        final DiskFile file;
        private final boolean compacted;
        private final @Nullable OffsetMap map;
        private int users;
        private boolean forgotten;

        private Open(long number, DiskFile file, boolean compacted, @Nullable OffsetMap map) {
            this.number = number;
            this.file = file;
            this.compacted = compacted;
            this.map = map;
        }

        /**
         * File position of the record written at {@code offset}; -1 if it is not there any more.
         */
        int position(int offset) {
            if (!compacted) {
                return offset;
            }
            return map == null ? -1 : map.find(offset);
        }

        @Nullable OffsetMap map() {
            return map;
        }
    }

    private final LogDirectory directory;
    private final int cap;
    private final Map<Long, Open> open = new LinkedHashMap<>(16, 0.75f, true);

    SegmentFiles(LogDirectory directory, int cap) {
        this.directory = directory;
        this.cap = cap;
    }

    /**
     * The segment's file, to be given back with {@link #done}.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such segment
     */
    synchronized Open use(long number) throws IOException {
        Open entry = open.get(number);
        if (entry == null) {
            entry = open(number);
            open.put(number, entry);
        }
        entry.users++;
        closeUnused();
        return entry;
    }

    synchronized void done(Open entry) throws IOException {
        entry.users--;
        if (entry.forgotten && entry.users == 0) {
            entry.file.close();
        }
    }

    /**
     * The segment's file was replaced, renamed or deleted: the next use opens anew.
     *
     * @return whether somebody still reads what it was
     */
    synchronized boolean forget(long number) throws IOException {
        Open entry = open.remove(number);
        if (entry == null) {
            return false;
        }
        entry.forgotten = true;
        if (entry.users > 0) {
            return true;
        }
        entry.file.close();
        return false;
    }

    synchronized void close() throws IOException {
        for (Long number : open.keySet().toArray(Long[]::new)) {
            forget(number);
        }
    }

    private Open open(long number) throws IOException {
        String path = directory.segment(number);
        DiskFile file = directory.disk().open(path);
        try {
            ByteBuffer header = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
            file.read(header, 0);
            if (header.hasRemaining() || !SegmentHeader.intact(header, 0)) {
                // A damaged header: a map at the end tells that the segment was compacted, and the
                // records of a plain one are found without a header.
                OffsetMap map = OffsetMap.readAtEnd(file);
                return new Open(number, file, map != null, map);
            }
            SegmentHeader read = SegmentHeader.read(header, 0, path);
            OffsetMap map = read.isCompacted() ? OffsetMap.read(file, read) : null;
            return new Open(number, file, read.isCompacted(), map);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void closeUnused() throws IOException {
        Iterator<Open> entries = open.values().iterator();
        while (open.size() > cap && entries.hasNext()) {
            Open entry = entries.next();
            if (entry.users == 0) {
                entries.remove();
                entry.file.close();
            }
        }
    }
}
