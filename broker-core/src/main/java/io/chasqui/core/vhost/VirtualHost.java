package io.chasqui.core.vhost;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDescribed;
import io.chasqui.core.definition.DefinitionListener;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.definition.MetadataStore;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.definition.VirtualHostDescription;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueCounters;
import io.chasqui.core.queue.QueueSettings;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Access;
import io.chasqui.core.shard.Shard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
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
 * <p>The rules are in rooms of their own, {@link ExchangeRules}, {@link QueueRules} and {@link
 * BindingRules}; {@link Definitions} has the lock under which they change something. Everything
 * that only looks something up or routes takes no lock.
 */
public final class VirtualHost {

    private final String name;
    private final QueueFactory queues;
    private final ReplyQueues replies;
    private final Topology topology;
    private final Definitions definitions;
    private final ExchangeRules exchangeRules;
    private final QueueRules queueRules;
    private final BindingRules bindingRules;
    private final VirtualHostPolicies policies;
    private final VirtualHostParameters parameters;
    private final Routing routing;
    private final VhostCounters counters = new VhostCounters();

    /**
     * @param queueIds gives ids for new queues: unique in the whole broker, never given twice
     * @param random makes up names for queues declared without one, and seeds exchanges that choose
     *     at random; safe for use by any thread
     * @param defaultQueueType of queues if neither they nor the virtual host's description say one
     * @param listener hears of every change but those that are replayed
     */
    public VirtualHost(
            String name,
            MetadataStore metadata,
            QueueFactory queues,
            LongSupplier queueIds,
            RandomGenerator random,
            QueueType defaultQueueType,
            DefinitionListener listener) {
        this.name = name;
        this.queues = queues;
        this.replies = new ReplyQueues(name);
        AppliedPolicies applied = new AppliedPolicies(queues);
        this.topology =
                new Topology(
                        name,
                        replies,
                        (definition, settings, owner) ->
                                new RegisteredQueue(
                                        queues.create(this, definition, settings, owner), owner),
                        random,
                        applied);
        this.definitions = new Definitions(name, metadata, topology, listener);
        this.routing = new Routing(name, topology, definitions);
        this.parameters = new VirtualHostParameters(definitions, topology.parameters());
        this.exchangeRules = new ExchangeRules(definitions);
        this.queueRules =
                new QueueRules(
                        definitions,
                        queueIds,
                        new QueueNaming(random),
                        parameters,
                        counters,
                        defaultQueueType);
        this.bindingRules = new BindingRules(definitions);
        this.policies = new VirtualHostPolicies(definitions, applied);
    }

    public String name() {
        return name;
    }

    /** What is told of it. */
    public VirtualHostDescription description() {
        return topology.description();
    }

    /**
     * Has something else told of it.
     *
     * @return the log position that must be durable before anybody is told
     */
    public long describe(VirtualHostDescription next) {
        return definitions.locked(() ->
                next.equals(description())
                        ? definitions.position(true)
                        : definitions.commit(new VirtualHostDescribed(name, next), true));
    }

    /** The type of queues whose declaration names none. */
    public QueueType defaultQueueType() {
        return queueRules.defaultType();
    }

    /** How messages find their way from exchanges to queues. */
    public Routing routing() {
        return routing;
    }

