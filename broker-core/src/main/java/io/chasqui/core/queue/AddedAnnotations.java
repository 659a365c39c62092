package io.chasqui.core.queue;

import io.chasqui.core.message.AnnotationRecord;
import io.chasqui.core.message.MessageStore;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients have added to the message-annotations of a queue's messages when they gave them back
 * (1.0 §3.4.5), as their front end encodes it: the record of a message stays as it was stored. Told
 * apart by the messages' positions; whoever puts something there holds the message.
 *
 * <p>Kept in memory, and in the log for messages that survive a restart. What all queues keep together is
 * bounded ({@link MessageStore#annotationRoom}): beyond that messages come back without. Any thread.
 */
public final class AddedAnnotations {

    private static final Logger LOG = LoggerFactory.getLogger(AddedAnnotations.class);

    /** What an entry takes besides its octets. */
    private static final int ENTRY_BYTES = 96;

    private final long queueId;
    private final boolean logged;
    private final MessageStore store;
    private final Map<Long, ByteBuffer> added = new ConcurrentHashMap<>(4);

    /** Whether there ever was any: most queues need not look. */
    private volatile boolean used;

    /** The queue is gone. */
    private volatile boolean closed;

    /** Whether it was told that something did not fit; once is enough. */
    private volatile boolean told;

    /**
     * @param logged whether persistent messages of the queue survive a restart
     */
    AddedAnnotations(long queueId, boolean logged, MessageStore store) {
        this.queueId = queueId;
        this.logged = logged;
        this.store = store;
    }

    /** What was added to the message at a position, all of it; null if nothing was. */
    public @Nullable ByteBuffer of(long position) {
        ByteBuffer known = used ? added.get(position) : null;
        return known == null ? null : known.duplicate();
    }

    /**
     * From now on this, from 0 to the limit, was added to the message at a position.
     *
     * @param queue its name for people
     */
    public void put(long position, ByteBuffer octets, String queue) {
        int most = Math.min(AnnotationRecord.MAX_BYTES, store.maxContentBytes());
        if (octets.limit() > most || !store.annotationRoom().take(bytes(octets))) {
            tell(queue, octets.limit());
            return;
        }
        keep(position, octets);
        if (closed) {
            forget(position);
        } else if (logged && !MessageStore.isTransient(position)) {
            AnnotationRecord.write(store.durableLog(), queueId, position, octets, store.wallMs());
        }
    }

    private void tell(String queue, int octets) {
        if (!told) {
            told = true;
            LOG.warn(
                    "{}: no room for {} octets of annotations; further messages may come back without,"
                            + " too",
                    queue,
                    octets);
        }
    }

    /** After a restart: this was added. */
    public void restore(Map<Long, ByteBuffer> found) {
        found.forEach((position, octets) -> {
            store.annotationRoom().takeAnyway(bytes(octets));
            keep(position, octets);
        });
    }

    private void keep(long position, ByteBuffer octets) {
        used = true;
        giveBack(added.put(position, octets));
    }

    private void giveBack(@Nullable ByteBuffer octets) {
        if (octets != null) {
            store.annotationRoom().giveBack(bytes(octets));
        }
    }

    private static int bytes(ByteBuffer octets) {
        return ENTRY_BYTES + octets.limit();
    }

    /** The message left the queue. */
    void forget(long position) {
        if (used) {
            giveBack(added.remove(position));
        }
    }

    /** The queue is gone, and its messages with it. */
    void close() {
        closed = true;
        added.keySet().forEach(this::forget);
    }

    /** What survives a restart, as {@link AnnotationRecord} has it, one behind the other. */
    public ByteBuffer snapshot() {
        if (!used || !logged) {
            return ByteBuffer.allocate(0);
        }
        LongPredicate survives = position -> !MessageStore.isTransient(position);
        return AnnotationRecord.all(queueId, added, survives);
    }
}
