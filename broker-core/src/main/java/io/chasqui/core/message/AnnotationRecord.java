package io.chasqui.core.message;

import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.RecordType;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * What clients have added to the annotations of one message, all of it, as an ANNOTATE record in the log;
 * checkpoints have the same, one behind the other:
 *
 * <pre>
 *   | u64 queue id | u64 position | u32 octets | octets: a map of 1.0 |
 * </pre>
 */
public final class AnnotationRecord {

    /** Largest map. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final int FIXED_BYTES = 20;

    private AnnotationRecord() {}

    /** Appends one to the log. Nobody waits for it. */
    public static void write(
            CommitLog log, long queueId, long position, ByteBuffer octets, long timeMs) {
        long unused =
                log.begin(RecordType.ANNOTATE, 0, 0, 0, 0, 0, timeMs, FIXED_BYTES + octets.limit());
        boolean whole = false;
        try {
            put(log.buffer(), log.payloadAt(), queueId, position, octets);
            whole = true;
        } finally {
            log.endIf(whole, false);
        }
    }

    private static int put(ByteBuffer to, int at, long queueId, long position, ByteBuffer octets) {
        to.putLong(at, queueId).putLong(at + 8, position).putInt(at + 16, octets.limit());
        to.put(at + FIXED_BYTES, octets, 0, octets.limit());
        return at + FIXED_BYTES + octets.limit();
    }

    /** Those of one queue whose positions count, one behind the other. */
    public static ByteBuffer all(
            long queueId, Map<Long, ByteBuffer> annotations, LongPredicate counts) {
        Map<Long, ByteBuffer> now = Map.copyOf(annotations);
        int bytes = now.values().stream().mapToInt(each -> FIXED_BYTES + each.limit()).sum();
        ByteBuffer all = ByteBuffer.allocate(bytes);
        int at = 0;
        for (Map.Entry<Long, ByteBuffer> entry : now.entrySet()) {
            if (counts.test(entry.getKey())) {
                at = put(all, at, queueId, entry.getKey(), entry.getValue());
            }
        }
        return all.limit(at);
    }

    /**
     * Reads the one at {@code at}.
     *
     * @return where the next one would be
     */
    public static int read(ByteBuffer payload, int at, Found sink) {
        ByteBuffer octets = ByteBuffer.allocate(payload.getInt(at + 16));
        octets.put(0, payload, at + FIXED_BYTES, octets.capacity());
        sink.found(payload.getLong(at), payload.getLong(at + 8), octets);
        return at + FIXED_BYTES + octets.capacity();
    }

    /** Takes what was found. */
    @FunctionalInterface
    public interface Found {
        void found(long queueId, long position, ByteBuffer octets);
    }
}
