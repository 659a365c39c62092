package io.chasqui.core.queue;

import io.chasqui.core.message.StoredMessage;

/**
 * What a queue is told of a message that comes, besides its place and length, as one word:
 *
 * <pre>
 *   bit 0       its body is stored in parts
 *   bit 1       a client failed with it when it was in another queue
 *   bit 2       the queue takes it even if it is full
 *   bits 3-11   its priority + 1; 0 for none
 *   bits 16-63  its time to live in milliseconds + 1; 0 for ever
 * </pre>
 */
public final class Arrival {

    static final long LARGE = 1;
    static final long FAILED = 2;
    static final long INSISTS = 4;

    private static final int PRIORITY_SHIFT = 3;
    private static final int PRIORITY_MASK = 0x1FF;
    private static final int TIME_TO_LIVE_SHIFT = 16;

    private Arrival() {}

    /**
     * @param large whether its body is stored in parts
     * @param timeToLiveMs or {@link StoredMessage#FOR_EVER}
     * @param priority or {@link StoredMessage#NO_PRIORITY}
     */
    public static long of(boolean large, long timeToLiveMs, int priority) {
        return (timeToLiveMs + 1) << TIME_TO_LIVE_SHIFT
                | (priority + 1L) << PRIORITY_SHIFT
                | (large ? LARGE : 0);
    }

    /** The same for a queue that shall take it even if it is full. */
    public static long insisting(long word) {
        return word | INSISTS;
    }

    /** 0 to 255, or {@link StoredMessage#NO_PRIORITY}. */
    static int priority(long word) {
        return ((int) (word >> PRIORITY_SHIFT) & PRIORITY_MASK) - 1;
    }

    static long timeToLiveMs(long word) {
        return (word >> TIME_TO_LIVE_SHIFT) - 1;
    }

    static boolean large(long word) {
        return (word & LARGE) != 0;
    }

    static boolean insists(long word) {
        return (word & INSISTS) != 0;
    }

    /** The flags of its entry in the index, the position's apart. */
    static int flags(long word) {
        return (large(word) ? QueueIndex.LARGE : 0)
                | ((word & FAILED) == 0 ? 0 : QueueIndex.FAILED | QueueIndex.REDELIVERED)
                | (word >>> TIME_TO_LIVE_SHIFT == 0 ? 0 : QueueIndex.TIME_TO_LIVE);
    }
}
