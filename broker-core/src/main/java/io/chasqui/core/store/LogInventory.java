package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What files a log's directory holds and what their headers say, before any record is read.
 *
 * @param segmentBits as the files say; the option's value in a new directory
 * @param instanceId as the files say; the option's value in a new directory
 * @param highest largest segment number a file has, or had before it became a spare: the next must
 *     be larger, for what such a file holds would verify under its own number
 * @param segments numbers ascending
 * @param damagedHeaders segments whose header cannot be read
 * @param compacted segments that were compacted
 * @param spares numbers of the spare files
 */
record LogInventory(
        int segmentBits,
        long instanceId,
        long highest,
        List<Long> segments,
        Set<Long> damagedHeaders,
        Set<Long> compacted,
        List<Long> spares) {

    /**
     * Reads all headers and deletes what an earlier process left unfinished.
     *
     * @throws StoreException if a file is another release's or another data directory's
     */
    static LogInventory read(LogDirectory directory, StoreOptions options) throws IOException {
        LogDirectory.Contents contents = directory.contents();
        for (String path : contents.unfinished()) {
            directory.disk().delete(path);
        }
        Reading reading = new Reading(directory, options);
        for (long number : contents.segments()) {
            reading.segment(number);
        }
        for (long spare : contents.spares()) {
            reading.spare(spare);
        }
        return reading.result(contents);
    }

    private static final class Reading {
        private final LogDirectory directory;
        private final ByteBuffer header = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
        private final Set<Long> damaged = new HashSet<>();
        private final Set<Long> compacted = new HashSet<>();
        private final List<Long> usableSpares = new ArrayList<>();
        private boolean known;
        private String knownFrom = "";
        private int bits;
        private long instanceId;
        private long highest;

        Reading(LogDirectory directory, StoreOptions options) {
            this.directory = directory;
            this.bits = options.segmentBits();
            this.instanceId = options.instanceId();
        }

        void segment(long number) throws IOException {
            highest = Math.max(highest, number);
            String path = directory.segment(number);
            if (!readHeader(path)) {
                damaged.add(number);
                if (hasMapAtEnd(path)) {
                    compacted.add(number);
                }
                return;
            }
            SegmentHeader read = SegmentHeader.read(header, 0, path);
            if (read.segment() != number) {
                throw StoreException.of(
                        "%s is segment %d by its header; the file was renamed or copied",
                        path, read.segment());
            }
            compare(path, read);
            if (read.isCompacted()) {
                compacted.add(number);
            }
        }

        void spare(long spare) throws IOException {
            String path = directory.spare(spare);
            if (readHeader(path)) {
                SegmentHeader read = SegmentHeader.read(header, 0, path);
                compare(path, read);
                highest = Math.max(highest, read.segment());
            } else if (headerIsWritten()) {
                directory.disk().delete(path); // no telling what its number was
                return;
            }
            usableSpares.add(spare);
        }

        private boolean readHeader(String path) throws IOException {
            try (DiskFile file = directory.disk().open(path)) {
                file.read(header.clear(), 0);
                return !header.hasRemaining() && SegmentHeader.intact(header, 0);
            }
        }

        private boolean headerIsWritten() {
            for (int at = 0; at < header.position(); at++) {
                if (header.get(at) != 0) {
                    return true;
                }
            }
            return false;
        }

        private boolean hasMapAtEnd(String path) throws IOException {
            try (DiskFile file = directory.disk().open(path)) {
                return OffsetMap.readAtEnd(file) != null;
            }
        }

        private void compare(String path, SegmentHeader read) {
            if (!known) {
                known = true;
                knownFrom = path;
                bits = read.segmentBits();
                instanceId = read.instanceId();
            } else if (read.instanceId() != instanceId) {
                throw StoreException.of(
                        "%s belongs to data directory %016x, %s to %016x; a file was copied here",
                        path, read.instanceId(), knownFrom, instanceId);
            } else if (read.segmentBits() != bits) {
                throw StoreException.of(
                        "%s has %d position bits, %s has %d; a file was copied here",
                        path, read.segmentBits(), knownFrom, bits);
            }
        }

        LogInventory result(LogDirectory.Contents contents) throws IOException {
            if (!known) {
                refuseUnreadable();
            }
            dropSparesOfOtherSize();
            return new LogInventory(
                    bits,
                    instanceId,
                    highest,
                    contents.segments(),
                    damaged,
                    compacted,
                    usableSpares);
        }

        /** Without any header nothing can be verified: only empty files may be taken for new. */
        private void refuseUnreadable() throws IOException {
            for (long number : damaged) {
                String path = directory.segment(number);
                try (DiskFile file = directory.disk().open(path)) {
                    if (file.size() >= SegmentHeader.BYTES && !allZero(file)) {
                        throw StoreException.of(
                                "%s has no readable header, and neither has any other segment",
                                path);
                    }
                }
            }
        }

        private static boolean allZero(DiskFile file) throws IOException {
            ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 16);
            for (long at = 0; ; at += chunk.capacity()) {
                int read = file.read(chunk.clear(), at);
                if (read == 0) {
                    return true;
                }
                for (int i = 0; i < read; i++) {
                    if (chunk.get(i) != 0) {
                        return false;
                    }
                }
            }
        }

        /** A spare whose filling was cut short would grow under the log's hands. */
        private void dropSparesOfOtherSize() throws IOException {
            List<Long> complete = new ArrayList<>();
            for (long spare : usableSpares) {
                long size;
                try (DiskFile file = directory.disk().open(directory.spare(spare))) {
                    size = file.size();
                }
                if (size == 1L << bits) {
                    complete.add(spare);
                } else {
                    directory.disk().delete(directory.spare(spare));
                }
            }
            usableSpares.clear();
            usableSpares.addAll(complete);
        }
    }
}
