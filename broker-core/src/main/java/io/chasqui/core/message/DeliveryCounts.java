package io.chasqui.core.message;

import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.RecordType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Counts of deliveries in vain of one queue's messages that have changed and have yet to be written to
 * the durable log, as one COUNT record a tick:
 *
 * <pre>
 *   | u64 queue id | u32 count | u32 0 | count x ( u64 position, u32 returned, u32 failed ) |
 * </pre>
 *
 * Older releases wrote 0 returned.
 */
public final class DeliveryCounts {

    private static final int FIXED_BYTES = 16;
    private static final int ENTRY_BYTES = 16;

    /** Keeps a record far below the smallest log's record limit. */
    private static final int MAX_PER_RECORD = 192;

    private long[] positions = new long[16];
    private int[] failures = new int[16];
    private int[] returns = new int[16];
    private int size;

    /**
     * @param position or receipt of the message
     * @param failed how often clients failed with it
     * @param returned how often they gave it back unharmed
     */
    public void add(long position, int failed, int returned) {
        if (size == positions.length) {
            positions = Arrays.copyOf(positions, size * 2);
            failures = Arrays.copyOf(failures, size * 2);
            returns = Arrays.copyOf(returns, size * 2);
        }
        positions[size] = position;
        returns[size] = returned;
        failures[size++] = failed;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Appends what has gathered to the log and forgets it. Nobody waits for it. */
    public void writeTo(CommitLog log, long queueId, long timeMs) {
        for (int from = 0; from < size; from += MAX_PER_RECORD) {
            write(log, queueId, timeMs, from, Math.min(size, from + MAX_PER_RECORD));
        }
        size = 0;
    }

    private void write(CommitLog log, long queueId, long timeMs, int from, int to) {
        long unused =
                log.begin(
                        RecordType.COUNT,
                        0,
                        0,
                        0,
                        0,
                        0,
                        timeMs,
                        FIXED_BYTES + (to - from) * ENTRY_BYTES);
        boolean whole = false;
        try {
            ByteBuffer buffer = log.buffer();
            int at = log.payloadAt();
            buffer.putLong(at, queueId).putInt(at + 8, to - from).putInt(at + 12, 0);
            at += FIXED_BYTES;
            for (int i = from; i < to; i++, at += ENTRY_BYTES) {
                buffer.putLong(at, positions[i]);
                buffer.putInt(at + 8, returns[i]).putInt(at + 12, failures[i]);
            }
            whole = true;
        } finally {
            log.endIf(whole, false);
        }
    }

    /** The queue whose messages a record counts. */
    public static long queueId(ByteBuffer payload, int at) {
        return payload.getLong(at);
    }

    /** Reads a COUNT record's payload. */
    public static void read(ByteBuffer payload, int at, Counts sink) {
        int count = payload.getInt(at + 8);
        for (int i = 0; i < count; i++) {
            int entry = at + FIXED_BYTES + i * ENTRY_BYTES;
            sink.count(
                    payload.getLong(entry), payload.getInt(entry + 12), payload.getInt(entry + 8));
        }
    }

    /** Takes the counts one by one. */
    @FunctionalInterface
    public interface Counts {
        void count(long position, int failures, int returns);
    }
}
