package io.chasqui.core.vhost;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionChange.BindingAdded;
import io.chasqui.core.definition.DefinitionChange.BindingRemoved;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeclared;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeleted;
import io.chasqui.core.definition.DefinitionChange.ParameterSet;
import io.chasqui.core.definition.DefinitionChange.PolicySet;
import io.chasqui.core.definition.DefinitionChange.QueueDeclared;
import io.chasqui.core.definition.DefinitionChange.QueueDeleted;
import io.chasqui.core.definition.DefinitionChange.VirtualHostAdded;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDeleted;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDescribed;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.VirtualHostDescription;
import io.chasqui.core.exchange.DefaultExchange;
import io.chasqui.core.exchange.Destination;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.policy.Parameters;
import io.chasqui.core.queue.QueueSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges, queues and bindings of a virtual host, and what each change does to them. No rule
 * is asked here: a change has been decided already. Replaying one twice does nothing the second
 * time, since a checkpoint and the log after it may both hold it.
 *
 * <p>Changed by one thread at a time, under the lock of {@link VirtualHost}; found by any thread
 * without a lock.
 */
final class Topology {

    /** Makes the queue behind a definition; the last argument is the owner's session or 0. */
    interface Queues {
        RegisteredQueue create(
                QueueDefinition definition, QueueSettings settings, long ownerSessionId);
    }

    private final String vhost;
    private final ReplyQueues replies;
    private final Queues queueFactory;
    private final RandomGenerator random;
    private final AppliedPolicies policies;
    private final Parameters parameters = new Parameters();
    private volatile VirtualHostDescription description = VirtualHostDescription.NONE;
    private final ConcurrentMap<String, Exchange> exchanges = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, RegisteredQueue> queues = new ConcurrentHashMap<>();

    /** The bindings that lead to an exchange, by its name; guarded by the lock. */
    private final Map<String, Set<BindingDefinition>> bindingsToExchange = new HashMap<>();

    /** Starts above the 0 of an empty route cache. */
    private final AtomicLong version = new AtomicLong(1);

    Topology(
            String vhost,
            ReplyQueues replies,
            Queues queueFactory,
            RandomGenerator random,
            AppliedPolicies policies) {
        this.vhost = vhost;
        this.replies = replies;
        this.queueFactory = queueFactory;
        this.random = random;
        this.policies = policies;
        exchanges.put(DefaultExchange.NAME, new DefaultExchange(this::destination));
        Predeclared.EXCHANGES.forEach(this::declare);
    }

    @Nullable Exchange exchange(String name) {
        return exchanges.get(name);
    }

    @Nullable RegisteredQueue queue(String name) {
        return queues.get(name);
    }

    ConcurrentMap<String, Exchange> exchanges() {
        return exchanges;
    }

    ConcurrentMap<String, RegisteredQueue> queues() {
        return queues;
    }

    VirtualHostDescription description() {
        return description;
    }

    Parameters parameters() {
        return parameters;
    }

    /**
     * Where the exchange sends what it cannot route; null if nowhere, as with the default exchange
     * whatever policies say.
     */
    @Nullable Exchange alternateOf(Exchange exchange) {
        if (exchange.definition().name().equals(DefaultExchange.NAME)) {
            return null;
        }
        return policies.alternateOf(exchange)
                .filter(name -> !name.equals(DefaultExchange.NAME))
                .map(exchanges::get)
                .orElse(null);
    }

    /** Rises after each change has taken effect. */
    long version() {
        return version.get();
    }

    /** What is cached of it is not good any more. */
    void raiseVersion() {
        version.incrementAndGet();
    }

    /**
     * Makes the change take effect.
     *
     * @param ownerSessionId of the session that a queue declared by it belongs to, 0 if none
     */
    void replay(DefinitionChange change, long ownerSessionId) {
        switch (change) {
            case VirtualHostAdded _ -> {}
            case VirtualHostDescribed described -> description = described.description();
            case VirtualHostDeleted _ -> clear();
            case ExchangeDeclared declared -> declare(declared.exchange());
            case ExchangeDeleted deleted -> deleteExchange(deleted.exchange());
            case QueueDeclared declared -> declare(declared.queue(), ownerSessionId);
            case QueueDeleted deleted -> deleteQueue(deleted.queue(), deleted.id());
            case BindingAdded added -> add(added.binding());
            case BindingRemoved removed -> remove(removed.binding());
            case DefinitionChange.OfAccess _ -> {}
            case DefinitionChange.OfPolicy policy ->
                    policies.replay(policy, queues.values(), exchanges.values());
            case DefinitionChange.OfParameter parameter -> parameters.replay(parameter);
        }
        version.incrementAndGet();
    }

    /** Whether the binding survives a restart: only if both its ends do. */
    boolean isDurable(BindingDefinition binding) {
        return isDurableExchange(binding.source())
                && switch (binding.kind()) {
                    case QUEUE -> isDurableQueue(binding.destination());
                    case EXCHANGE -> isDurableExchange(binding.destination());
                };
    }

    private boolean isDurableExchange(String name) {
        Exchange exchange = exchanges.get(name);
        return exchange != null && exchange.definition().durable();
    }

    private boolean isDurableQueue(String name) {
        RegisteredQueue queue = queues.get(name);
        return queue != null && queue.queue().isDurable();
    }

