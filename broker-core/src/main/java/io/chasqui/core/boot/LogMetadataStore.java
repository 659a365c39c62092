package io.chasqui.core.boot;

import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionCodec;
import io.chasqui.core.definition.MetadataStore;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.RecordType;
import java.nio.ByteBuffer;

/**
 * Keeps definitions as records in the durable log, among the messages: one fsync for both and one
 * order at recovery. In a cluster a replicated log takes its place.
 */
final class LogMetadataStore implements MetadataStore {

    private final MessageStore store;

    LogMetadataStore(MessageStore store) {
        this.store = store;
    }

    @Override
    public long record(DefinitionChange change) {
        ByteBuffer encoded = DefinitionCodec.encode(change);
        int length = encoded.remaining();
        CommitLog log = store.durableLog();
        long lsn = log.begin(RecordType.DEFINITION, 0, 0, 0, 0, 0, store.wallMs(), length);
        boolean whole = false;
        try {
            log.buffer().put(log.payloadAt(), encoded, encoded.position(), length);
            whole = true;
        } finally {
            log.endIf(whole, true);
        }
        return lsn;
    }
}
