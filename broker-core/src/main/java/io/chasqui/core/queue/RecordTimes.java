package io.chasqui.core.queue;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.ReadPool;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.shard.Shard;
import java.nio.ByteBuffer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * When messages of a queue were stored and how long they may live, as their records say.
 * A record in memory is looked at there; others are fetched by the log reader, some ahead at a time,
 * and nothing waits for them. Belongs to the queue's shard.
 */
final class RecordTimes {

    /** Instead of a time: the record cannot be read. */
    static final long UNREADABLE = Long.MAX_VALUE;

    /** Records fetched at once. */
    private static final int AHEAD = 128;

    private static final long[] NOTHING = {};

    private final MessageStore store;
    private final Shard shard;
    private final QueueIndex index;
    private final LongUnaryOperator following;
    private final Runnable arrived;
    private long storedMs;
    private long timeToLiveMs;

    /** What was fetched last, by ascending place in the queue. */
    private long[] seqs = NOTHING;

    private long[] fetchedStoredMs = NOTHING;
    private long[] fetchedTimeToLiveMs = NOTHING;
    private int fetched;
    private int at;
    private boolean reading;

    /**
     * @param following the message to be asked for after another, as far as that is known; {@link
     *     QueueIndex#NONE} otherwise
     * @param arrived run on the shard when {@link #find} should be called again
     */
    RecordTimes(
            MessageStore store,
            Shard shard,
            QueueIndex index,
            LongUnaryOperator following,
            Runnable arrived) {
        this.store = store;
        this.shard = shard;
        this.index = index;
        this.following = following;
        this.arrived = arrived;
    }

    /**
     * Finds the times of a message whose entry is in memory; {@link #storedMs} and {@link
     * #timeToLiveMs} tell them.
     *
     * @return false if they are being fetched
     */
    boolean find(long seq) {
        return find(seq, AHEAD);
    }

    /** As {@link #find}, for who asks for this message and no further one. */
    boolean findAlone(long seq) {
        return find(seq, 1);
    }

    private boolean find(long seq, int ahead) {
        long position = index.position(seq);
        if (readFromMemory(position) || findFetched(seq)) {
            return true;
        }
        if (!reading) {
            fetch(seq, position, ahead);
        }
        return false;
    }

    /** When the message found last was stored, in ms since the epoch, or {@link #UNREADABLE}. */
    long storedMs() {
        return storedMs;
    }

    /** How long the message found last may live, or {@link StoredMessage#FOR_EVER}. */
    long timeToLiveMs() {
        return timeToLiveMs;
    }

    private boolean readFromMemory(long position) {
        if (!store.safelyResident(position)) {
            return false;
        }
        ByteBuffer memory = store.memory(position);
        int record = store.memoryIndex(position);
        storedMs = StoredMessage.timeMs(memory, record);
        timeToLiveMs = StoredMessage.timeToLiveMs(memory, record);
        return store.resident(position);
    }

    private boolean findFetched(long seq) {
        while (at < fetched && seqs[at] < seq) {
            at++;
        }
        if (at == fetched || seqs[at] != seq) {
            return false;
        }
        storedMs = fetchedStoredMs[at];
        timeToLiveMs = fetchedTimeToLiveMs[at];
        return true;
    }

    private void fetch(long seq, long position, int ahead) {
        reading = true;
        ReadPool.@Nullable Borrowed read = store.reads().borrow(() -> shard.submit(this::retry));
        if (read == null) {
            return;
        }
        if (seqs.length < ahead) {
            seqs = new long[ahead];
            fetchedStoredMs = new long[ahead];
            fetchedTimeToLiveMs = new long[ahead];
        }
        at = 0;
        fetched = 0;
        long next = seq;
        while (next >= 0 && fetched < ahead && add(read, next, position)) {
            seqs[fetched++] = next;
            next = following.applyAsLong(next);
        }
        int count = fetched;
        fetched = 0;
        read.read(store.readerOf(position), done -> shard.submit(() -> took(done, count)));
    }

    private boolean add(ReadPool.Borrowed read, long seq, long first) {
        long position = index.position(seq);
        return MessageStore.isTransient(position) == MessageStore.isTransient(first)
                && read.order().add(MessageStore.plain(position), index.length(seq));
    }

    private void took(ReadPool.Borrowed read, int count) {
        ByteBuffer data = read.order().data();
        for (int i = 0; i < count; i++) {
            int record = read.order().at(i);
            boolean lost = record < 0;
            fetchedStoredMs[i] = lost ? UNREADABLE : StoredMessage.timeMs(data, record);
            fetchedTimeToLiveMs[i] =
                    lost ? StoredMessage.FOR_EVER : StoredMessage.timeToLiveMs(data, record);
        }
        fetched = count;
        read.giveBack();
        retry();
    }

    private void retry() {
        reading = false;
        arrived.run();
    }
}
