package io.chasqui.core.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of a queue with priorities: a {@link QueueIndex} for each level, made with the level's
 * first message. The first ready message of the highest level comes first. A message that is given
 * back returns to its place in its level.
 *
 * <p>The level is part of a sequence number, so whatever is asked of a message goes to its level:
 *
 * <pre>
 *     63  62       54 53                     0
 *     +--+-----------+------------------------+
 *     |0 | level     | place in its level     |
 *     +--+-----------+------------------------+
 * </pre>
 *
 * <p>Counts are summed over the levels in use; a queue is meant to have a handful. A level stays
 * once made, some hundred bytes when it is empty.
 */
public final class PriorityIndex implements QueueOrder {

    private static final int LEVEL_SHIFT = 54;

    /** Of a message whose level a receipt does not say. */
    static final int ANY_LEVEL = -1;

    private static final long PLACE = (1L << LEVEL_SHIFT) - 1;

    /** Pages that one level keeps in memory, so that many levels do not add up. */
    static final int RESIDENT_PAGES = 4;

    private final long queueId;
    private final PriorityScale scale;
    private final LevelFactory factory;
    private final @Nullable QueueIndex[] byLevel;

    /** The levels in use, highest first. */
    private final List<QueueIndex> inUse = new ArrayList<>();

    private PageIo io;
    private @Nullable PriorityRecovery recovery;

    /** No level above it, by its place in {@link #inUse}, has a ready message. */
    private int top;

    /** Makes the index of one level. */
    @FunctionalInterface
    interface LevelFactory {

        QueueIndex create(long firstSeq, PageIo io);
    }

    PriorityIndex(long queueId, PriorityScale scale, PageIo io, LevelFactory factory) {
        this.queueId = queueId;
        this.scale = scale;
        this.io = io;
        this.factory = factory;
        this.byLevel = new QueueIndex[scale.highest() + 1];
    }

    /** The level that a sequence number belongs to; 0 in a queue without priorities. */
    static int level(long seq) {
        return (int) (seq >>> LEVEL_SHIFT);
    }

    /** The level of a receipt's message, or {@link #ANY_LEVEL}. */
    static int receiptLevel(long receipt) {
        return (int) (receipt >>> LEVEL_SHIFT) - 1;
    }

    static long receiptPosition(long receipt) {
        return receipt & PLACE;
    }

    /** The position, with the level + 1 in the bits that no log of less than 16 PiB needs. */
    @Override
    public long receipt(long seq, long position) {
        return position | (level(seq) + 1L) << LEVEL_SHIFT;
    }

    int levelOf(int priority) {
        return scale.level(priority);
    }

    /** The index of a level, or null if it was never in use. */
    @Nullable QueueIndex known(int level) {
        return byLevel[level];
    }

    private QueueIndex of(long seq) {
        QueueIndex index = byLevel[level(seq)];
        if (index == null) {
            throw new IllegalStateException(
                    "message " + seq + " of queue " + queueId + " is of a level not in use");
        }
        return index;
    }

    /** The index of a level, made if there is none. */
    QueueIndex ofLevel(int level) {
        QueueIndex known = byLevel[level];
        if (known == null) {
            known = factory.create((long) level << LEVEL_SHIFT, io);
            byLevel[level] = known;
            int place = 0;
            while (place < inUse.size() && inUse.get(place).level() > level) {
                place++;
            }
            inUse.add(place, known);
            if (recovery != null) {
                recovery.begun(known);
            }
            top = 0;
        }
        return known;
    }

    @Override
    public long append(long position, int size, int flags, int priority) {
        long seq = ofLevel(scale.level(priority)).append(position, size, flags, priority);
        mayBeFirst(seq);
        return seq;
    }

    @Override
    public long appendTaken(long position, int size, int flags, int priority) {
        return ofLevel(scale.level(priority)).appendTaken(position, size, flags, priority);
    }

    @Override
    public void takeOut(long seq) {
        of(seq).takeOut(seq);
    }

