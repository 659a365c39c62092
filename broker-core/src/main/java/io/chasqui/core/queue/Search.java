package io.chasqui.core.queue;

import io.chasqui.core.message.MessageFilter;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the messages that one consumer wants, where it does not take what comes: those that its
 * filter lets pass, or all of them one after the other if it only looks. The others stay for other
 * consumers. Belongs to the queue's shard.
 *
 * <p>It remembers how far it has come ({@link LevelSearch}), so that a message costs it one look, and
 * looks at so many in one turn only ({@link Patience}).
 */
final class Search {

    private static final long NO_CANDIDATE = -1;

    private final QueueOrder order;
    private final List<QueueIndex> levels;
    private final List<LevelSearch> searches = new ArrayList<>(1);
    private final boolean takes;

    /** What to do with what the consumer does not want; null if that stays. */
    private final @Nullable LongConsumer unwanted;

    private final @Nullable FilterVerdicts verdicts;
    private final Runnable goOn;
    private final Patience patience;
    private long candidate = NO_CANDIDATE;
    private boolean paused;
    private boolean atEnd;

    /**
     * @param drop lets go of a ready message
     * @param goOn run on the shard when {@link #find} had to stop, for a record or for others to have
     *     their turn, and should be called again
     */
    Search(
            QueueOrder order,
            MessageStore store,
            Shard shard,
            Interest interest,
            LongConsumer drop,
            Runnable goOn) {
        this.order = order;
        this.levels = order.levels();
        this.goOn = goOn;
        this.patience = new Patience(shard);
        this.takes = !interest.browses();
        this.unwanted = interest.purpose() == Interest.Purpose.SIFT ? drop : null;
        MessageFilter filter = interest.filter();
        this.verdicts = filter == null ? null : new FilterVerdicts(filter, store, shard, goOn);
    }

    /** How much may still be looked at in this turn: so many messages, or for so long. */
    static final class Patience {

        private static final int LOOKS = 512;
        private static final long NS = 2_000_000;

        /** Looks between two at the clock. */
        private static final int STRIDE = 16;

        private final Shard shard;
        private int left;
        private long untilNs;
        private long tick = -1;

        Patience(Shard shard) {
            this.shard = shard;
        }

        /** Whether one more may be looked at, which is counted. */
        boolean lasts() {
            if (tick != shard.counters().ticks) {
                renew();
            }
            if (left % STRIDE == 0 && shard.nowNs() - untilNs > 0) {
                left = 0;
            }
            return --left >= 0;
        }

        void renew() {
            tick = shard.counters().ticks;
            left = LOOKS;
            untilNs = shard.nowNs() + NS;
        }
    }

    /** The consumers' turn begins. */
    void newTurn() {
        patience.renew();
        paused = false;
    }

    /** Whether it would have gone on if its turn were longer. */
    boolean isPaused() {
        return paused;
    }

    /** Whether there is a message for the consumer, as far as is known yet; {@link #take} gives it. */
    boolean find() {
        atEnd = false;
        candidate = NO_CANDIDATE;
        for (int place = 0; place < levels.size(); place++) {
            long seq = of(levels.get(place)).find(verdicts, patience, unwanted);
            if (seq != QueueIndex.NONE) {
                candidate = seq;
                if (seq == LevelSearch.PAUSE) {
                    paused = true;
                    goOn.run();
                }
                return seq >= 0;
            }
        }
        atEnd = true;
        return false;
    }

    /** Whether no message that is ready now is for the consumer. */
    boolean isAtEnd() {
        return !find() && atEnd;
    }

    private LevelSearch of(QueueIndex level) {
        for (int i = 0; i < searches.size(); i++) {
            if (searches.get(i).index() == level) {
                return searches.get(i);
            }
        }
        LevelSearch begun = new LevelSearch(level, takes);
        searches.add(begun);
        return begun;
    }

    /**
     * Takes the message just found out of the ready ones, unless the consumer only looks; its sequence
     * number.
     */
    long take() {
        long seq = candidate;
        for (LevelSearch search : searches) {
            if (search.index().level() == PriorityIndex.level(seq)) {
                search.pass(seq);
            }
        }
        if (takes) {
            if (order.peekReady() == seq) {
                seq = order.takeReady();
            } else {
                order.takeOut(seq);
            }
        }
        candidate = NO_CANDIDATE;
        return seq;
    }

    /** A message came back to its place. */
    void gaveBack(long seq) {
        for (LevelSearch search : searches) {
            if (search.index().level() == PriorityIndex.level(seq)) {
                search.gaveBack(seq);
            }
        }
    }

    /** The consumer takes part no more. */
    void end() {
        if (verdicts != null) {
            verdicts.end();
        }
    }
}
