package io.chasqui.core.queue;

import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFilter;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.ReadPool;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.shard.Shard;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a filter says of the messages of a queue. A record in memory is looked at there; others are
 * fetched by the log reader, some ahead at a time, and nothing waits for them. Belongs to the queue's
 * shard.
 */
final class FilterVerdicts {

    private static final Logger LOG = LoggerFactory.getLogger(FilterVerdicts.class);

    /** Records fetched at once. */
    private static final int AHEAD = 128;

    private final MessageFilter filter;
    private final MessageStore store;
    private final Shard shard;
    private final Runnable arrived;

    /** What was fetched last, by ascending place in the queue. */
    private final long[] seqs = new long[AHEAD];

    private final boolean[] wanted = new boolean[AHEAD];
    private int fetched;
    private int at;
    private boolean reading;
    private boolean ended;

    /** What a filter says of one message. */
    enum Verdict {
        WANTED,
        UNWANTED,
        /** Its record is being fetched. */
        PENDING
    }

    /**
     * @param arrived run on the shard when {@link #of} should be called again
     */
    FilterVerdicts(MessageFilter filter, MessageStore store, Shard shard, Runnable arrived) {
        this.filter = filter;
        this.store = store;
        this.shard = shard;
        this.arrived = arrived;
    }

    /** Of a message whose entry is in memory. A record that cannot be read is not wanted. */
    Verdict of(QueueIndex index, long seq) {
        long position = index.position(seq);
        if (store.safelyResident(position)) {
            boolean is = matches(store.memory(position), store.memoryIndex(position));
            if (store.resident(position)) {
                return is ? Verdict.WANTED : Verdict.UNWANTED;
            }
        }
        while (at < fetched && seqs[at] < seq) {
            at++;
        }
        if (at < fetched && seqs[at] == seq) {
            return wanted[at] ? Verdict.WANTED : Verdict.UNWANTED;
        }
        if (!reading) {
            fetch(index, seq, position);
        }
        return Verdict.PENDING;
    }

    private boolean matches(ByteBuffer memory, int record) {
        try {
            return StoredMessage.isLarge(memory, record)
                    ? filter.matches(LargeBody.withoutList(memory, record), 0)
                    : filter.matches(memory, record);
        } catch (RuntimeException e) {
            // Overwritten while it was read, or not what its format says: nothing to give out.
            LOG.debug("a message could not be filtered", e);
            return false;
        }
    }

    private void fetch(QueueIndex index, long seq, long position) {
        reading = true;
        ReadPool.@Nullable Borrowed read = store.reads().borrow(() -> shard.submit(this::retry));
        if (read == null) {
            return;
        }
        at = 0;
        fetched = 0;
        int count = 0;
        long next = seq;
        while (next >= 0 && count < AHEAD && add(index, read, next, position)) {
            seqs[count++] = next;
            next = index.nextReadyInPage(next);
        }
        int ordered = count;
        read.read(store.readerOf(position), done -> shard.submit(() -> took(done, ordered)));
    }

    private static boolean add(
            QueueIndex index, ReadPool.Borrowed read, long seq, long firstPosition) {
        long position = index.position(seq);
        return MessageStore.isTransient(position) == MessageStore.isTransient(firstPosition)
                && read.order().add(MessageStore.plain(position), index.length(seq));
    }

    private void took(ReadPool.Borrowed read, int count) {
        ByteBuffer data = read.order().data();
        for (int i = 0; i < count && !ended; i++) {
            int record = read.order().at(i);
            wanted[i] = record >= 0 && matches(data, record);
        }
        fetched = count;
        read.giveBack();
        retry();
    }

    private void retry() {
        reading = false;
        if (!ended) {
            arrived.run();
        }
    }

    /** Nobody asks any more. */
    void end() {
        ended = true;
    }
}
