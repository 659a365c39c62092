package io.chasqui.core.boot;

import io.chasqui.core.message.TransactionRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Records of transactions that recovery has met, until it meets the record that commits them.
 *
 * <p>A message goes into its queues where it stands in the log, so that it gets its place among the
 * others, and is taken out again if its transaction turns out not to be committed. An acknowledgement
 * waits for the commit.
 */
final class OpenTransactions {

    private final Map<Long, List<Long>> queuesByMessage = new HashMap<>();
    private final Map<Long, ByteBuffer> acknowledgements = new HashMap<>();

    /** The message at this position went into a queue. */
    void published(long position, long queueId) {
        queuesByMessage.computeIfAbsent(position, _ -> new ArrayList<>(1)).add(queueId);
    }

    /** Keeps a copy of an acknowledgement's payload. */
    void acknowledged(long position, ByteBuffer record, int payload, int length) {
        ByteBuffer copy = ByteBuffer.allocate(length);
        copy.put(0, record, payload, length);
        acknowledgements.put(position, copy);
    }

    /**
     * A commit. Records that stand before the checkpoint's mark are not known here: the checkpoint
     * holds their effects.
     *
     * @param acknowledged takes the payloads of the acknowledgements that count now
     */
    void committed(ByteBuffer record, int payload, Consumer<ByteBuffer> acknowledged) {
        TransactionRecord.read(
                record,
                payload,
                position -> {
                    queuesByMessage.remove(position);
                    ByteBuffer waiting = acknowledgements.remove(position);
                    if (waiting != null) {
                        acknowledged.accept(waiting);
                    }
                });
    }

    /** Tells of every message that went into a queue and does not count. */
    void forEachUncommitted(Uncommitted sink) {
        queuesByMessage.forEach((position, queueIds) ->
                queueIds.forEach(queueId -> sink.message(queueId, position)));
    }

    /** Takes messages that do not count, one by one. */
    @FunctionalInterface
    interface Uncommitted {
        void message(long queueId, long position);
    }
}
