package io.chasqui.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes records from the ring to their segment's file, filling in their checksums on the way: one
 * {@code pwrite} for what lies side by side in both. Checksums are computed here, and not by the
 * appenders, because event loops have better things to do and a transient record that is never
 * written needs none.
 */
final class RingWriter {

    private final LogGeometry geometry;
    private final ByteBuffer ring;
    private final RecordCrc crc;

    RingWriter(LogGeometry geometry, ByteBuffer ring, long instanceId) {
        this.geometry = geometry;
        this.ring = ring.duplicate();
        this.crc = new RecordCrc(ring, instanceId);
    }

    /**
     * Writes the records from {@code from} to {@code to}, or to the end of their segment if that
     * comes first.
     *
     * @return position behind the last record written; the first record of the next segment if a
     *     ROLL was
     */
    long write(DiskFile file, long from, long to) throws IOException {
        crc.segment(geometry.segment(from));
        long runStart = from;
        long at = from;
        while (at < to) {
            int index = geometry.ringIndex(at);
            int length = RecordLayout.length(ring, index);
            int type = RecordLayout.type(ring, index);
            crc.seal(index, length);
            long end = at + RecordLayout.aligned(length);
            if (type == RecordType.ROLL) {
                writeRun(file, runStart, end);
                return geometry.firstRecord(geometry.segment(from) + 1);
            }
            if (type == RecordType.PAD) {
                writeRun(file, runStart, at + RecordLayout.HEADER_BYTES);
                runStart = end;
            } else if (geometry.ringIndex(end) == 0) {
                writeRun(file, runStart, end);
                runStart = end;
            }
            at = end;
        }
        writeRun(file, runStart, to);
        return to;
    }

    private void writeRun(DiskFile file, long from, long to) throws IOException {
        if (from < to) {
            int index = geometry.ringIndex(from);
            ring.limit(index + (int) (to - from)).position(index);
            file.write(ring, geometry.offset(from));
            ring.clear();
        }
    }
}
