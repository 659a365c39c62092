package io.chasqui.core.message;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * The large bodies: those that are coming in, and those of messages in queues, by the position of
 * the message's record, with how many queues still hold it. Safe for use by every shard; touched for
 * large messages only.
 */
public final class LargeBodies {

    private final Set<LargeBody> comingIn = ConcurrentHashMap.newKeySet();
    private final Map<Long, Held> byMessage = new ConcurrentHashMap<>();

    private record Held(LargeBody body, long[] queueIds, AtomicInteger references) {

        int snapshotBytes() {
            return Long.BYTES + Integer.BYTES + queueIds.length * Long.BYTES + body.listBytes();
        }
    }

    void begun(LargeBody body) {
        comingIn.add(body);
    }

    void ended(LargeBody body) {
        comingIn.remove(body);
    }

    /**
     * The body's message is stored.
     *
     * @param queueIds the durable queues among its targets
     * @param references copies of the message in queues of either kind
     */
    void hold(long position, LargeBody body, long[] queueIds, int references) {
        byMessage.put(position, new Held(body, queueIds, new AtomicInteger(references)));
        comingIn.remove(body);
    }

    /** One queue less holds the message; with the last one its parts are given back. */
    void release(long position) {
        Held held = byMessage.get(position);
        if (held != null && held.references.decrementAndGet() == 0) {
            byMessage.remove(position);
            held.body.release();
        }
    }

    /** Positions of all parts in the durable log that are needed, in no order. */
    public void forEachDurablePart(LongConsumer sink) {
        comingIn.forEach(body -> durableParts(body, sink));
        byMessage.values().forEach(held -> durableParts(held.body, sink));
    }

    private static void durableParts(LargeBody body, LongConsumer sink) {
        if (body.isDurable()) {
            for (long position : body.positions()) {
                sink.accept(position);
            }
        }
    }

    /**
     * The durable large messages as a section of a checkpoint. Each is u64 position, u32 count of
     * queue ids, u64 each, and the list of parts.
     */
    public ByteBuffer snapshot() {
        Map<Long, Held> durable = new TreeMap<>(byMessage);
        durable.keySet().removeIf(MessageStore::isTransient);
        int bytes = durable.values().stream().mapToInt(Held::snapshotBytes).sum();
        ByteBuffer section = ByteBuffer.allocate(bytes);
        durable.forEach((position, held) -> {
            section.putLong(position).putInt(held.queueIds.length);
            for (long id : held.queueIds) {
                section.putLong(id);
            }
            held.body.list(section);
        });
        return section.flip();
    }
}
