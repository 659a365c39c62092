package io.chasqui.core.vhost;

import io.chasqui.core.definition.ArgumentRules;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionChange.BindingAdded;
import io.chasqui.core.definition.DefinitionChange.BindingRemoved;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeclared;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeleted;
import io.chasqui.core.definition.DefinitionChange.QueueDeclared;
import io.chasqui.core.definition.DefinitionChange.QueueDeleted;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.core.definition.Equivalence;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.definition.MetadataStore;
import io.chasqui.core.definition.QueueArgument;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.exchange.Route;
import io.chasqui.core.exchange.RouteSearch;
import io.chasqui.core.exchange.RoutedMessage;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Access;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A virtual host: a world of exchanges, queues and bindings of its own, and the rules
 * by which they come and go.
 *
 * <p>Every change goes the same way: it is <em>decided</em> (or refused with RabbitMQ's text),
 * <em>recorded</em> if it is durable, and <em>replayed</em>; boot replays what was recorded.
 *
 * <p>Threads: {@link #lock} is held for the whole of a change, by whichever thread makes it, and
 * orders the records of this virtual host. Under it only {@link MetadataStore#record} and {@link
 * QueueFactory#create} are called, and no other lock may be held that they or their callees take.
 * Everything that only looks something up or routes takes no lock.
 */
public final class VirtualHost {

    private static final String DEAD_LETTER_EXCHANGE =
            QueueArgument.DEAD_LETTER_EXCHANGE.wireName();

    private static final String QUEUE_TYPE = QueueArgument.QUEUE_TYPE.wireName();

    private final String name;
    private final MetadataStore metadata;
    private final LongSupplier queueIds;
    private final QueueNaming naming;
    private final QueueFactory queues;
    private final ReplyQueues replies;
    private final Topology topology;
    private final ReentrantLock lock = new ReentrantLock();

    /** Log position of the newest change recorded here; guarded by {@link #lock}. */
    private long lastPosition;

    /** Guarded by {@link #lock}: nothing can be changed here any more. */
    private boolean deleted;

    /**
     * @param queueIds gives ids for new queues: unique in the whole broker, never given twice
     * @param random makes up names for queues declared without one; safe for use by any thread
     */
    public VirtualHost(
            String name,
            MetadataStore metadata,
            QueueFactory queues,
            LongSupplier queueIds,
            RandomGenerator random) {
        this.name = name;
        this.metadata = metadata;
        this.queueIds = queueIds;
        this.naming = new QueueNaming(random);
        this.queues = queues;
        this.replies = new ReplyQueues(name);
        this.topology =
                new Topology(
                        name,
                        replies,
                        (definition, owner) ->
                                new RegisteredQueue(queues.create(this, definition, owner), owner));
    }

    public String name() {
        return name;
    }

    /** Rises after each change of a definition or permission: how long a cached route is good. */
    public long routingVersion() {
        return topology.version();
    }

    /** Makes routes that are cached be asked for anew, and with them whether one may. */
    public void permissionsChanged() {
        topology.raiseVersion();
    }

    public @Nullable Exchange exchange(String exchange) {
        return topology.exchange(exchange);
    }

    public @Nullable Queue queue(String queue) {
        RegisteredQueue registered = topology.queue(queue);
        return registered == null ? null : registered.queue();
    }

    /** A live view in no order. */
    public Collection<Exchange> exchanges() {
        return Collections.unmodifiableCollection(topology.exchanges().values());
    }

    /** A snapshot in no order. */
    public Collection<Queue> queues() {
        return topology.queues().values().stream().map(RegisteredQueue::queue).toList();
    }

    /** A snapshot of the bindings that lead to the exchange, oldest first. */
    public List<BindingDefinition> bindingsTo(Exchange exchange) {
        lock.lock();
        try {
            return topology.bindingsToExchange(exchange.definition().name());
        } finally {
            lock.unlock();
        }
    }

    /** A snapshot of the explicit bindings that lead to the queue, oldest first. */
    public List<BindingDefinition> bindingsTo(Queue queue) {
        lock.lock();
        try {
            RegisteredQueue registered = registered(queue);
            return registered == null ? List.of() : List.copyOf(registered.bindings());
        } finally {
            lock.unlock();
        }
    }

    /**
     * The exchange, for a passive declare (0-9-1 exchange.declare).
     *
     * @throws Refusal.AccessRefused for the default exchange
     * @throws Refusal.NotFound if there is none
     */
    public Exchange existingExchange(String exchange) {
        String stripped = Names.withoutLineBreaks(exchange);
        Names.checkNotDefault(stripped);
        return exchangeOrRefuse(stripped);
    }

    /**
     * The queue, for whatever a session wants of an existing one: passive declare, consume, get,
     * purge, delete.
     *
     * @throws Refusal.NotFound if there is none
     * @throws Refusal.ResourceLocked if it is another session's
     */
    public Queue existingQueue(String queue, long sessionId) {
        String stripped = Names.withoutLineBreaks(queue);
        RegisteredQueue registered = queueOrRefuse(stripped);
        checkAccess(registered, sessionId);
        return registered.queue();
    }

    /**
     * Whether the session may touch the queue: an exclusive one is its owner's only (0-9-1
     * queue.declare).
     *
     * @throws Refusal.ResourceLocked if not
     */
    public void checkAccess(Queue queue, long sessionId) {
        RegisteredQueue registered = registered(queue);
        if (registered != null) {
            checkAccess(registered, sessionId);
        }
    }

    /** Declares an exchange for the broker itself, which may. */
    public long declareExchange(
            String exchange,
            String type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            Arguments arguments) {
        return declareExchange(
                exchange, type, durable, autoDelete, internal, arguments, Access.UNRESTRICTED);
    }

    /**
     * Declares an exchange, or checks that the one there is as asked for.
     *
     * @return the log position that must be durable before the client hears of it, 0 if none
     * @throws Refusal.PreconditionFailed if the type is unknown, an argument invalid, or the one
     *     there different
     * @throws Refusal.AccessRefused for the default exchange, for a new one with a reserved name, and
     *     if {@code access} does not allow it
     */
    public long declareExchange(
            String exchange,
            String type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            Arguments arguments,
            Access access) {
        ExchangeType knownType =
                ExchangeType.named(type)
                        .orElseThrow(() ->
                                new Refusal.PreconditionFailed(
                                        "unknown exchange type '" + type + "'"));
        String stripped = Names.withoutLineBreaks(exchange);
        Names.checkNotDefault(stripped);
        ExchangeDefinition requested =
                new ExchangeDefinition(
                        stripped, knownType, durable, autoDelete, internal, arguments);
        Resource resource = Resource.exchange(stripped, name);
        access.checkConfigure(resource);
        lock.lock();
        try {
            Exchange current = topology.exchange(stripped);
            if (current != null) {
                Equivalence.check(name, current.definition(), requested);
                return durable ? lastPosition : 0;
            }
            Names.checkNotReserved("exchange", stripped);
            checkForwarding(access, resource, arguments, ArgumentRules.ALTERNATE_EXCHANGE);
            ArgumentRules.check(name, requested);
            return commit(new ExchangeDeclared(name, requested), durable);
        } finally {
            lock.unlock();
        }
    }

    /** Deletes an exchange for the broker itself, which may. */
    public long deleteExchange(String exchange, boolean ifUnused) {
        return deleteExchange(exchange, ifUnused, Access.UNRESTRICTED);
    }

    /**
     * Deletes an exchange with its bindings; does nothing if there is none, as in RabbitMQ.
     *
     * @return the log position that must be durable before the client hears of it, 0 if none
     * @throws Refusal.AccessRefused for the default exchange and for reserved names
     * @throws Refusal.PreconditionFailed if {@code ifUnused} and it is the source of a binding
     */
    public long deleteExchange(String exchange, boolean ifUnused, Access access) {
        String stripped = Names.withoutLineBreaks(exchange);
        Names.checkNotDefault(stripped);
        Resource resource = Resource.exchange(stripped, name);
        if (Predeclared.isReserved(stripped)) {
            throw new Refusal.AccessRefused("deletion of system " + resource + " not allowed");
        }
        access.checkConfigure(resource);
        lock.lock();
        try {
            Exchange current = topology.exchange(stripped);
            if (current == null) {
                return 0;
            }
            if (ifUnused && current.hasBindings()) {
                throw new Refusal.PreconditionFailed(resource + " in use");
            }
            return delete(current);
        } finally {
            lock.unlock();
        }
    }

    /** Declares a queue for the broker itself, which may. */
    public Declared declareQueue(QueueDeclaration declaration, long sessionId) {
        return declareQueue(declaration, sessionId, Access.UNRESTRICTED);
    }

    /**
     * Declares a queue, or checks that the one there is as asked for.
     *
     * <p>The queue there may be on its way out, decided in its home shard but not yet {@link
     * #queueRemoved}. Whoever is told so by the queue itself calls {@link #queueRemoved} and
     * declares again.
     *
     * @param declaration with an empty name if the broker is to make one up
     * @param sessionId of the session that declares, the owner if the queue is exclusive
     * @throws Refusal.AccessRefused for a reserved name, even of a queue that is there, and if {@code
     *     access} does not allow it
     * @throws Refusal.ResourceLocked if the one there is another session's, or not as exclusive as
     *     asked for
     * @throws Refusal.PreconditionFailed if an argument is invalid or the one there different
     */
    public Declared declareQueue(QueueDeclaration declaration, long sessionId, Access access) {
        QueueDeclaration requested = withDefaults(declaration);
        Resource resource = Resource.queue(requested.name(), name);
        access.checkConfigure(resource);
        long ownerSessionId = requested.exclusive() ? sessionId : 0;
        lock.lock();
        try {
            RegisteredQueue current = topology.queue(requested.name());
            if (current != null) {
                if (current.ownerSessionId() != ownerSessionId) {
                    throw locked(requested.name());
                }
                Equivalence.check(name, current.queue().definition(), requested);
                return new Declared(current.queue(), false, requested.durable() ? lastPosition : 0);
            }
            checkForwarding(access, resource, requested.arguments(), DEAD_LETTER_EXCHANGE);
            ArgumentRules.check(name, requested);
            QueueDefinition definition = requested.withId(queueIds.getAsLong());
            QueueDeclared change = new QueueDeclared(name, definition);
            long position = commit(change, definition.durable(), ownerSessionId);
            return new Declared(queueOrRefuse(definition.name()).queue(), true, position);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a deleted queue out of the virtual host with all its bindings, and the auto-delete
     * exchanges that lose their last binding by it. Called once the queue's home shard has decided
     * that it goes; from then on the name is free. Does nothing if the queue was taken out before,
     * even if another one has its name by now.
     *
     * @return the log position that must be durable before the client hears of it, 0 if none
     */
    public long queueRemoved(Queue queue) {
        lock.lock();
        try {
            if (replies.remove(queue)) {
                topology.raiseVersion();
                return 0;
            }
            RegisteredQueue registered = registered(queue);
            if (registered == null) {
                return 0;
            }
            QueueDefinition definition = queue.definition();
            List<BindingDefinition> bindings = List.copyOf(registered.bindings());
            long position =
                    commit(
                            new QueueDeleted(name, definition.name(), definition.id()),
                            definition.durable());
            return Math.max(position, deleteUnboundSources(bindings));
        } finally {
            lock.unlock();
        }
    }

    /** The queues for direct replies, which are no definitions. */
    public ReplyQueues replies() {
        return replies;
    }

    /**
     * Makes a queue for direct replies to one channel, under a new address, on the shard that calls.
     * It goes with its first consumer.
     */
    public Queue openReplyQueue() {
        lock.lock();
        try {
            QueueDefinition definition =
                    new QueueDefinition(
                            queueIds.getAsLong(),
                            naming.nextReplyAddress(),
                            false,
                            false,
                            true,
                            Arguments.EMPTY);
            Queue queue = queues.create(this, definition, 0);
            replies.add(queue);
            return queue;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Binds a queue; does nothing if that very binding is there (0-9-1 queue.bind, "duplicates").
     *
     * @return the log position that must be durable before the client hears of it, 0 if none
     * @throws Refusal.AccessRefused for the default exchange
     * @throws Refusal.NotFound if the exchange or the queue is missing
     * @throws Refusal.ResourceLocked if the queue is another session's
     * @throws Refusal.PreconditionFailed if the arguments are not for the exchange's type
     */
    public long bindQueue(
            String queue, String exchange, String routingKey, Arguments arguments, long sessionId) {
        BindingDefinition binding =
                binding(DestinationKind.QUEUE, queue, exchange, routingKey, arguments);
        Names.checkNotDefault(binding.source());
        lock.lock();
        try {
            Exchange source = exchangeOrRefuse(binding.source());
            checkAccess(queueOrRefuse(binding.destination()), sessionId);
            return bind(source, binding);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Binds an exchange to another one, or to itself; does nothing if that very binding is there.
     *
     * @return the log position that must be durable before the client hears of it, 0 if none
     * @throws Refusal.AccessRefused if either is the default exchange
     * @throws Refusal.NotFound if one is missing, the source being looked for first
     * @throws Refusal.PreconditionFailed if the arguments are not for the source's type
     */
    public long bindExchange(
            String destination, String source, String routingKey, Arguments arguments) {
        BindingDefinition binding =
                binding(DestinationKind.EXCHANGE, destination, source, routingKey, arguments);
        Names.checkNotDefault(binding.destination());
        Names.checkNotDefault(binding.source());
        lock.lock();
        try {
            Exchange from = exchangeOrRefuse(binding.source());
            exchangeOrRefuse(binding.destination());
            return bind(from, binding);
        } finally {
            lock.unlock();
        }
    }

    private long bind(Exchange source, BindingDefinition binding) {
        ArgumentRules.check(source.definition().type(), binding);
        boolean durable = topology.isDurable(binding);
        if (source.isBound(binding)) {
            return durable ? lastPosition : 0;
        }
        return commit(new BindingAdded(name, binding), durable);
    }

    /**
     * Removes a binding, and its exchange if that is auto-delete and this was its last one; does
     * nothing if exchange, queue or binding is missing, as in RabbitMQ.
     *
     * @return the log position that must be durable before the client hears of it, 0 if none
     * @throws Refusal.AccessRefused for the default exchange
     * @throws Refusal.ResourceLocked if the queue is another session's
     */
    public long unbindQueue(
            String queue, String exchange, String routingKey, Arguments arguments, long sessionId) {
        BindingDefinition binding =
                binding(DestinationKind.QUEUE, queue, exchange, routingKey, arguments);
        Names.checkNotDefault(binding.source());
        lock.lock();
        try {
            Exchange source = topology.exchange(binding.source());
            RegisteredQueue destination = topology.queue(binding.destination());
            if (source == null || destination == null || !source.isBound(binding)) {
                return 0;
            }
            checkAccess(destination, sessionId);
            return unbind(binding);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes a binding between exchanges, as {@link #unbindQueue} does.
     *
     * @return the log position that must be durable before the client hears of it, 0 if none
     * @throws Refusal.AccessRefused if either is the default exchange
     */
    public long unbindExchange(
            String destination, String source, String routingKey, Arguments arguments) {
        BindingDefinition binding =
                binding(DestinationKind.EXCHANGE, destination, source, routingKey, arguments);
        Names.checkNotDefault(binding.destination());
        Names.checkNotDefault(binding.source());
        lock.lock();
        try {
            Exchange from = topology.exchange(binding.source());
            return from == null || !from.isBound(binding) ? 0 : unbind(binding);
        } finally {
            lock.unlock();
        }
    }

    private long unbind(BindingDefinition binding) {
        long position = commit(new BindingRemoved(name, binding), topology.isDurable(binding));
        return Math.max(position, deleteUnboundSources(List.of(binding)));
    }

    /**
     * Routes what a client publishes.
     *
     * @throws Refusal.NotFound if there is no such exchange
     * @throws Refusal.AccessRefused if it is internal
     */
    public Route route(String exchange, RoutedMessage message) {
        Exchange source = exchangeOrRefuse(exchange);
        if (source.definition().internal()) {
            throw new Refusal.AccessRefused(
                    "cannot publish to internal " + Resource.exchange(exchange, name));
        }
        return routeFrom(source, message);
    }

    /** Routes what the broker itself sends, such as a dead letter, which internal exchanges take. */
    public Route routeFrom(Exchange source, RoutedMessage message) {
        return RouteSearch.from(source, message, topology::exchange);
    }

    /** Makes a recorded change take effect again. A second time does nothing. */
    public void replay(DefinitionChange change) {
        lock.lock();
        try {
            topology.replay(change, 0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lists the whole durable state for a checkpoint, as the changes that make an equal one, of one
     * moment. Holds up every other change of this virtual host meanwhile.
     */
    public void forEachChange(Consumer<DefinitionChange> sink) {
        lock.lock();
        try {
            if (!deleted) {
                topology.forEachDurableChange(sink);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a deletion leaves to do.
     *
     * @param queues to be dropped, each on its shard
     * @param position log position to wait for before telling
     */
    public record Deleted(List<Queue> queues, long position) {}

    /** Deletes this virtual host: nothing is found here any more, and nothing can be declared. */
    public Deleted delete() {
        lock.lock();
        try {
            List<Queue> queues = List.copyOf(queues());
            long position = commit(new DefinitionChange.VirtualHostDeleted(name), true);
            deleted = true;
            return new Deleted(queues, position);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whoever has messages forwarded may take them from here and put them there, as in RabbitMQ.
     *
     * @param argument that names the exchange they go to
     */
    private void checkForwarding(
            Access access, Resource from, Arguments arguments, String argument) {
        arguments
                .text(argument)
                .ifPresent(exchange -> {
                    access.checkRead(from);
                    access.checkWrite(Resource.exchange(exchange, name));
                });
    }

    private long commit(DefinitionChange change, boolean durable) {
        return commit(change, durable, 0);
    }

    private long commit(DefinitionChange change, boolean durable, long ownerSessionId) {
        if (deleted) {
            throw new Refusal.NotAllowed("vhost " + name + " not found");
        }
        long position = 0;
        if (durable) {
            position = metadata.record(change);
            lastPosition = Math.max(lastPosition, position);
        }
        topology.replay(change, ownerSessionId);
        return position;
    }

    /** With it go the auto-delete exchanges that lose their last binding by that. */
    private long delete(Exchange exchange) {
        ExchangeDefinition definition = exchange.definition();
        List<BindingDefinition> incoming = topology.bindingsToExchange(definition.name());
        long position = commit(new ExchangeDeleted(name, definition.name()), definition.durable());
        return Math.max(position, deleteUnboundSources(incoming));
    }

    /**
     * Deletes the auto-delete exchanges that have lost their last binding, then those that have by
     * that, and so on. An exchange that never had a binding stays.
     */
    private long deleteUnboundSources(List<BindingDefinition> gone) {
        long position = 0;
        Deque<BindingDefinition> left = new ArrayDeque<>(gone);
        for (BindingDefinition next = left.poll(); next != null; next = left.poll()) {
            Exchange source = topology.exchange(next.source());
            if (source != null && source.definition().autoDelete() && !source.hasBindings()) {
                ExchangeDefinition definition = source.definition();
                left.addAll(topology.bindingsToExchange(definition.name()));
                ExchangeDeleted change = new ExchangeDeleted(name, definition.name());
                position = Math.max(position, commit(change, definition.durable()));
            }
        }
        return position;
    }

    private @Nullable RegisteredQueue registered(Queue queue) {
        RegisteredQueue registered = topology.queue(queue.definition().name());
        return registered != null && registered.queue().equals(queue) ? registered : null;
    }

    private Exchange exchangeOrRefuse(String exchange) {
        Exchange found = topology.exchange(exchange);
        if (found == null) {
            throw new Refusal.NotFound("no " + Resource.exchange(exchange, name));
        }
        return found;
    }

    private RegisteredQueue queueOrRefuse(String queue) {
        RegisteredQueue found = topology.queue(queue);
        if (found == null) {
            throw new Refusal.NotFound("no " + Resource.queue(queue, name));
        }
        return found;
    }

    private void checkAccess(RegisteredQueue queue, long sessionId) {
        if (queue.ownerSessionId() != 0 && queue.ownerSessionId() != sessionId) {
            throw locked(queue.queue().definition().name());
        }
    }

    private Refusal locked(String queue) {
        return new Refusal.ResourceLocked(
                "cannot obtain exclusive access to locked "
                        + Resource.queue(queue, name)
                        + ". It could be originally declared on another connection or the exclusive"
                        + " property value does not match that of the original declaration.");
    }

    /** What RabbitMQ makes of a declaration before it looks whether the queue is there. */
    private QueueDeclaration withDefaults(QueueDeclaration asked) {
        Arguments arguments = asked.arguments().without(QueueNaming.PREFIX_ARGUMENT);
        if (!arguments.contains(QUEUE_TYPE)) {
            arguments = arguments.with(QUEUE_TYPE, QueueType.CLASSIC.wireName());
        }
        String queue = Names.withoutLineBreaks(asked.name());
        if (queue.isEmpty()) {
            ArgumentRules.checkServerNamed(arguments);
            queue = naming.next(asked.arguments());
        } else {
            Names.checkNotReserved("queue", queue);
        }
        boolean durable = asked.durable() && !asked.exclusive();
        return new QueueDeclaration(
                queue, durable, asked.exclusive(), asked.autoDelete(), arguments);
    }

    private static BindingDefinition binding(
            DestinationKind kind,
            String destination,
            String source,
            String routingKey,
            Arguments arguments) {
        return new BindingDefinition(
                Names.withoutLineBreaks(source),
                kind,
                Names.withoutLineBreaks(destination),
                routingKey,
                arguments);
    }
}
