package io.chasqui.core.boot;

import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionCodec;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.message.Acknowledgements;
import io.chasqui.core.message.AnnotationRecord;
import io.chasqui.core.message.DeliveryCounts;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageFormats;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.queue.IndexSnapshot;
import io.chasqui.core.queue.IndexSnapshotSink;
import io.chasqui.core.queue.MessageSize;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueIndex;
import io.chasqui.core.queue.QueueOrder;
import io.chasqui.core.queue.SpilledPage;
import io.chasqui.core.store.CheckpointReader;
import io.chasqui.core.store.RecordLayout;
import io.chasqui.core.store.RecordType;
import io.chasqui.core.store.RecordVisitor;
import io.chasqui.core.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the data directory says the broker was, built up from the newest checkpoint and then from
 * the log's records behind its mark, in order. Used by one thread, before anything runs.
 *
 * <p>Every step may be repeated without changing the outcome: the checkpoint may hold effects of
 * records that are read again (see {@link Checkpointer}).
 */
final class RecoveredState implements RecordVisitor {

    private final List<DefinitionChange> changes = new ArrayList<>();
    private final Map<Long, RecoveredQueue> queues = new HashMap<>();
    private final Map<Long, LargeBodyFound> largeBodies = new HashMap<>();
    private final MessageFormats formats;
    private final Queue.IndexFactory indexes;
    private final OpenTransactions transactions = new OpenTransactions();
    private long nextQueueId = 1;
    private long records;
    private boolean founded;

    /**
     * @param formats of the messages that may be found
     */
    RecoveredState(MessageFormats formats, Queue.IndexFactory indexes) {
        this.formats = formats;
        this.indexes = indexes;
    }

    /** One queue's index on its way back, and the highest position that ever came into it. */
    private static final class RecoveredQueue implements IndexSnapshotSink {
        final QueueOrder index;
        final Map<Long, ByteBuffer> annotations = new HashMap<>();
        private final IndexSnapshotSink restoring;
        private Runnable pageArrived = () -> {};
        long highest;

        RecoveredQueue(QueueDefinition queue, Queue.IndexFactory indexes) {
            this.index = indexes.create(queue, () -> pageArrived.run());
            this.restoring = index.recovery().restoring();
        }

        @Override
        public void begin(long queueId, long nextSeq, long redeliveredBelow) {
            restoring.begin(queueId, nextSeq, redeliveredBelow);
        }

        @Override
        public void entry(
                long seq, long position, int size, int flags, int priority, int deliveryCount) {
            highest = Math.max(highest, position);
            restoring.entry(seq, position, size, flags, priority, deliveryCount);
        }

        @Override
        public void spilledPage(long pageNumber, SpilledPage page) {
            highest = Math.max(highest, page.highest());
            restoring.spilledPage(pageNumber, page);
        }

        @Override
        public void returned(long seq, int returns) {
            restoring.returned(seq, returns);
        }

        @Override
        public void end() {
            restoring.end();
        }
    }

    /** Definition changes to replay, in order. */
    List<DefinitionChange> changes() {
        return changes;
    }

    /** Whether a checkpoint was written since users are kept; there may be none of them. */
    boolean founded() {
        return founded;
    }

    /** Hands out the index of a queue that was there before; null for a new one. */
    @Nullable QueueOrder takeIndex(long queueId, Runnable pageArrived) {
        RecoveredQueue queue = queues.remove(queueId);
        if (queue == null) {
            return null;
        }
        queue.pageArrived = pageArrived;
        return queue.index;
    }

    /** What clients have added to messages of the queue. Call before its index is handed out. */
    Map<Long, ByteBuffer> annotations(long queueId) {
        RecoveredQueue queue = queues.get(queueId);
        return queue == null ? Map.of() : queue.annotations;
    }

    /** Forgets annotations of messages that are gone. Call before the indexes are handed out. */
    void dropStaleAnnotations() {
        for (RecoveredQueue queue : queues.values()) {
            queue.annotations.keySet().removeIf(at -> !queue.index.recovery().contains(at));
        }
    }

    Iterable<QueueOrder> allIndexes() {
        return queues.values().stream().map(queue -> queue.index)::iterator;
    }

    long nextQueueId() {
        return nextQueueId;
    }

    /** Records read behind the checkpoint that say something about messages or definitions. */
    long records() {
        return records;
    }