    /** The bindings that go with what the change deletes. */
    List<BindingDefinition> bindingsLostBy(DefinitionChange change) {
        return switch (change) {
            case QueueDeleted deleted -> {
                RegisteredQueue queue = queues.get(deleted.queue());
                yield queue == null ? List.of() : List.copyOf(queue.bindings());
            }
            case ExchangeDeleted deleted -> {
                List<BindingDefinition> lost =
                        new ArrayList<>(bindingsToExchange(deleted.exchange()));
                Exchange exchange = exchanges.get(deleted.exchange());
                if (exchange != null) {
                    lost.addAll(exchange.bindings());
                }
                yield lost;
            }
            default -> List.of();
        };
    }

    /** An exchange that the broker needs for itself, and that is in no log. */
    void declareOwn(ExchangeDefinition definition) {
        declare(definition);
    }

    /** A copy of the bindings that lead to the exchange. */
    List<BindingDefinition> bindingsToExchange(String name) {
        return List.copyOf(bindingsToExchange.getOrDefault(name, Set.of()));
    }

    /** Hands over what makes an equal durable state when replayed in this order. */
    void forEachDurableChange(Consumer<DefinitionChange> sink) {
        sink.accept(new VirtualHostAdded(vhost));
        if (!description.equals(VirtualHostDescription.NONE)) {
            sink.accept(new VirtualHostDescribed(vhost, description));
        }
        for (PolicyKind kind : PolicyKind.values()) {
            policies.policies()
                    .all(kind)
                    .forEach(policy -> sink.accept(new PolicySet(vhost, policy)));
        }
        parameters.all().forEach(each -> sink.accept(new ParameterSet(vhost, each)));
        for (Exchange exchange : exchanges.values()) {
            if (exchange.definition().durable() && !Predeclared.isPredeclared(exchange)) {
                sink.accept(new ExchangeDeclared(vhost, exchange.definition()));
            }
        }
        for (RegisteredQueue queue : queues.values()) {
            if (queue.queue().definition().durable()) {
                sink.accept(new QueueDeclared(vhost, queue.queue().definition()));
                forEachDurable(queue.bindings(), sink);
            }
        }
        bindingsToExchange.values().forEach(bindings -> forEachDurable(bindings, sink));
    }

    private void forEachDurable(Set<BindingDefinition> bindings, Consumer<DefinitionChange> sink) {
        for (BindingDefinition binding : bindings) {
            if (isDurable(binding)) {
                sink.accept(new BindingAdded(vhost, binding));
            }
        }
    }

    private @Nullable Destination destination(String queue) {
        RegisteredQueue registered = queues.get(queue);
        return registered == null ? replies.find(queue) : registered.destination();
    }

    private void declare(ExchangeDefinition definition) {
        exchanges.computeIfAbsent(definition.name(), _ -> Exchange.of(definition, random));
        policies.exchangeDeclared(definition.name());
    }

    private void deleteExchange(String name) {
        Exchange exchange = exchanges.remove(name);
        policies.exchangeDeleted(name);
        if (exchange != null) {
            exchange.bindings().forEach(this::forget);
            bindingsToExchange(name).forEach(this::unbind);
            bindingsToExchange.remove(name);
        }
    }

    private void declare(QueueDefinition definition, long ownerSessionId) {
        if (!queues.containsKey(definition.name())) {
            QueueSettings settings = policies.queueDeclared(definition);
            queues.put(
                    definition.name(), queueFactory.create(definition, settings, ownerSessionId));
        }
    }

    /**
     * A newer queue of that name is there only if a checkpoint held it and the log before it is
     * being replayed. Then the bindings so far are its predecessor's, or come again later.
     */
    private void deleteQueue(String name, long id) {
        RegisteredQueue queue = queues.get(name);
        if (queue == null) {
            return;
        }
        if (queue.queue().definition().id() == id) {
            queues.remove(name);
            policies.queueDeleted(name);
        }
        queue.bindings().forEach(this::unbind);
        queue.bindings().clear();
    }

    /** Nothing if one of the ends is gone, as may be when a log is replayed onto a checkpoint. */
    private void add(BindingDefinition binding) {
        Exchange source = exchanges.get(binding.source());
        if (source == null) {
            return;
        }
        switch (binding.kind()) {
            case QUEUE -> {
                RegisteredQueue queue = queues.get(binding.destination());
                if (queue != null) {
                    source.bind(binding, queue.destination());
                    queue.bindings().add(binding);
                }
            }
            case EXCHANGE -> {
                Exchange exchange = exchanges.get(binding.destination());
                if (exchange != null) {
                    source.bind(binding, new Destination.ToExchange(exchange));
                    bindingsToExchange
                            .computeIfAbsent(binding.destination(), _ -> new LinkedHashSet<>())
                            .add(binding);
                }
            }
        }
    }

    private void remove(BindingDefinition binding) {
        unbind(binding);
        forget(binding);
    }

    /** Takes the binding from its source. */
    private void unbind(BindingDefinition binding) {
        Exchange source = exchanges.get(binding.source());
        if (source != null) {
            source.unbind(binding);
        }
    }

    /** Takes the binding from its destination. */
    private void forget(BindingDefinition binding) {
        switch (binding.kind()) {
            case QUEUE -> {
                RegisteredQueue queue = queues.get(binding.destination());
                if (queue != null) {
                    queue.bindings().remove(binding);
                }
            }
            case EXCHANGE ->
                    bindingsToExchange.computeIfPresent(
                            binding.destination(),
                            (_, bindings) ->
                                    bindings.remove(binding) && bindings.isEmpty()
                                            ? null
                                            : bindings);
        }
    }

    private void clear() {
        queues.clear();
        policies.clear();
        parameters.clear();
        bindingsToExchange.clear();
        exchanges.values().removeIf(exchange -> !Predeclared.isPredeclared(exchange));
        exchanges.values().forEach(exchange -> exchange.bindings().forEach(exchange::unbind));
    }
}
