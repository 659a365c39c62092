package io.chasqui.core.message;

import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.RecordType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The record that makes a transaction's other records count, all of them at once. They stand before
 * it in the log with the flag {@link io.chasqui.core.store.RecordLayout#IN_TRANSACTION}, and mean
 * nothing without it:
 *
 * <pre>
 *   | u32 count | u32 0 | count x u64 position |
 * </pre>
 *
 * Gathers the positions while the transaction is committed.
 */
public final class TransactionRecord {

    private static final int FIXED_BYTES = 8;

    private long[] members = new long[16];
    private int count;

    /** Adds a record of the transaction. */
    public void add(long position) {
        if (count == members.length) {
            members = Arrays.copyOf(members, count * 2);
        }
        members[count++] = position;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Appends the record; the transaction is committed once what is returned is on disk. */
    public long writeTo(CommitLog log, long timeMs) {
        long lsn =
                log.begin(RecordType.TX, 0, 0, 0, 0, 0, timeMs, FIXED_BYTES + count * Long.BYTES);
        boolean whole = false;
        try {
            ByteBuffer buffer = log.buffer();
            int at = log.payloadAt();
            buffer.putInt(at, count);
            buffer.putInt(at + 4, 0);
            for (int i = 0; i < count; i++) {
                buffer.putLong(at + FIXED_BYTES + i * Long.BYTES, members[i]);
            }
            whole = true;
        } finally {
            log.endIf(whole, true);
        }
        return lsn;
    }

    /** Reads the positions of a transaction's records. */
    public static void read(ByteBuffer payload, int at, LongConsumer member) {
        int count = payload.getInt(at);
        for (int i = 0; i < count; i++) {
            member.accept(payload.getLong(at + FIXED_BYTES + i * Long.BYTES));
        }
    }
}
