package io.chasqui.core.session;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.ReadPool;
import io.chasqui.core.queue.QueueConsumer;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.store.ColdRead;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The assigned messages of one subscription that cannot be delivered from memory at once, in their
 * order, and the disk read that fetches the next of them. A queue is read ahead in batches, on the
 * log reader's thread; nothing here waits.
 *
 * <p>Lives on the session's shard. Bounded by the window of {@link QueueConsumer}.
 */
final class ColdDeliveries {

    private static final Logger LOG = LoggerFactory.getLogger(ColdDeliveries.class);

    private static final int INITIAL_SIZE = 64;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Subscription subscription;
    private final MessageStore store;
    private final Shard shard;

    private long[] seqs = new long[0];
    private long[] positions = new long[0];
    private long[] words = new long[0];
    private int head;
    private int end;
    private boolean reading;

    ColdDeliveries(Subscription subscription, MessageStore store, Shard shard) {
        this.subscription = subscription;
        this.store = store;
        this.shard = shard;
    }

    boolean isEmpty() {
        return head == end;
    }

    void add(long seq, long position, long word) {
        if (end == seqs.length) {
            makeRoom();
        }
        seqs[end] = seq;
        positions[end] = position;
        words[end++] = word;
        pump();
    }

    private void makeRoom() {
        int size = end - head;
        int capacity = Math.max(INITIAL_SIZE, size * 2);
        seqs = Arrays.copyOf(Arrays.copyOfRange(seqs, head, end), capacity);
        positions = Arrays.copyOf(Arrays.copyOfRange(positions, head, end), capacity);
        words = Arrays.copyOf(Arrays.copyOfRange(words, head, end), capacity);
        head = 0;
        end = size;
    }

    /** Delivers what is in memory by now and starts reading what is not. */
    void pump() {
        while (!reading && !isEmpty() && subscription.writable()) {
            if (QueueConsumer.large(words[head])) {
                reading = true;
                int length = QueueConsumer.length(words[head]);
                new LargeAssembly(store, this::assembled).begin(positions[head], length);
            } else if (subscription.deliverFromMemory(seqs[head], positions[head], words[head])) {
                drop(1);
            } else {
                startReading();
            }
        }
        subscription.delivered();
    }

    private void startReading() {
        reading = true;
        ReadPool.@Nullable Borrowed read = store.reads().borrow(() -> shard.submit(this::retry));
        if (read == null) {
            return;
        }
        ColdRead order = read.order();
        boolean wanted = true;
        for (int i = head; i < end && wanted; i++) {
            wanted =
                    MessageStore.isTransient(positions[i])
                                    == MessageStore.isTransient(positions[head])
                            && !QueueConsumer.large(words[i])
                            && order.add(
                                    MessageStore.plain(positions[i]),
                                    QueueConsumer.length(words[i]));
        }
        shard.counters().coldReads++;
        read.read(store.readerOf(positions[head]), done -> shard.submit(() -> arrived(done)));
    }

    private void retry() {
        reading = false;
        pump();
    }

    private void arrived(ReadPool.Borrowed read) {
        ColdRead order = read.order();
        int delivered = 0;
        while (delivered < order.count() && delivered < end - head && subscription.writable()) {
            deliver(head + delivered, order.data(), order.at(delivered));
            delivered++;
        }
        read.giveBack();
        drop(delivered);
        retry();
    }

    private void assembled(@Nullable ByteBuffer record, int at) {
        shard.submit(() -> {
            if (!isEmpty()) {
                deliver(head, record == null ? NOTHING : record, at);
                drop(1);
            }
            retry();
        });
    }

    /** A message that its front end cannot make sense of is passed over like one that is lost. */
    private void deliver(int i, ByteBuffer data, int at) {
        if (at == ColdRead.GONE) {
            subscription.gone(seqs[i], words[i]);
            return;
        }
        boolean sent = false;
        if (at >= 0) {
            try {
                subscription.deliverFromDisk(seqs[i], positions[i], words[i], data, at);
                sent = true;
            } catch (RuntimeException e) {
                LOG.error("delivering a message read from disk failed", e);
            }
        }
        if (!sent) {
            subscription.unreadable(seqs[i], words[i]);
        }
    }

    private void drop(int count) {
        head += count;
        if (head == end) {
            head = 0;
            end = 0;
        }
    }

    /** Hands everything not yet delivered back to the queue. */
    void giveBack() {
        for (int i = head; i < end; i++) {
            subscription.unsent(seqs[i], words[i]);
        }
        head = 0;
        end = 0;
    }
}