    void load(CheckpointReader checkpoint) {
        while (checkpoint.next()) {
            ByteBuffer payload = checkpoint.payload();
            switch (checkpoint.type()) {
                case Sections.NEXT_QUEUE_ID -> nextQueueId = payload.getLong();
                case Sections.DEFINITIONS -> loadDefinitions(payload);
                case Sections.ACCOUNTS -> {
                    founded = true;
                    loadDefinitions(payload);
                }
                case Sections.QUEUE_INDEXES -> loadIndexes(payload);
                case Sections.LARGE_BODIES -> loadLargeBodies(payload);
                case Sections.ANNOTATIONS -> loadAnnotations(payload);
                default ->
                        throw new StoreException(
                                "checkpoint "
                                        + checkpoint.sequence()
                                        + " holds a section of type "
                                        + checkpoint.type()
                                        + ", which this release does not know");
            }
        }
    }

    private void loadDefinitions(ByteBuffer payload) {
        while (payload.hasRemaining()) {
            int length = payload.getInt();
            apply(DefinitionCodec.decode(payload.slice(payload.position(), length)));
            payload.position(payload.position() + length);
        }
    }

    private void loadIndexes(ByteBuffer payload) {
        while (payload.hasRemaining()) {
            RecoveredQueue queue = queues.get(IndexSnapshot.queueId(payload));
            if (queue == null) {
                // Declared after the definitions were written: its records are still to come.
                IndexSnapshot.skip(payload);
            } else {
                IndexSnapshot.read(payload, queue);
            }
        }
    }

    private void loadAnnotations(ByteBuffer payload) {
        int next = payload.position();
        while (next < payload.limit()) {
            next = AnnotationRecord.read(payload, next, this::annotated);
        }
    }

    private void annotated(long queueId, long position, ByteBuffer octets) {
        RecoveredQueue queue = queues.get(queueId);
        if (queue != null) {
            queue.annotations.put(position, octets);
        }
    }

    private void loadLargeBodies(ByteBuffer payload) {
        while (payload.hasRemaining()) {
            long position = payload.getLong();
            long[] queueIds = new long[payload.getInt()];
            for (int i = 0; i < queueIds.length; i++) {
                queueIds[i] = payload.getLong();
            }
            largeBodies.put(position, new LargeBodyFound(queueIds, LargeBody.readList(payload)));
        }
    }

    /**
     * Takes the large bodies whose messages are still in queues back into the store's accounts. Call
     * before the indexes are handed out.
     */
    void restoreLargeBodies(MessageStore store) {
        largeBodies.forEach((position, found) -> {
            int references = 0;
            for (long id : found.queueIds) {
                RecoveredQueue queue = queues.get(id);
                if (queue != null && queue.index.recovery().contains(position)) {
                    references++;
                }
            }
            if (references > 0) {
                store.restoreLarge(position, found.parts, found.queueIds, references);
            }
        });
    }

    /** Recovery is over: what was found lives on elsewhere. */
    void forget() {
        changes.clear();
        largeBodies.clear();
        queues.clear();
    }

    @Override
    public void record(long lsn, ByteBuffer record, int at, int length) {
        int type = RecordLayout.type(record, at);
        switch (type) {
            case RecordType.PUBLISH -> published(lsn, record, at, length);
            case RecordType.ACK -> acknowledged(lsn, record, at, length);
            case RecordType.TX ->
                    transactions.committed(
                            record,
                            RecordLayout.payloadAt(at),
                            payload -> acknowledged(payload, 0, payload.capacity()));
            case RecordType.DEFINITION -> defined(record, at, length);
            case RecordType.COUNT -> counted(record, RecordLayout.payloadAt(at));
            case RecordType.ANNOTATE -> {
                int unused =
                        AnnotationRecord.read(record, RecordLayout.payloadAt(at), this::annotated);
            }
            case RecordType.BODY_PART -> {}
            default ->
                    throw new StoreException(
                            "record of type " + type + " at " + lsn + " is not known here");
        }
        records++;
    }

