package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One rewriting of a segment to the few records that are still live, byte for byte, so that their
 * checksums stay valid. Written to a temporary file, synced and renamed over the old one: at every
 * moment the name leads to a whole file, and whoever reads the old one goes on with it.
 */
final class SegmentCompaction {

    private static final int CHUNK_BYTES = 4096;

    private final LogContext context;
    private final LogGeometry geometry;
    private final LogDirectory directory;
    private final long number;
    private ByteBuffer record = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private RecordCrc crc;

    SegmentCompaction(LogContext context, long number) {
        this.context = context;
        this.geometry = context.geometry();
        this.directory = context.directory();
        this.number = number;
        this.crc = newCrc();
    }

    private RecordCrc newCrc() {
        RecordCrc created = new RecordCrc(record, context.instanceId());
        created.segment(number);
        return created;
    }

    /** Does it; returns the new file's size. */
    long run(long[] sortedLiveLsns) throws IOException {
        Disk disk = directory.disk();
        String temporary = directory.temporary(number);
        disk.delete(temporary); // what a failed attempt left
        long size;
        try (DiskFile target = disk.create(temporary)) {
            size = write(target, sortedLiveLsns);
            target.sync();
        } catch (IOException e) {
            disk.delete(temporary);
            throw e;
        }
        disk.rename(temporary, directory.segment(number));
        directory.sync();
        return size;
    }

    private long write(DiskFile target, long[] lsns) throws IOException {
        int[] from = new int[lsns.length];
        int[] to = new int[lsns.length];
        int at = SegmentHeader.BYTES + OffsetMap.bytes(lsns.length);
        SegmentFiles.Open source = context.files().use(number);
        try {
            for (int i = 0; i < lsns.length; i++) {
                from[i] = geometry.offset(lsns[i]);
                int length = read(source, from[i]);
                if (length > 0) {
                    int aligned = RecordLayout.aligned(length);
                    to[i] = at;
                    target.write(record.limit(aligned).position(0), at);
                    record.clear();
                    at += aligned;
                } else {
                    context.counters().damagedRecords.incrementAndGet();
                }
            }
        } finally {
            context.files().done(source);
        }
        ByteBuffer map = new OffsetMap(from, to).encode();
        target.write(map.duplicate(), SegmentHeader.BYTES);
        target.write(map.duplicate(), at);
        writeHeader(target, lsns.length);
        return (long) at + map.capacity();
    }

    private void writeHeader(DiskFile target, int records) throws IOException {
        ByteBuffer header = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
        SegmentHeader.compacted(
                        geometry.segmentBits(),
                        number,
                        context.clock().wallMs(),
                        context.instanceId(),
                        records)
                .put(header, 0);
        target.write(header, 0);
    }

    /** Reads a record to the buffer's beginning; returns its length, 0 if it is damaged. */
    private int read(SegmentFiles.Open source, int offset) throws IOException {
        int position = source.position(offset);
        if (position < 0) {
            return 0;
        }
        int read = source.file.read(record.clear(), position);
        int length = crc.plausibleLength(0, geometry.segmentBytes());
        if (read < RecordLayout.HEADER_BYTES || length == 0) {
            return 0;
        }
        int aligned = RecordLayout.aligned(length);
        if (aligned > record.capacity()) {
            record = ByteBuffer.allocateDirect(aligned);
            crc = newCrc();
        }
        if (aligned > read) {
            read = source.file.read(record.clear(), position);
        }
        record.clear();
        return length <= read && crc.intact(0, read) ? length : 0;
    }
}
