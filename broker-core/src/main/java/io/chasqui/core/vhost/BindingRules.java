package io.chasqui.core.vhost;

import io.chasqui.core.definition.ArgumentRules;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DefinitionChange.BindingAdded;
import io.chasqui.core.definition.DefinitionChange.BindingRemoved;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.exchange.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules by which bindings come and go (0-9-1 queue.bind, queue.unbind, and RabbitMQ's). */
final class BindingRules {

    private final Definitions definitions;

    BindingRules(Definitions definitions) {
        this.definitions = definitions;
    }

    /** See {@link VirtualHost#bindQueue}. */
    long bindQueue(BindingDefinition binding, long sessionId) {
        Names.checkNotDefault(binding.source());
        return definitions.locked(() -> {
            Exchange source = definitions.exchangeOrRefuse(binding.source());
            RegisteredQueue destination = definitions.queueOrRefuse(binding.destination());
            definitions.checkAccess(destination, sessionId);
            return bind(source, binding, destination.queue().definition());
        });
    }

    /** See {@link VirtualHost#bindExchange}. */
    long bindExchange(BindingDefinition binding) {
        Names.checkNotDefault(binding.destination());
        Names.checkNotDefault(binding.source());
        return definitions.locked(() -> {
            Exchange source = definitions.exchangeOrRefuse(binding.source());
            definitions.exchangeOrRefuse(binding.destination());
            return bind(source, binding, null);
        });
    }

    private long bind(Exchange source, BindingDefinition binding, @Nullable QueueDefinition queue) {
        ArgumentRules.check(source.definition().type(), binding, queue);
        boolean durable = definitions.topology().isDurable(binding);
        return source.isBound(binding)
                ? definitions.position(durable)
                : definitions.commit(new BindingAdded(definitions.vhost(), binding), durable);
    }

    /** See {@link VirtualHost#unbindQueue}. */
    long unbindQueue(BindingDefinition binding, long sessionId) {
        Names.checkNotDefault(binding.source());
        return definitions.locked(() -> {
            Exchange source = definitions.topology().exchange(binding.source());
            RegisteredQueue destination = definitions.topology().queue(binding.destination());
            if (source == null || destination == null || !source.isBound(binding)) {
                return 0L;
            }
            definitions.checkAccess(destination, sessionId);
            return unbind(binding);
        });
    }

    /** See {@link VirtualHost#unbindExchange}. */
    long unbindExchange(BindingDefinition binding) {
        Names.checkNotDefault(binding.destination());
        Names.checkNotDefault(binding.source());
        return definitions.locked(() -> {
            Exchange source = definitions.topology().exchange(binding.source());
            return source == null || !source.isBound(binding) ? 0L : unbind(binding);
        });
    }

    private long unbind(BindingDefinition binding) {
        long position =
                definitions.commit(
                        new BindingRemoved(definitions.vhost(), binding),
                        definitions.topology().isDurable(binding));
        return Math.max(position, definitions.deleteUnboundSources(List.of(binding)));
    }
}
