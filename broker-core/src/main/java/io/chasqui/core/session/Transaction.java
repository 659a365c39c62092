package io.chasqui.core.session;

import io.chasqui.core.exchange.Route;
import io.chasqui.core.message.Acknowledgements;
import io.chasqui.core.message.Content;
import io.chasqui.core.message.FurtherKeys;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.TransactionRecord;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one channel has published and settled since its last commit or rollback (0-9-1 tx class), or
 * within one of the transactions that it has open (1.0 §4). Nothing of it is seen outside before the
 * commit.
 *
 * <p>Messages are routed when they are published, kept in memory, and handed to their queues in
 * order at the commit. The commit is one step on the session's shard: it appends every message and
 * acknowledgement that must survive, marked as part of a transaction, and then one record that names
 * them; without that record none of them counts after a crash. So a commit is all or nothing,
 * whatever the number of queues. A checkpoint sees all of its effects or none, because no task of the
 * shard runs in between.
 *
 * <p>Refused messages (basic.reject, or nack without requeue) are settled right after the commit and
 * are not part of it on disk: a crash in between delivers them again.
 */
public final class Transaction {

    /** What a message, or a settlement, takes besides its content. */
    private static final int MESSAGE_BYTES = 192;

    private static final int SETTLEMENT_BYTES = 48;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Publisher publisher;
    private final MessageStore store;
    private final long mostBytes;
    private final List<Pending> messages = new ArrayList<>();
    private final List<Settled> settled = new ArrayList<>();

    /** Where in {@link #settled} each tag is; as far as anybody has asked. */
    private final Map<Long, Integer> places = new HashMap<>();

    private long bytes;
    private CommitVerdicts lastCommit = new CommitVerdicts();

    private record Pending(
            Route route,
            ByteBuffer memory,
            int namesLength,
            int headLength,
            long timeToLiveMs,
            int priority,
            @Nullable FurtherKeys furtherKeys,
            boolean persistent,
            MessageFormat format,
            @Nullable LargeBody large) {

        long bodyBytes() {
            return large == null
                    ? memory.capacity() - namesLength - (long) headLength
                    : large.bytes();
        }
    }

    /**
     * @param annotations to be added when it is done; null for none
     */
    record Settled(
            long tag,
            Subscription owner,
            long seq,
            long position,
            Settlement settlement,
            @Nullable ByteBuffer annotations) {

        Settled instead(Settlement other, @Nullable ByteBuffer others) {
            return new Settled(tag, owner, seq, position, other, others);
        }

        void apply() {
            if (annotations == null) {
                owner.settle(seq, settlement);
            } else {
                owner.settle(seq, position, settlement, annotations);
            }
        }
    }

    Transaction(Publisher publisher, MessageStore store) {
        this.publisher = publisher;
        this.store = store;
        this.mostBytes = store.maxTransactionBytes();
    }

    /** How many messages wait for the commit. */
    public int messages() {
        return messages.size();
    }

    /** How many settlements wait for the commit. */
    public int settlements() {
        return settled.size();
    }

    /**
     * Publishes the message described by {@code content} when the transaction is committed.
     *
     * @param route where it goes; a message without a queue is given to {@link Unroutable}
     * @throws Refusal.PreconditionFailed if the transaction becomes too large
     */
    public void publish(Content content, Route route, boolean persistent, MessageFormat format) {
        add(content, route, persistent, format, null);
    }

    /** The same for a message whose body was stored in parts as it came in. */
    public void publishLarge(
            Content content,
            Route route,
            LargeBody body,
            boolean persistent,
            MessageFormat format) {
        int before = messages.size();
        try {
            add(content, route, persistent, format, body);
        } finally {
            if (messages.size() == before) {
                body.release();
            }
        }
    }

    private void add(
            Content content,
            Route route,
            boolean persistent,
            MessageFormat format,
            @Nullable LargeBody large) {
        int length = content.namesLength() + content.imageLength();
        charge(MESSAGE_BYTES + length + (large == null ? 0 : large.listBytes()));
        ByteBuffer memory = ByteBuffer.allocate(length);
        content.copyTo(memory, 0);
        messages.add(
                new Pending(
                        route,
                        memory,
                        content.namesLength(),
                        content.imageLength() - content.bodyLength(),
                        content.timeToLiveMs(),
                        content.priority(),
                        content.furtherKeys(),
                        persistent,
                        format,
                        large));
    }

    private void charge(long more) {
        if (bytes + more > mostBytes) {
            throw new Refusal.PreconditionFailed(
                    "transaction is larger than the " + mostBytes + " bytes it may take");
        }
        bytes += more;
    }

    /**
     * Settles a delivery when the transaction is committed.
     *
     * @throws Refusal.PreconditionFailed if the transaction becomes too large
     */
    public void settle(
            long tag, Subscription owner, long seq, long position, Settlement settlement) {
        settled.add(new Settled(tag, owner, seq, position, settlement, null));
        charge(SETTLEMENT_BYTES);
    }

