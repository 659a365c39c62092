package io.chasqui.core.queue;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Recovery of a queue with priorities: a message may be in any of its levels. */
final class PriorityRecovery implements OrderRecovery {

    private final PriorityIndex index;

    PriorityRecovery(PriorityIndex index) {
        this.index = index;
        index.levels().forEach(this::begun);
    }

    /** The level reads its pages at once until {@link #end}. */
    void begun(QueueIndex level) {
        level.recovery();
    }

    @Override
    public IndexSnapshotSink restoring() {
        return new Levels();
    }

    @Override
    public boolean contains(long position) {
        for (QueueIndex level : index.levels()) {
            if (level.recovery().contains(position)) {
                return true;
            }
        }
        return false;
    }

    /** What an older release stored before a checkpoint is in the lowest level, whatever it has. */
    @Override
    public boolean contains(long position, int priority) {
        return contains(index.levelOf(priority), position) || contains(0, position);
    }

    private boolean contains(int level, long position) {
        QueueIndex known = index.known(level);
        return known != null && known.recovery().contains(position);
    }

    @Override
    public boolean settle(long receipt) {
        int level = PriorityIndex.receiptLevel(receipt);
        long position = PriorityIndex.receiptPosition(receipt);
        if (level == PriorityIndex.ANY_LEVEL) {
            return settleAnywhere(position);
        }
        QueueIndex known = index.known(level);
        return known != null && known.recovery().settle(position);
    }

    private boolean settleAnywhere(long position) {
        for (QueueIndex level : index.levels()) {
            if (level.recovery().settle(position)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void count(long receipt, int failures, int returns) {
        int level = PriorityIndex.receiptLevel(receipt);
        QueueIndex known = level == PriorityIndex.ANY_LEVEL ? null : index.known(level);
        if (known != null) {
            known.recovery().count(PriorityIndex.receiptPosition(receipt), failures, returns);
        }
    }

    @Override
    public void end(PageIo io) {
        index.levels().forEach(level -> level.recovery().end(io));
        index.recovered(io);
    }

    /** A checkpoint has the levels one behind the other; their sequence numbers tell them apart. */
    private final class Levels implements IndexSnapshotSink {

        private @Nullable IndexSnapshotSink current;

        @Override
        public void begin(long queueId, long nextSeq, long redeliveredBelow) {
            IndexSnapshotSink level =
                    index.ofLevel(PriorityIndex.level(nextSeq)).recovery().restoring();
            level.begin(queueId, nextSeq, redeliveredBelow);
            current = level;
        }

        @Override
        public void entry(
                long seq, long position, int size, int flags, int priority, int deliveryCount) {
            current().entry(seq, position, size, flags, priority, deliveryCount);
        }

        @Override
        public void spilledPage(long pageNumber, SpilledPage page) {
            current().spilledPage(pageNumber, page);
        }

        @Override
        public void returned(long seq, int returns) {
            current().returned(seq, returns);
        }

        @Override
        public void end() {
            current().end();
        }

        private IndexSnapshotSink current() {
            return Objects.requireNonNull(current, "entries before the index they are of");
        }
    }
}
