package io.chasqui.core.store;

/**
 * How a log is laid out and how lazy it may be.
 *
 * @param ringBytes size of the append ring, a power of two; write buffer and read cache in one
 * @param segmentBits log2 of a segment's bytes; counts only where the data directory is new, an
 *     existing one keeps what its files say
 * @param instanceId a random number for a new data directory; an existing one keeps its own
 * @param keptSpares dead segments kept for reuse rather than deleted
 * @param openFiles segment files kept open for reading
 * @param lazyWriteNs longest time until a record nobody waits for is handed to the system
 * @param lazySyncNs longest time until such a record is synced
 * @param compactSlackBytes log bytes beyond twice the live bytes before segments are compacted
 */
public record StoreOptions(
        int ringBytes,
        int segmentBits,
        long instanceId,
        int keptSpares,
        int openFiles,
        long lazyWriteNs,
        long lazySyncNs,
        long compactSlackBytes) {

    public static final int DURABLE_SEGMENT_BITS = 26;
    public static final int TRANSIENT_SEGMENT_BITS = 22;
    public static final int KEPT_SPARES = 4;
    public static final int OPEN_FILES = 256;
    public static final long LAZY_WRITE_NS = 10_000_000;
    public static final long LAZY_SYNC_NS = 1_000_000_000;
    public static final long COMPACT_SLACK_BYTES = 1L << 30;

    /** For the durable log. */
    public static StoreOptions durable(int ringBytes, long instanceId) {
        return of(ringBytes, DURABLE_SEGMENT_BITS, instanceId);
    }

    /** For the transient log, whose segments are small because each is spilled as a whole. */
    public static StoreOptions transientLog(int ringBytes, long instanceId) {
        return of(ringBytes, TRANSIENT_SEGMENT_BITS, instanceId);
    }

    private static StoreOptions of(int ringBytes, int segmentBits, long instanceId) {
        return new StoreOptions(
                ringBytes,
                segmentBits,
                instanceId,
                KEPT_SPARES,
                OPEN_FILES,
                LAZY_WRITE_NS,
                LAZY_SYNC_NS,
                COMPACT_SLACK_BYTES);
    }

    public StoreOptions withSegmentBits(int bits) {
        return new StoreOptions(
                ringBytes,
                bits,
                instanceId,
                keptSpares,
                openFiles,
                lazyWriteNs,
                lazySyncNs,
                compactSlackBytes);
    }

    public StoreOptions withCompactSlackBytes(long bytes) {
        return new StoreOptions(
                ringBytes,
                segmentBits,
                instanceId,
                keptSpares,
                openFiles,
                lazyWriteNs,
                lazySyncNs,
                bytes);
    }
}
