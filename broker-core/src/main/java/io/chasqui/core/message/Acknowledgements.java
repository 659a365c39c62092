package io.chasqui.core.message;

import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.RecordLayout;
import io.chasqui.core.store.RecordType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Receipts of messages of one queue that are done with and have yet to be written to the durable log, as one
 * ACK record a tick:
 *
 * <pre>
 *   | u64 queue id | u32 count | u32 0 | u64 first receipt | (count - 1) x zigzag varint |
 * </pre>
 *
 * A receipt is the message's position; of a queue with priorities it has the level, plus 1, in the bits
 * from 54 on. The varints are the differences from one to the next, in units of 8 bytes: one or two
 * octets each for messages acknowledged in order.
 */
public final class Acknowledgements {

    private static final int FIXED_BYTES = 24;
    private static final int MAX_VARINT_BYTES = 10;

    /** Keeps a record far below the smallest log's record limit. */
    private static final int MAX_PER_RECORD = 8192;

    private long[] positions = new long[64];
    private int size;

    public void add(long position) {
        if (size == positions.length) {
            positions = Arrays.copyOf(positions, size * 2);
        }
        positions[size++] = position;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Appends what has gathered to the log and forgets it. Nobody waits for it. */
    public void writeTo(CommitLog log, long queueId, long timeMs) {
        for (int from = 0; from < size; from += MAX_PER_RECORD) {
            write(log, 0, queueId, timeMs, from, Math.min(size, from + MAX_PER_RECORD));
        }
        size = 0;
    }

    /** Appends what has gathered to the log as part of a transaction and forgets it. */
    public void writeInTransaction(
            CommitLog log, long queueId, long timeMs, TransactionRecord transaction) {
        int flags = RecordLayout.IN_TRANSACTION;
        for (int from = 0; from < size; from += MAX_PER_RECORD) {
            int to = Math.min(size, from + MAX_PER_RECORD);
            transaction.add(write(log, flags, queueId, timeMs, from, to));
        }
        size = 0;
    }

    private long write(CommitLog log, int flags, long queueId, long timeMs, int from, int to) {
        long lsn = log.begin(RecordType.ACK, flags, 0, 0, 0, 0, timeMs, bytes(from, to));
        boolean whole = false;
        try {
            ByteBuffer buffer = log.buffer();
            int at = log.payloadAt();
            buffer.putLong(at, queueId);
            buffer.putInt(at + 8, to - from);
            buffer.putInt(at + 12, 0);
            buffer.putLong(at + 16, positions[from]);
            at += FIXED_BYTES;
            for (int i = from + 1; i < to; i++) {
                at = putVarint(buffer, at, step(i));
            }
            whole = true;
        } finally {
            log.endIf(whole, false);
        }
        return lsn;
    }

    private int bytes(int from, int to) {
        int bytes = FIXED_BYTES;
        for (int i = from + 1; i < to; i++) {
            long rest = step(i);
            do {
                bytes++;
                rest >>>= 7;
            } while (rest != 0);
        }
        return bytes;
    }

    private long step(int i) {
        long difference = (positions[i] - positions[i - 1]) >> 3;
        return (difference << 1) ^ (difference >> 63);
    }

    private static int putVarint(ByteBuffer buffer, int at, long value) {
        int next = at;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer.put(next++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        buffer.put(next++, (byte) rest);
        return next;
    }

    /** The queue whose messages a record acknowledges. */
    public static long queueId(ByteBuffer payload, int at) {
        return payload.getLong(at);
    }

    /**
     * Reads an ACK record's payload.
     *
     * @throws IllegalArgumentException if it contradicts itself
     */
    public static void read(ByteBuffer payload, int at, int length, Positions sink) {
        int count = payload.getInt(at + 8);
        int end = at + length;
        int next = at + FIXED_BYTES;
        long position = payload.getLong(at + 16);
        sink.position(position);
        for (int i = 1; i < count; i++) {
            long value = 0;
            int shift = 0;
            byte octet;
            do {
                if (next >= end || shift >= MAX_VARINT_BYTES * 7) {
                    throw new IllegalArgumentException(
                            "acknowledgement record of " + count + " ends after " + i);
                }
                octet = payload.get(next++);
                value |= (long) (octet & 0x7F) << shift;
                shift += 7;
            } while (octet < 0);
            position += ((value >>> 1) ^ -(value & 1)) << 3;
            sink.position(position);
        }
    }

    /** Takes positions one by one. */
    @FunctionalInterface
    public interface Positions {
        void position(long position);
    }
}
