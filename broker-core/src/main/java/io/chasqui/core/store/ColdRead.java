package io.chasqui.core.store;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * A reusable order for records that are no longer in the ring: filled by its owner, carried out by
 * {@link LogReader}, then the owner's again. Records come back in the order they were added.
 */
public final class ColdRead {

    /** Instead of an index: the segment that the record was in is not part of the log any more. */
    public static final int GONE = -2;

    private static final int DAMAGED = -1;

    private final Consumer<ColdRead> completed;
    private final long[] lsns;
    private final int[] lengths;
    private final int[] at;
    private int count;
    private int bytes;
    private ByteBuffer data;

    /**
     * @param maxRecords most records of one order
     * @param dataBytes most bytes of one order; a single longer record is read all the same
     * @param completed called on the reader's thread; must be quick and not throw
     */
    public ColdRead(int maxRecords, int dataBytes, Consumer<ColdRead> completed) {
        this.completed = completed;
        this.lsns = new long[maxRecords];
        this.lengths = new int[maxRecords];
        this.at = new int[maxRecords];
        this.data = ByteBuffer.allocateDirect(dataBytes);
    }

    /** Empties the order, for the next. */
    public void clear() {
        count = 0;
        bytes = 0;
    }

    /**
     * Adds a record.
     *
     * @param lsn its position in the reader's log, without {@link Lsn#TRANSIENT}
     * @param length its bytes with header, without padding
     * @return false if it does not fit in this order any more
     */
    public boolean add(long lsn, int length) {
        int aligned = RecordLayout.aligned(length);
        if (count == lsns.length || (count > 0 && bytes + aligned > data.capacity())) {
            return false;
        }
        if (aligned > data.capacity()) {
            data = ByteBuffer.allocateDirect(aligned);
        }
        lsns[count] = lsn;
        lengths[count] = length;
        at[count++] = DAMAGED;
        bytes += aligned;
        return true;
    }

    public int count() {
        return count;
    }

    public long lsn(int i) {
        return lsns[i];
    }

    public int length(int i) {
        return lengths[i];
    }

    /**
     * Index in {@link #data} of the i-th record's header; {@link #GONE}, or another negative number if
     * it cannot be read, at least not now.
     */
    public int at(int i) {
        return at[i];
    }

    /** What was read; absolute reads only. */
    public ByteBuffer data() {
        return data;
    }

    void found(int i, int index) {
        at[i] = index;
    }

    void gone(int i) {
        at[i] = GONE;
    }

    /** Bytes the records take, each up to a multiple of 8. */
    int bytes() {
        return bytes;
    }

    void completed() {
        completed.accept(this);
    }
}