    /** Makes an exchange that the broker needs for itself, unless it is there. */
    public void declareOwnExchange(ExchangeDefinition definition) {
        definitions.locked(() -> {
            topology.declareOwn(definition);
            return 0L;
        });
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

    /** Where to count what is published over the connections of the shard. */
    public PublishCounters published(Shard shard) {
        return counters.published(shard);
    }

    /** What was published, by shard; a live view. */
    public Collection<PublishCounters> published() {
        return counters.published();
    }

    /** What happened to all queues there were since the start, but those for direct replies. */
    public QueueCounters consumed() {
        return definitions.locked(() -> counters.consumed(queues()));
    }

    /** A snapshot of the bindings that lead to the exchange, oldest first. */
    public List<BindingDefinition> bindingsTo(Exchange exchange) {
        return definitions.locked(() -> topology.bindingsToExchange(exchange.definition().name()));
    }

    /** A snapshot of the explicit bindings that lead to the queue, oldest first. */
    public List<BindingDefinition> bindingsTo(Queue queue) {
        return definitions.locked(() -> {
            RegisteredQueue registered = definitions.registered(queue);
            return registered == null ? List.of() : List.copyOf(registered.bindings());
        });
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
        return definitions.exchangeOrRefuse(stripped);
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
        RegisteredQueue registered = definitions.queueOrRefuse(stripped);
        definitions.checkAccess(registered, sessionId);
        return registered.queue();
    }

    /**
     * Whether the session may touch the queue: an exclusive one is its owner's only (0-9-1
     * queue.declare).
     *
     * @throws Refusal.ResourceLocked if not
     */
    public void checkAccess(Queue queue, long sessionId) {
        RegisteredQueue registered = definitions.registered(queue);
        if (registered != null) {
            definitions.checkAccess(registered, sessionId);
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
                                        (type.isEmpty() ? "invalid" : "unknown")
                                                + " exchange type '"
                                                + type
                                                + "'"));
        ExchangeDefinition requested =
                new ExchangeDefinition(
                        Names.withoutLineBreaks(exchange),
                        knownType,
                        durable,
                        autoDelete,
                        internal,
                        arguments);
        return exchangeRules.declare(requested, access);
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
        return exchangeRules.delete(Names.withoutLineBreaks(exchange), ifUnused, access);
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
        return queueRules.declare(declaration, sessionId, access);
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
        if (replies.remove(queue)) {
            topology.raiseVersion();
            return 0;
        }
        return queueRules.remove(queue);
    }

    /** What its queues and exchanges are like beyond their arguments. */
    public VirtualHostPolicies policies() {
        return policies;
    }

    /** Its parameters and limits. */
    public VirtualHostParameters parameters() {
        return parameters;
    }

    /** The queues for direct replies, which are no definitions. */
    public ReplyQueues replies() {
        return replies;
    }

    /**
     * A name that nobody can guess, for what has none and is no definition.
     *
     * @param prefix what it begins with, at most 64 octets
     */
    public String newName(String prefix) {
        return queueRules.newName(prefix);
    }

    /**
     * Makes a queue for direct replies to one channel, under a new address, on the shard that calls.
     * It goes with its first consumer.
     *
     * @param check is shown the address first, and may refuse it
     */
    public Queue openReplyQueue(Consumer<String> check) {
        return definitions.locked(() -> {
            QueueDefinition definition = queueRules.newReplyQueue();
            check.accept(definition.name());
            QueueSettings settings = QueueSettings.of(Arguments.EMPTY);
            Queue queue = queues.create(this, definition, settings, 0);
            replies.add(queue);
            return queue;
        });
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
        return bindingRules.bindQueue(
                binding(DestinationKind.QUEUE, queue, exchange, routingKey, arguments), sessionId);
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
        return bindingRules.bindExchange(
                binding(DestinationKind.EXCHANGE, destination, source, routingKey, arguments));
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
        return bindingRules.unbindQueue(
                binding(DestinationKind.QUEUE, queue, exchange, routingKey, arguments), sessionId);
    }

    /**
     * Removes a binding between exchanges, as {@link #unbindQueue} does.
     *
     * @return the log position that must be durable before the client hears of it, 0 if none
     * @throws Refusal.AccessRefused if either is the default exchange
     */
    public long unbindExchange(
            String destination, String source, String routingKey, Arguments arguments) {
        return bindingRules.unbindExchange(
                binding(DestinationKind.EXCHANGE, destination, source, routingKey, arguments));
    }

    /** Makes a recorded change take effect again. A second time does nothing. */
    public void replay(DefinitionChange change) {
        definitions.replay(change);
    }

    /**
     * Lists the whole durable state for a checkpoint, as the changes that make an equal one, of one
     * moment.
     */
    public void forEachChange(Consumer<DefinitionChange> sink) {
        for (DefinitionChange change : definitions.locked(this::durableChanges)) {
            sink.accept(change);
        }
    }

    private List<DefinitionChange> durableChanges() {
        List<DefinitionChange> changes = new ArrayList<>();
        if (!definitions.isDeleted()) {
            topology.forEachDurableChange(changes::add);
        }
        return changes;
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
        return definitions.locked(() -> {
            List<Queue> queues = List.copyOf(queues());
            return new Deleted(queues, definitions.delete());
        });
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