    @Override
    public int countFailure(long seq) {
        return of(seq).countFailure(seq);
    }

    @Override
    public void countReturn(long seq) {
        of(seq).countReturn(seq);
    }

    @Override
    public int returns(long seq) {
        return of(seq).returns(seq);
    }

    @Override
    public void markFailed(long seq) {
        of(seq).markFailed(seq);
    }

    /** A message is ready that was not: the search for the first begins at its level or above. */
    private void mayBeFirst(long seq) {
        if (top > 0 && level(seq) > inUse.get(top).level()) {
            top = 0;
        }
    }

    @Override
    public long takeReady() {
        long seq = peekReady();
        return seq < 0 ? seq : of(seq).takeReady();
    }

    @Override
    public long peekReady() {
        for (int place = top; place < inUse.size(); place++) {
            long seq = inUse.get(place).peekReady();
            if (seq != QueueIndex.NONE) {
                top = place;
                return seq;
            }
        }
        top = Math.max(0, inUse.size() - 1);
        return QueueIndex.NONE;
    }

    @Override
    public void settle(long seq) {
        of(seq).settle(seq);
    }

    @Override
    public void requeue(long seq, boolean failed) {
        of(seq).requeue(seq, failed);
        mayBeFirst(seq);
    }

    @Override
    public void putBack(long seq) {
        of(seq).putBack(seq);
        mayBeFirst(seq);
    }

    @Override
    public long position(long seq) {
        return of(seq).position(seq);
    }

    @Override
    public int length(long seq) {
        return of(seq).length(seq);
    }

    @Override
    public boolean redelivered(long seq) {
        return of(seq).redelivered(seq);
    }

    @Override
    public int flags(long seq) {
        return of(seq).flags(seq);
    }

    @Override
    public int deliveryCount(long seq) {
        return of(seq).deliveryCount(seq);
    }

    @Override
    public long queueId() {
        return queueId;
    }

    @Override
    public long ready() {
        long sum = 0;
        for (int place = 0; place < inUse.size(); place++) {
            sum += inUse.get(place).ready();
        }
        return sum;
    }

    @Override
    public long unacked() {
        long sum = 0;
        for (int place = 0; place < inUse.size(); place++) {
            sum += inUse.get(place).unacked();
        }
        return sum;
    }

    @Override
    public long readyBytes() {
        long sum = 0;
        for (int place = 0; place < inUse.size(); place++) {
            sum += inUse.get(place).readyBytes();
        }
        return sum;
    }

    @Override
    public long unackedBytes() {
        return inUse.stream().mapToLong(QueueIndex::unackedBytes).sum();
    }

    @Override
    public long damaged() {
        return inUse.stream().mapToLong(QueueIndex::damaged).sum();
    }

    @Override
    public long purge(QueueIndex.Dropped dropped) {
        return inUse.stream().mapToLong(level -> level.purge(dropped)).sum();
    }

    @Override
    public long clear() {
        return inUse.stream().mapToLong(QueueIndex::clear).sum();
    }

    @Override
    public boolean continuePurge(int maxEntries, QueueIndex.Dropped dropped) {
        boolean more = false;
        for (QueueIndex level : inUse) {
            if (level.purging()) {
                if (more) {
                    return true; // the others have their turn next time
                }
                more = level.continuePurge(maxEntries, dropped);
            }
        }
        return more;
    }

    @Override
    public boolean purging() {
        return inUse.stream().anyMatch(QueueIndex::purging);
    }

    @Override
    public void trim() {
        inUse.forEach(QueueIndex::trim);
    }

    @Override
    public List<QueueIndex> levels() {
        return inUse;
    }

    @Override
    public OrderRecovery recovery() {
        PriorityRecovery known = recovery;
        if (known == null) {
            known = new PriorityRecovery(this);
            recovery = known;
        }
        return known;
    }

    void recovered(PageIo newIo) {
        recovery = null;
        io = newIo;
    }

    @Override
    public void markAllRedelivered() {
        inUse.forEach(QueueIndex::markAllRedelivered);
    }
}