    /**
     * Settles a delivery otherwise than {@link #settle} said, which was called for it.
     *
     * @param annotations that are added to it first, see {@link Subscription#annotations}
     */
    public void settleInstead(long tag, Settlement settlement, @Nullable ByteBuffer annotations) {
        charge(annotations == null ? 0 : annotations.limit());
        for (int i = places.size(); i < settled.size(); i++) {
            places.put(settled.get(i).tag, i);
        }
        Integer place = places.get(tag);
        if (place != null) {
            settled.set(place, settled.get(place).instead(settlement, annotations));
        }
    }

    /**
     * Does all that was put off, at once; a full queue may refuse a message of it, see {@link
     * #whenTaken}.
     *
     * @param unroutable takes the messages that have no queue, in order
     * @return the log position that must be on disk before the commit is answered; 0 if none
     */
    public long commit(Unroutable unroutable) {
        CommitVerdicts verdicts = new CommitVerdicts();
        lastCommit = verdicts;
        return commit(unroutable, verdicts);
    }

    /**
     * Does all that was put off, at once, unless a queue that refuses messages when it is full has no
     * room for all of them: then nothing is done, and the transaction is still to be rolled back. What
     * comes to such a queue between its answer and the commit makes it larger than its bound, as do
     * dead letters. Nothing may be added meanwhile; a rollback meanwhile leaves nothing to commit.
     *
     * @param reply takes the log position that must be on disk before the commit is answered; 0 if none
     */
    public void commitIfAllFit(Reply<Long> reply) {
        RoomNeeded needed = new RoomNeeded();
        for (Pending message : messages) {
            if (message.route.mayBeRefused()) {
                needed.add(message.route, message.bodyBytes());
            }
        }
        needed.ask(
                publisher.shard(),
                full -> {
                    if (full == null) {
                        reply.ok(commit((_, _, _, _) -> {}, null));
                    } else {
                        reply.refused(
                                new Refusal.PreconditionFailed(
                                        "queue '%s' is full".formatted(full.name())));
                    }
                });
    }

    private long commit(Unroutable unroutable, @Nullable CommitVerdicts verdicts) {
        TransactionRecord record = new TransactionRecord();
        for (Pending message : messages) {
            if (message.route.size() == 0) {
                unroutable.message(
                        message.memory,
                        message.namesLength,
                        message.headLength,
                        message.memory.capacity() - message.namesLength - message.headLength);
            } else {
                publish(message, record, verdicts);
            }
        }
        writeAcknowledgements(record);
        long position = record.isEmpty() ? 0 : record.writeTo(store.durableLog(), store.wallMs());
        for (Settled one : settled) {
            one.apply();
        }
        forget();
        return position;
    }

    /**
     * Tells, once all queues have said so, whether the last commit's messages were all taken: one that
     * is full may refuse, and then the rest is committed all the same, as in RabbitMQ.
     *
     * @throws Refusal.PreconditionFailed through the reply, if one was refused
     */
    public void whenTaken(Reply<Boolean> reply) {
        CommitVerdicts verdicts = lastCommit;
        verdicts.whenAnswered(() -> {
            if (verdicts.anyRefused()) {
                reply.refused(new Refusal.PreconditionFailed("partial tx completion"));
            } else {
                reply.ok(true);
            }
        });
    }

    private void publish(
            Pending message, TransactionRecord record, @Nullable CommitVerdicts verdicts) {
        int headAt = message.namesLength;
        int bodyAt = headAt + message.headLength;
        int bodyLength = message.memory.capacity() - bodyAt;
        publisher
                .content()
                .names(message.memory, 0, message.namesLength)
                .head(message.memory, headAt, message.headLength)
                .body(message.memory, bodyAt, bodyLength)
                .timeToLive(message.timeToLiveMs)
                .priority(message.priority)
                .furtherKeys(message.furtherKeys);
        long position =
                publisher.publishInTransaction(
                        message.route, message.large, message.persistent, message.format, verdicts);
        publisher.content().names(NOTHING, 0, 0).head(NOTHING, 0, 0).body(NOTHING, 0, 0);
        if (position != 0) {
            record.add(position);
        }
    }

    private void writeAcknowledgements(TransactionRecord record) {
        Map<Queue, Acknowledgements> byQueue = new LinkedHashMap<>();
        for (Settled one : settled) {
            Queue queue = one.owner.queue();
            if (one.settlement == Settlement.ACKNOWLEDGED
                    && one.seq != UnackedLedger.GIVEN_BACK
                    && queue.isDurable()
                    && !MessageStore.isTransient(one.position)) {
                byQueue.computeIfAbsent(queue, _ -> new Acknowledgements())
                        .add(queue.index().receipt(one.seq, one.position));
            }
        }
        byQueue.forEach((queue, done) ->
                done.writeInTransaction(store.durableLog(), queue.id(), store.wallMs(), record));
    }

    /** Forgets all that was put off; what was settled is unsettled again. */
    public void rollback(UnackedLedger unsettled) {
        for (Pending message : messages) {
            if (message.large != null) {
                message.large.release();
            }
        }
        unsettled.restore(settled);
        forget();
    }

    private void forget() {
        messages.clear();
        settled.clear();
        places.clear();
        bytes = 0;
    }

    /** Takes a message that has no queue to go to. */
    @FunctionalInterface
    public interface Unroutable {

        /**
         * @param memory routing names, content head and body, one behind the other
         */
        void message(ByteBuffer memory, int namesLength, int headLength, int bodyLength);
    }
}
