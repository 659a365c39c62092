package io.chasqui.core.queue;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How far one consumer has looked through the messages of one index. What lies before is not for it,
 * but for what came back since; so no message is looked at twice unless it came back.
 */
final class LevelSearch {

    /** Instead of a sequence number: enough was looked at for once. */
    static final long PAUSE = -3;

    private static final long NONE_YET = -1;

    private final QueueIndex index;
    private final IndexReach reach;

    /** Null if the consumer only looks: then what came back was seen. */
    private final @Nullable ReturnedSeqs returned;

    private long at;

    /** The message that was found last, as long as it has not been passed. */
    private long found = NONE_YET;

    /**
     * @param again whether what came back is for it again
     */
    LevelSearch(QueueIndex index, boolean again) {
        this.index = index;
        this.reach = index.reach();
        this.returned = again ? new ReturnedSeqs() : null;
    }

    QueueIndex index() {
        return index;
    }

    /**
     * The next message that the consumer wants.
     *
     * @param unwanted what to do with those that it does not want; null if they stay
     * @return its sequence number; {@link QueueIndex#NONE} at the end; {@link QueueIndex#LOADING}
     *     where it is not known yet; or {@link #PAUSE}
     */
    long find(
            @Nullable FilterVerdicts verdicts,
            Search.Patience patience,
            @Nullable LongConsumer unwanted) {
        while (true) {
            long seq = next();
            if (seq < 0 || seq == found) {
                return seq;
            }
            if (!patience.lasts()) {
                return PAUSE;
            }
            FilterVerdicts.Verdict verdict =
                    verdicts == null ? FilterVerdicts.Verdict.WANTED : verdicts.of(index, seq);
            switch (verdict) {
                case WANTED -> {
                    found = seq;
                    return seq;
                }
                case PENDING -> {
                    return QueueIndex.LOADING;
                }
                case UNWANTED -> {
                    pass(seq);
                    if (unwanted != null) {
                        unwanted.accept(seq);
                    }
                }
            }
        }
    }

    private long next() {
        while (returned != null && !returned.isEmpty()) {
            long seq = returned.first();
            switch (reach.presence(seq)) {
                case READY -> {
                    return seq;
                }
                case LOADING -> {
                    return QueueIndex.LOADING;
                }
                case OUT, GONE -> returned.remove(seq);
            }
        }
        long seq = reach.nextReady(at);
        if (seq >= 0) {
            at = seq;
        } else if (seq == QueueIndex.NONE) {
            at = index.nextSeq();
        }
        return seq;
    }

    /** Goes on behind a message. */
    void pass(long seq) {
        found = NONE_YET;
        if (seq >= at) {
            at = seq + 1;
        } else if (returned != null) {
            returned.remove(seq);
        }
    }

    /** A message came back to its place. */
    void gaveBack(long seq) {
        if (returned != null && seq < at && returned.add(seq)) {
            at = returned.first();
            returned.clear();
        }
    }
}
