package io.chasqui.core.queue;

import io.chasqui.core.message.Content;
import io.chasqui.core.message.DeadLetter;
import io.chasqui.core.message.DeathReason;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.ReadPool;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.Timer;
import io.chasqui.core.store.ColdRead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the messages that die in a queue on to its dead letter exchange, in the order of their
 * deaths. Belongs to the queue's shard.
 *
 * <p><b>Nothing is lost or doubled.</b> Where both the dead message and its letter must survive a
 * crash, the letter's record settles the dead message too: one record, hence both or none. Until it
 * is written the message counts as given out, and is still in its queue after a crash.
 *
 * <p>As in RabbitMQ 4.3 a letter counts as redelivered if a client failed with its message, in any
 * queue; that it was given out before is not enough.
 *
 * <p>A record in memory is sent on at once, others when the log reader has fetched them; nothing
 * waits for them but the messages that die later. While the logs are behind, the dead wait.
 */
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    /** Messages that may wait before no more are let expire. */
    private static final int MANY = 4096;

    /** How long a letter that no queue took is kept before it is tried again. */
    private static final long RETRY_NS = 5_000_000_000L;

    private final Queue queue;
    private final Outcomes outcomes;
    private final Shard shard;
    private final MessageStore store;
    private final QueueOrder index;
    private final Content content = new Content();
    private final DyingMessages dying = new DyingMessages();
    private final DyingMessages kept = new DyingMessages();
    private final Timer retry = new Timer(this::retryKept);
    private final Runnable goOn = this::resume;
    private ByteBuffer copy = ByteBuffer.allocate(0);
    private final DurableTargets durable = new DurableTargets();
    private boolean busy;

    DeadLetters(Queue queue, Outcomes outcomes, Shard shard, MessageStore store, QueueOrder index) {
        this.queue = queue;
        this.outcomes = outcomes;
        this.shard = shard;
        this.store = store;
        this.index = index;
    }

    /**
     * Takes a message that was taken out of the ready ones. Its letter is sent behind what the shard is
     * about, so that it comes after a message that was published to several queues has reached all of
     * them, and so that no chain of queues is a chain of calls.
     */
    void add(long seq, DeathReason reason) {
        dying.add(seq, reason);
        if (!busy) {
            busy = true;
            shard.submit(goOn);
        }
    }

    /** Messages that died and are not sent on yet. */
    int waiting() {
        return dying.size() + kept.size();
    }

    boolean hasMany() {
        return dying.size() >= MANY;
    }

    /** The queue is gone, and its messages with it. */
    void clear() {
        dying.clear();
        kept.clear();
        shard.disarm(retry);
    }

    private void goOn() {
        if (busy) {
            return;
        }
        busy = true;
        while (!dying.isEmpty()) {
            if (store.congested()) {
                shard.whenUncongested(goOn);
                return;
            }
            long position = index.position(dying.seq(0));
            if (!copyFromMemory(position)) {
                read();
                return;
            }
            buryFirst(copy, 0);
        }
        busy = false;
    }

    private void resume() {
        busy = false;
        goOn();
        queue.headKnown();
    }

    private boolean copyFromMemory(long position) {
        if (!store.safelyResident(position)) {
            return false;
        }
        int length = index.length(dying.seq(0));
        if (copy.capacity() < length) {
            copy = ByteBuffer.allocate(Math.max(length, 2 * copy.capacity()));
        }
        copy.put(0, store.memory(position), store.memoryIndex(position), length);
        return store.resident(position);
    }

    private void read() {
        ReadPool.@Nullable Borrowed read = store.reads().borrow(() -> shard.submit(goOn));
        if (read == null) {
            return;
        }
        ColdRead order = read.order();
        long first = index.position(dying.seq(0));
        boolean fits = true;
        for (int i = 0; i < dying.size() && fits; i++) {
            long seq = dying.seq(i);
            long position = index.position(seq);
            fits =
                    MessageStore.isTransient(position) == MessageStore.isTransient(first)
                            && order.add(MessageStore.plain(position), index.length(seq));
        }
        shard.counters().coldReads++;
        read.read(store.readerOf(first), done -> shard.submit(() -> arrived(done)));
    }

    private void arrived(ReadPool.Borrowed read) {
        ColdRead order = read.order();
        for (int i = 0; i < order.count() && !dying.isEmpty() && !store.congested(); i++) {
            int at = order.at(i);
            if (at == ColdRead.GONE) {
                shard.counters().unreadable++;
                outcomes.dropGone(dying.seq(0));
                dying.removeFirst();
            } else if (at < 0) {
                // Out of the way, but still in the store: the next start tries again.
                shard.counters().unreadable++;
                dying.removeFirst();
            } else {
                buryFirst(order.data(), at);
            }
        }
        read.giveBack();
        resume();
    }

    private void buryFirst(ByteBuffer record, int at) {
        long seq = dying.seq(0);
        DeathReason reason = dying.reason(0);
        dying.removeFirst();
        QueueSettings settings = queue.settings();
        String exchange = settings.deadLetterExchange();
        MessageFormat format = store.formats().of(record, at);
        if (exchange == null) {
            outcomes.remove(seq);
        } else if (format == null) {
            LOG.error(
                    "message of unknown format {} in {} is dropped, not dead-lettered",
                    StoredMessage.format(record, at),
                    queue.describe());
            outcomes.remove(seq);
        } else {
            DeadLetter letter =
                    new DeadLetter(
                            record,
                            at,
                            format,
                            new DeadLetter.Dying(
                                    queue.name(),
                                    reason,
                                    store.wallMs(),
                                    index.deliveryCount(seq),
                                    queue.addedAnnotations().of(index.position(seq))),
                            exchange,
                            settings.deadLetterRoutingKey());
            send(seq, reason, letter);
        }
    }

    private void send(long seq, DeathReason reason, DeadLetter letter) {
        List<Queue> targets = new ArrayList<>(queue.lifecycle().route(letter));
        if (reason != DeathReason.REJECTED) {
            targets.removeIf(target -> letter.isCycle(target.name()));
        }
        boolean keep = queue.settings().keepsDeadLetters();
        if (!targets.isEmpty()) {
            shard.counters().deadLettered[reason.ordinal()]++;
            store(seq, letter, targets, keep);
        } else if (keep) {
            keep(seq, reason);
        } else {
            outcomes.remove(seq);
        }
    }

    private void store(long seq, DeadLetter letter, List<Queue> targets, boolean insists) {
        letter.describe(content);
        durable.clear();
        if (letter.isPersistent()) {
            targets.forEach(durable::add);
        }
        int ids = durable.count();
        boolean moves = ids > 0 && outcomes.isLogged(seq);
        if (moves) {
            content.moves(queue.id(), index.receipt(seq, index.position(seq)));
        }
        boolean failed = index.failed(seq);
        LargeBody.Parts parts = letter.parts();
        int format = letter.format();
        long position =
                parts == null
                        ? store.append(content, durable.ids(), ids, targets.size(), format, false)
                        : store.appendLargeAgain(
                                parts, content, durable.ids(), ids, targets.size(), format);
        int recordBytes = MessageStore.recordBytes(content, ids);
        int size =
                parts == null
                        ? MessageSize.of(recordBytes, content.bodyLength())
                        : MessageSize.ofLarge(recordBytes, parts.bytes());
        if (moves) {
            outcomes.removeUnlogged(seq);
        } else {
            outcomes.remove(seq);
        }
        long word =
                Arrival.of(parts != null, StoredMessage.FOR_EVER, content.priority())
                        | (failed ? Arrival.FAILED : 0)
                        | (insists ? Arrival.INSISTS : 0);
        content.clear();
        for (Queue target : targets) {
            shard.send(target.shard(), target, position, size, word);
        }
    }

    private void keep(long seq, DeathReason reason) {
        kept.add(seq, reason);
        if (kept.size() == 1) {
            shard.arm(retry, shard.nowNs() + RETRY_NS);
        }
    }

    private void retryKept() {
        for (int i = 0; i < kept.size(); i++) {
            dying.add(kept.seq(i), kept.reason(i));
        }
        kept.clear();
        goOn();
    }
}
