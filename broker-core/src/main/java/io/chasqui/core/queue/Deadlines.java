package io.chasqui.core.queue;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When those messages of an index must go that have a shorter life than one before them. All others
 * are due at the head of the index: whatever lies before them is due earlier. So there is nothing here
 * in a queue whose messages live for ever, or all equally long.
 *
 * <p>16 bytes for each of them, outside the Java heap. If there is no memory left ({@link
 * PagePool#isExhausted}), those that come wait unregistered until there is; meanwhile they expire at the
 * head. After a restart the messages with a life of their own are looked at one by one, in the
 * background, as their records say how long it is.
 *
 * <p>Those that left the index before their time are forgotten when they would be due, or when they are
 * more than half. Belongs to the queue's shard.
 */
final class Deadlines {

    static final long NEVER = Long.MAX_VALUE;

    /** Messages looked at in one go before the shard's other work gets its turn. */
    private static final int STEP = 4096;

    /** So many that are gone are not worth a search for them. */
    private static final int FEW = 1024;

    private final QueueIndex index;
    private final IndexReach reach;
    private final DueHeap heap;
    private final RecordTimes times;
    private final DueTimes dueTimes;

    /** What became due while it was given out, and when. */
    private final Map<Long, Long> overdue = new HashMap<>();

    /** No message seen so far is due later; {@link #NEVER} if one lives for ever. */
    private long latestMs;

    /** Null if every message was looked at. */
    private @Nullable IndexWalk walk;

    private boolean waitsForMemory;

    /** When a message is due whose record was just found. */
    @FunctionalInterface
    interface DueTimes {

        long ownDueMs(RecordTimes found);
    }

    /**
     * @param times for finding what was stored before
     * @param recovered whether messages with a life of their own may be in the index already
     */
    Deadlines(QueueIndex index, RecordTimes times, DueTimes dueTimes, boolean recovered) {
        this.index = index;
        this.reach = index.reach();
        this.times = times;
        this.dueTimes = dueTimes;
        this.heap = new DueHeap(index.pool());
        this.latestMs = recovered ? Long.MIN_VALUE : NEVER;
        this.walk = recovered ? reach.walkFrom(0) : null;
    }

    /**
     * A message came.
     *
     * @param dueMs when its own time is over, or {@link #NEVER}
     * @return whether it is the next to go of those here
     */
    boolean arrived(long seq, long dueMs) {
        if (index.ready() + index.unacked() == 1) {
            forgetAll();
            latestMs = dueMs;
            return false;
        }
        if (walk != null) {
            return false; // it will come to it
        }
        if (dueMs >= latestMs) {
            latestMs = dueMs;
            return false;
        }
        if (!add(dueMs, seq)) {
            walk = reach.walkFrom(seq);
            return false;
        }
        return heap.firstSeq() == seq;
    }

    private boolean add(long dueMs, long seq) {
        if (heap.isEmpty()) {
            reach.stayInMemory(true);
        } else if (heap.size() > 2 * (index.ready() + index.unacked()) + FEW) {
            heap.retain(reach::isLive);
        }
        if (!heap.add(dueMs, seq)) {
            waitsForMemory = true;
            return false;
        }
        return true;
    }

    /** When the next one must go, or {@link #NEVER}. */
    long nextMs() {
        return heap.isEmpty() ? NEVER : heap.firstDueMs();
    }

    /**
     * Deals with the next one, which is due.
     *
     * @return its sequence number if it expires; {@link QueueIndex#NONE} if it is not there any more, or
     *     given out; {@link QueueIndex#LOADING} if that is not known yet
     */
    long takeNext() {
        long seq = heap.firstSeq();
        Presence presence = reach.presence(seq);
        if (presence == Presence.LOADING) {
            return QueueIndex.LOADING;
        }
        if (presence == Presence.OUT) {
            if (overdue.size() > 2 * index.unacked() + FEW) {
                overdue.keySet().removeIf(other -> !reach.isLive(other));
            }
            overdue.put(seq, heap.firstDueMs());
        }
        heap.pop();
        if (heap.isEmpty()) {
            reach.stayInMemory(false);
        }
        return presence == Presence.READY ? seq : QueueIndex.NONE;
    }

    /** A message came back: its time may be over. */
    void gaveBack(long seq) {
        if (!overdue.isEmpty()) {
            Long dueMs = overdue.remove(seq);
            if (dueMs != null) {
                boolean unused = add(dueMs, seq);
            }
        }
    }

    /** Whether {@link #goOn} is to be called. */
    boolean isBehind() {
        return walk != null;
    }

    /**
     * Looks at messages that were in the index before, as far as they are in memory.
     *
     * @return whether to call again soon
     */
    boolean goOn() {
        IndexWalk way = walk;
        if (way == null || (waitsForMemory && !heap.hasRoom())) {
            return false;
        }
        waitsForMemory = false;
        for (int looks = 0; looks < STEP; looks++) {
            long seq = reach.here(way);
            if (seq == QueueIndex.NONE) {
                walk = null;
                latestMs = way.passedUnlimited() ? NEVER : latestMs;
                return false;
            }
            if (seq == QueueIndex.LOADING || !times.find(seq)) {
                return false;
            }
            latestMs = way.passedUnlimited() ? NEVER : latestMs;
            long dueMs = dueTimes.ownDueMs(times);
            if (dueMs < latestMs && !add(dueMs, seq)) {
                return false;
            }
            latestMs = Math.max(latestMs, dueMs);
            way.pass();
        }
        return true;
    }

    /** Nothing is left in the index. */
    void forgetAll() {
        if (!heap.isEmpty()) {
            heap.clear();
            reach.stayInMemory(false);
        }
        overdue.clear();
        walk = null;
        waitsForMemory = false;
    }
}
