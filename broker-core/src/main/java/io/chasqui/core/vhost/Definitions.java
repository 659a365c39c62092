package io.chasqui.core.vhost;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionChange.BindingRemoved;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeleted;
import io.chasqui.core.definition.DefinitionListener;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.MetadataStore;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The definitions of one virtual host and the one way to change them, which its rooms of rules
 * share: under the lock, recorded if durable, then replayed.
 *
 * <p>Threads: the lock is held for the whole of a change, by whichever thread makes it, and orders
 * the records of this virtual host. Under it only {@link MetadataStore#record} and {@link
 * QueueFactory} are called, and no other lock may be held that they or their callees take.
 * What only looks something up takes no lock.
 */
final class Definitions {

    private final String vhost;
    private final MetadataStore metadata;
    private final Topology topology;
    private final DefinitionListener listener;
    private final ReentrantLock lock = new ReentrantLock();

    /** Log position of the newest change recorded here; guarded by {@link #lock}. */
    private long lastPosition;

    /** Guarded by {@link #lock}: nothing can be changed here any more. */
    private boolean deleted;

    Definitions(
            String vhost, MetadataStore metadata, Topology topology, DefinitionListener listener) {
        this.vhost = vhost;
        this.metadata = metadata;
        this.topology = topology;
        this.listener = listener;
    }

    String vhost() {
        return vhost;
    }

    Topology topology() {
        return topology;
    }

    /** Runs a change, or a look at something of one moment, while nothing else changes. */
    <T> T locked(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What whoever asks for something durable that is there already must wait for; the asker may
     * have overtaken the one whose change it was. Under the lock.
     */
    long position(boolean durable) {
        return durable ? lastPosition : 0;
    }

    /** Whether the virtual host is gone. Under the lock. */
    boolean isDeleted() {
        return deleted;
    }

    /** Under the lock. */
    long commit(DefinitionChange change, boolean durable) {
        return commit(change, durable, 0);
    }

    /**
     * Records the change and makes it effective. Under the lock.
     *
     * @param ownerSessionId of the session that a queue declared by it belongs to, 0 if none
     * @return the log position that must be durable before the client hears of it, 0 if none
     */
    long commit(DefinitionChange change, boolean durable, long ownerSessionId) {
        if (deleted) {
            throw new Refusal.NotAllowed("vhost " + vhost + " not found");
        }
        long position = 0;
        if (durable) {
            position = metadata.record(change);
            lastPosition = Math.max(lastPosition, position);
        }
        if (listener.isListening()) {
            topology.bindingsLostBy(change)
                    .forEach(lost -> listener.changed(new BindingRemoved(vhost, lost), false));
            listener.changed(change, false);
        }
        topology.replay(change, ownerSessionId);
        return position;
    }

    /** Makes a recorded change take effect again. A second time does nothing. */
    void replay(DefinitionChange change) {
        lock.lock();
        try {
            topology.replay(change, 0);
        } finally {
            lock.unlock();
        }
    }

    /** Deletes everything; nothing can be changed any more. Under the lock. */
    long delete() {
        long position = commit(new DefinitionChange.VirtualHostDeleted(vhost), true);
        deleted = true;
        return position;
    }

    /** With it go the auto-delete exchanges that lose their last binding by that. Under the lock. */
    long delete(Exchange exchange) {
        ExchangeDefinition definition = exchange.definition();
        List<BindingDefinition> incoming = topology.bindingsToExchange(definition.name());
        long position = commit(new ExchangeDeleted(vhost, definition.name()), definition.durable());
        return Math.max(position, deleteUnboundSources(incoming));
    }

    /**
     * Deletes the auto-delete exchanges that have lost their last binding, then those that have by
     * that, and so on. An exchange that never had a binding stays. Under the lock.
     */
    long deleteUnboundSources(List<BindingDefinition> gone) {
        long position = 0;
        Deque<BindingDefinition> left = new ArrayDeque<>(gone);
        for (BindingDefinition next = left.poll(); next != null; next = left.poll()) {
            Exchange source = topology.exchange(next.source());
            if (source != null && source.definition().autoDelete() && !source.hasBindings()) {
                ExchangeDefinition definition = source.definition();
                left.addAll(topology.bindingsToExchange(definition.name()));
                ExchangeDeleted change = new ExchangeDeleted(vhost, definition.name());
                position = Math.max(position, commit(change, definition.durable()));
            }
        }
        return position;
    }

    /** The queue as it is known here; null if it was taken out, even if its name is taken. */
    @Nullable RegisteredQueue registered(Queue queue) {
        RegisteredQueue registered = topology.queue(queue.definition().name());
        return registered != null && registered.queue().equals(queue) ? registered : null;
    }

    /**
     * @throws Refusal.NotFound if there is none
     */
    Exchange exchangeOrRefuse(String exchange) {
        Exchange found = topology.exchange(exchange);
        if (found == null) {
            throw new Refusal.NotFound("no " + Resource.exchange(exchange, vhost));
        }
        return found;
    }

    /**
     * @throws Refusal.NotFound if there is none
     */
    RegisteredQueue queueOrRefuse(String queue) {
        RegisteredQueue found = topology.queue(queue);
        if (found == null) {
            throw new Refusal.NotFound("no " + Resource.queue(queue, vhost));
        }
        return found;
    }

    /**
     * @throws Refusal.ResourceLocked if the queue is another session's
     */
    void checkAccess(RegisteredQueue queue, long sessionId) {
        if (queue.ownerSessionId() != 0 && queue.ownerSessionId() != sessionId) {
            throw exclusive(queue.queue().definition().name());
        }
    }

    /** How a session is told that the queue is another's. */
    Refusal exclusive(String queue) {
        return new Refusal.ResourceLocked(
                "cannot obtain exclusive access to locked "
                        + Resource.queue(queue, vhost)
                        + ". It could be originally declared on another connection or the exclusive"
                        + " property value does not match that of the original declaration.");
    }
}
