package io.chasqui.core.queue;

import io.chasqui.core.shard.Receiver;
import io.chasqui.core.shard.Shard;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as its queue sees it: how much it may still take. Lives on the queue's shard.
 *
 * <p>Three bounds hold a consumer back. {@code prefetch} is the client's: messages sent and not yet
 * settled (0-9-1 basic.qos; none for automatic acknowledgement). So is {@link SharedLimit}, which
 * all consumers of its channel have in common. {@code window} is ours: messages assigned to the
 * consumer's connection that it has not written yet, so that a queue never pours itself into the
 * memory of one slow connection. A consumer on {@link LinkCredit} has a fourth. One that does not want
 * every message has a {@link Search}.
 *
 * <p>Hand-offs to this receiver settle a message: see {@link #receive}.
 */
public final class QueueConsumer implements Receiver {

    /** Assigned and not yet written, at most. Enough to cover a hop to another shard and back. */
    static final int WINDOW = 1024;

    /** The same in bytes; one message may exceed it. */
    static final int WINDOW_BYTES = 1024 * 1024;

    /** Stands for the wait of a message that was delivered before. */
    public static final long NOT_THE_FIRST = -1;

    private static final int WAITED_SHIFT = 32;
    private static final long REDELIVERED = 1L << 32;
    private static final long LARGE = 1L << 33;
    private static final int ACQUIRED_SHIFT = 34;
    private static final int FAILURES_SHIFT = 48;
    private static final int MOST_COUNTED = 0x3FFF;

    private final Queue queue;
    private final Taker taker;
    private final Shard takerShard;
    private final ConsumerTerms terms;
    private final boolean autoAck;
    private final Runnable turn = this::turnCame;

    /** Whether it stands in the shared limit's line; guarded by the shared limit. */
    boolean inLine;

    /** Its place among those that are watched, see {@link ConsumerTimeouts}; -1 for none. */
    int watchedAt = -1;

    /** Messages it has that nobody watched when they were given out, see {@link ConsumerTimeouts}. */
    int unwatched;

    /** Whether it kept a message for too long: what is still to be written to it comes back. */
    boolean timedOut;

    private volatile ConsumerActivity activity = ConsumerActivity.UP;
    private final @Nullable LinkCredit credit;

    /** Null if it takes what comes. */
    private @Nullable Search search;

    private @Nullable GivenOut sinceOut;
    private @Nullable SharedLimit sharedLimit;
    private int placesHeld;
    private int prefetch;
    private int unsettled;
    private int unwritten;
    private long unwrittenBytes;
    private boolean cancelled;

    /** It kept messages for too long, and is given none before its client has settled them. */
    private boolean paused;

    /** A consumer that does not take part yet: see {@link Queue#subscribe}. */
    public QueueConsumer(
            Queue queue,
            Taker taker,
            Shard takerShard,
            ConsumerTerms terms,
            int prefetch,
            @Nullable SharedLimit sharedLimit) {
        this.queue = queue;
        this.taker = taker;
        this.takerShard = takerShard;
        this.terms = terms;
        this.autoAck = terms.autoAck();
        this.credit = terms.onCredit() ? new LinkCredit() : null;
        this.prefetch = prefetch;
        this.sharedLimit = sharedLimit;
    }

    public Queue queue() {
        return queue;
    }

    public String tag() {
        return terms.tag();
    }

    public boolean autoAck() {
        return autoAck;
    }

    public boolean exclusive() {
        return terms.exclusive();
    }

    long priority() {
        return terms.priority();
    }

    /** Whether it takes part. Any thread. */
    public ConsumerActivity activity() {
        return activity;
    }

    void activity(ConsumerActivity now) {
        activity = now;
        queue.shard().run(takerShard, taker::activityChanged);
    }

    long timeoutMs() {
        return terms.timeoutMs();
    }

    Interest interest() {
        return terms.interest();
    }

    /** It only looks. */
    public boolean browses() {
        return terms.interest().browses();
    }

    /** What finds its messages; null if it takes what comes. */
    @Nullable Search search() {
        return search;
    }

    void search(Search begun) {
        search = begun;
    }

    /** Since when its messages are out, if that is watched. */
    GivenOut sinceOut() {
        GivenOut known = sinceOut;
        if (known == null) {
            known = new GivenOut();
            sinceOut = known;
        }
        return known;
    }

    public int unsettled() {
        return unsettled;
    }

    /** Messages written to its client and not settled. */
    int out() {
        return unsettled - unwritten;
    }

    /** Messages that may be out unsettled; 0 is no bound. Does not bind automatic acknowledgement. */
    public void prefetch(int messages) {
        prefetch = messages;
        queue.wake();
    }

    /**
     * Allows messages to a consumer that is given none otherwise.
     *
     * @param received how many its client had been sent when it said so
     * @param messages how many may follow those
     * @param drain whether what the queue cannot use at once is to be forgone; {@link Taker#drained}
     *     follows then
     */
    public void grant(int received, int messages, boolean drain) {
        if (credit != null) {
            credit.grant(received, messages);
            queue.wake();
            if (drain) {
                queue.dispatch().drain(this);
            }
        }
    }

    /** Whether its client has allowed messages that were not given yet. */
    boolean hasCredit() {
        return credit == null || credit.isLeft();
    }

    /** Forgoes what its client has allowed, and says so. */
    void forgoCredit() {
        if (credit != null) {
            credit.forgo();
        }
        queue.shard().run(takerShard, taker::drained);
    }

    /** Puts the consumer under its channel's limit, which counts what is out already. */
    public void share(SharedLimit limit) {
        if (sharedLimit == null) {
            sharedLimit = limit;
            if (!autoAck) {
                limit.inherit(unsettled);
            }
        }
    }

    /** Whether it may be given a message; if so it must be, or {@link #nothingCame()} be called. */
    boolean mayTake() {
        return unwritten < WINDOW
                && unwrittenBytes < WINDOW_BYTES
                && (autoAck || prefetch == 0 || unsettled < prefetch)
                && !cancelled
                && !paused
                && (credit == null || credit.isLeft())
                && taker.writable()
                && (search == null || search.find())
                && (sharedLimit == null || hasPlace(sharedLimit));
    }

    private boolean hasPlace(SharedLimit limit) {
        if (placesHeld > 0) {
            placesHeld--;
            return true;
        }
        return limit.take(this);
    }

    /** There was no message to take after all. */
    void nothingCame() {
        leavePlace();
    }

    private void leavePlace() {
        if (sharedLimit != null && !autoAck) {
            sharedLimit.giveBack();
        }
    }

    /** The consumer was first in the shared limit's line, and a place came free. Any shard. */
    void itsTurn() {
        queue.shard().submit(turn);
    }

    private void turnCame() {
        if (autoAck) {
            queue.wake();
        } else {
            placesHeld++;
            queue.dispatch().placeFree(this);
        }
    }

    /** Gives back the places that came free and were not needed. */
    void leavePlaces() {
        while (placesHeld > 0) {
            placesHeld--;
            leavePlace();
        }
    }

    /**
     * Assigns a message to the consumer.
     *
     * @param counts see {@link #counts}; 0 for nothing to tell
     */
    void take(
            long seq, long position, int length, boolean redelivered, boolean large, long counts) {
        if (credit != null) {
            credit.use();
        }
        unsettled++;
        unwritten++;
        unwrittenBytes += length;
        queue.shard()
                .send(takerShard, taker, seq, position, pack(length, redelivered, large) | counts);
    }

    /** How the taker reads the third word of an assignment: the record's length in bytes. */
    public static int length(long word) {
        return (int) word;
    }

    /** How the taker reads the third word of an assignment: whether it was delivered before. */
    public static boolean redelivered(long word) {
        return (word & REDELIVERED) != 0;
    }

    /** How the taker reads the third word of an assignment: whether the body is stored in parts. */
    public static boolean large(long word) {
        return (word & LARGE) != 0;
    }

    /**
     * What an assignment tells of the past of a message: how often it was given out in vain, and how
     * often of these clients failed with it. Higher counts stay at the highest that fits.
     */
    static long counts(int acquired, int failures) {
        return (long) Math.min(acquired, MOST_COUNTED) << ACQUIRED_SHIFT
                | (long) Math.min(failures, MOST_COUNTED) << FAILURES_SHIFT;
    }

    /** How the taker reads the third word of an assignment: how often it was given out in vain. */
    public static int acquired(long word) {
        return (int) (word >>> ACQUIRED_SHIFT) & MOST_COUNTED;
    }

    /** How the taker reads the third word of an assignment: how often clients failed with it. */
    public static int failures(long word) {
        return (int) (word >>> FAILURES_SHIFT) & MOST_COUNTED;
    }

    private static long pack(int length, boolean redelivered, boolean large) {
        return (redelivered ? REDELIVERED : 0) | (large ? LARGE : 0) | length;
    }

    /**
     * What a taker says of a message it has written.
     *
     * @param length bytes of its record
     * @param waitedMs from its being stored to its being written, or {@link #NOT_THE_FIRST}
     */
    public static long written(int length, long waitedMs) {
        return Math.min(waitedMs, Integer.MAX_VALUE) << WAITED_SHIFT | length;
    }

    void cancel() {
        cancelled = true;
    }

    /** Whether it is given only what its client allows (1.0 §2.6.7). */
    boolean onCredit() {
        return credit != null;
    }

    boolean isPaused() {
        return paused;
    }

    /** It is given nothing until {@link #resume}; what it has, it need not settle in time. */
    void pause() {
        paused = true;
        timedOut = true;
        sinceOut = null;
        unwatched = 0;
    }

    /** Its client has settled what it had kept for too long. On the queue's shard. */
    public void resume() {
        if (paused && !cancelled) {
            paused = false;
            timedOut = false;
            queue.dispatch().lookAtTimeouts();
            queue.wake();
        }
    }

    /** Tells the taker's side that it kept a message for longer than it may. */
    void notifyTimedOut(long timeoutMs, boolean ended) {
        queue.shard().run(takerShard, () -> taker.timedOut(timeoutMs, ended));
    }

    /** Tells the taker's side that the queue is gone. */
    void notifyCancelled() {
        queue.shard().run(takerShard, taker::queueDeleted);
    }

    /**
     * Takes back from the connection's side, on the queue's shard.
     *
     * @param first what happened, a {@link Settlement} ordinal
     * @param seq the message's place in the queue
     * @param word see {@link #written}; bytes of its record where the settlement otherwise ends its
     *     being unwritten; where its client settles it, when it may be given out again, in milliseconds since
     *     the epoch, 0 if that is the queue's to say
     */
    @Override
    public void receive(long first, long seq, long word) {
        Settlement settlement = Settlement.of((int) first);
        if (browses()) {
            seen(settlement, (int) word);
            queue.wake();
            return;
        }
        switch (settlement) {
            case WRITTEN -> {
                noLongerUnwritten((int) word);
                queue.dispatch().written(this, seq, word >> WAITED_SHIFT);
            }
            case WRITTEN_AND_ACKNOWLEDGED -> {
                noLongerUnwritten((int) word);
                queue.outcomes().waited(word >> WAITED_SHIFT);
                settled(seq, settlement, 0);
            }
            case UNSENT, UNREADABLE, GONE -> {
                if (credit != null) {
                    credit.giveBack();
                }
                noLongerUnwritten((int) word);
                settled(seq, settlement, 0);
            }
            case ACKNOWLEDGED, REJECTED, DISCARDED, REQUEUED, RETURNED ->
                    settled(seq, settlement, word);
        }
        queue.wake();
    }

    /** Takes back what became of a message that it was shown, which stays where it is. */
    private void seen(Settlement settlement, int length) {
        switch (settlement) {
            case WRITTEN, WRITTEN_AND_ACKNOWLEDGED -> {
                unsettled--;
                noLongerUnwritten(length);
            }
            case UNSENT, UNREADABLE, GONE -> {
                if (credit != null) {
                    credit.giveBack();
                }
                unsettled--;
                noLongerUnwritten(length);
            }
            case ACKNOWLEDGED, REJECTED, DISCARDED, REQUEUED, RETURNED -> {}
        }
    }

    private void noLongerUnwritten(long length) {
        unwritten--;
        unwrittenBytes -= length;
    }

    private void settled(long seq, Settlement settlement, long restUntilMs) {
        unsettled--;
        leavePlace();
        if (watchedAt >= 0 && settlement.wasWritten()) {
            queue.dispatch().noLongerOut(this, seq);
        }
        queue.outcomes().settle(seq, settlement, restUntilMs);
    }

    /** The connection's side of a consumer: takes assignments on its own shard. */
    public interface Taker extends Receiver {

        /** Whether the connection can take more just now. Read by the queue's shard. */
        boolean writable();

        /**
         * It kept a message for longer than it may: it shall give back everything it has. On the
         * taker's shard.
         *
         * @param ended whether nothing more will come, ever; else until {@link #resume}
         */
        void timedOut(long timeoutMs, boolean ended);

        /** The queue was deleted; nothing more will come. On the taker's shard. */
        void queueDeleted();

        /** There is nothing more for the credit that was to be drained. On the taker's shard. */
        void drained();

        /** See {@link QueueConsumer#activity()}. On the taker's shard. */
        void activityChanged();
    }
}