    private void published(long lsn, ByteBuffer record, int at, int length) {
        boolean large = (RecordLayout.flags(record, at) & RecordLayout.LARGE) != 0;
        boolean limited = StoredMessage.timeToLiveMs(record, at) != StoredMessage.FOR_EVER;
        int flags =
                QueueIndex.PERSISTENT
                        | (large ? QueueIndex.LARGE : 0)
                        | (limited ? QueueIndex.TIME_TO_LIVE : 0);
        int size = size(record, at, length);
        int priority = StoredMessage.priority(record, at);
        int targets = StoredMessage.targets(record, at);
        for (int i = 0; i < targets; i++) {
            RecoveredQueue queue = queues.get(StoredMessage.targetId(record, at, i));
            if (queue != null
                    && (lsn > queue.highest || !queue.index.recovery().contains(lsn, priority))) {
                queue.index.append(lsn, size, flags, priority);
                queue.highest = Math.max(queue.highest, lsn);
                if (inTransaction(record, at)) {
                    transactions.published(lsn, queue.index.queueId());
                }
            }
        }
        if (StoredMessage.isMove(record, at)) {
            settleMoved(record, at);
        }
        if (large) {
            long[] queueIds = new long[targets];
            for (int i = 0; i < targets; i++) {
                queueIds[i] = StoredMessage.targetId(record, at, i);
            }
            ByteBuffer image =
                    record.slice(
                            StoredMessage.imageAt(record, at),
                            StoredMessage.imageLength(record, at));
            largeBodies.put(lsn, new LargeBodyFound(queueIds, LargeBody.readList(image)));
        }
    }

    private int size(ByteBuffer record, int at, int length) {
        int imageAt = StoredMessage.imageAt(record, at);
        int imageLength = StoredMessage.imageLength(record, at);
        if (StoredMessage.isLarge(record, at)) {
            return MessageSize.ofLarge(
                    length, LargeBody.readList(record.slice(imageAt, imageLength)).bytes());
        }
        MessageFormat format = formats.of(record, at);
        long bodyBytes =
                format == null ? imageLength : format.bodyBytes(record, imageAt, imageLength);
        return MessageSize.of(length, (int) bodyBytes);
    }

    private void counted(ByteBuffer record, int payload) {
        RecoveredQueue queue = queues.get(DeliveryCounts.queueId(record, payload));
        if (queue != null) {
            DeliveryCounts.read(record, payload, queue.index.recovery()::count);
        }
    }

    /** A message that was moved here is in its old queue no more. */
    private void settleMoved(ByteBuffer record, int at) {
        RecoveredQueue source = queues.get(StoredMessage.movedQueueId(record, at));
        if (source != null) {
            source.index.recovery().settle(StoredMessage.movedReceipt(record, at));
        }
    }

    private record LargeBodyFound(long[] queueIds, LargeBody.Parts parts) {}

    private static boolean inTransaction(ByteBuffer record, int at) {
        return (RecordLayout.flags(record, at) & RecordLayout.IN_TRANSACTION) != 0;
    }

    private void acknowledged(long lsn, ByteBuffer record, int at, int length) {
        int payload = RecordLayout.payloadAt(at);
        int payloadBytes = length - RecordLayout.HEADER_BYTES;
        if (inTransaction(record, at)) {
            transactions.acknowledged(lsn, record, payload, payloadBytes);
        } else {
            acknowledged(record, payload, payloadBytes);
        }
    }

    private void acknowledged(ByteBuffer buffer, int payload, int length) {
        RecoveredQueue queue = queues.get(Acknowledgements.queueId(buffer, payload));
        if (queue != null) {
            Acknowledgements.read(buffer, payload, length, queue.index.recovery()::settle);
        }
    }

    /** Takes messages out again whose transaction was not committed. Call when all is read. */
    void dropUncommitted() {
        transactions.forEachUncommitted((queueId, position) -> {
            RecoveredQueue queue = queues.get(queueId);
            if (queue != null) {
                queue.index.recovery().settle(position);
            }
        });
    }

    private void defined(ByteBuffer record, int at, int length) {
        int payload = RecordLayout.payloadAt(at);
        apply(DefinitionCodec.decode(record.slice(payload, length - RecordLayout.HEADER_BYTES)));
    }

    private void apply(DefinitionChange change) {
        if (change instanceof DefinitionChange.VirtualHostDeleted deleted) {
            forget(deleted.vhost());
        }
        changes.add(change);
        if (change instanceof DefinitionChange.QueueDeclared declared) {
            long id = declared.queue().id();
            queues.computeIfAbsent(id, _ -> new RecoveredQueue(declared.queue(), indexes));
            nextQueueId = Math.max(nextQueueId, id + 1);
        } else if (change instanceof DefinitionChange.QueueDeleted deleted) {
            queues.remove(deleted.id());
        }
    }

    /**
     * A virtual host is deleted: whatever was in it goes from here already. If it stayed to be
     * replayed, a queue that came after in one of the same name would find its index taken.
     */
    private void forget(String vhost) {
        for (DefinitionChange change : changes) {
            if (change instanceof DefinitionChange.QueueDeclared declared
                    && declared.vhost().equals(vhost)) {
                queues.remove(declared.queue().id());
            }
        }
        changes.removeIf(change -> change.vhost().equals(vhost));
    }
}
