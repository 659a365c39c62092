package io.chasqui.core.vhost;

import io.chasqui.core.definition.ArgumentRules;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeclared;
import io.chasqui.core.definition.Equivalence;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Access;

/** The rules by which exchanges are declared and deleted (0-9-1 exchange.declare, .delete). */
final class ExchangeRules {

    private final Definitions definitions;

    ExchangeRules(Definitions definitions) {
        this.definitions = definitions;
    }

    /** See {@link VirtualHost#declareExchange}; names are without line breaks. */
    long declare(ExchangeDefinition requested, Access access) {
        String vhost = definitions.vhost();
        Names.checkNotDefault(requested.name());
        Resource resource = Resource.exchange(requested.name(), vhost);
        access.checkConfigure(resource);
        return definitions.locked(() -> {
            Exchange current = definitions.topology().exchange(requested.name());
            if (current != null) {
                Equivalence.check(vhost, current.definition(), requested);
                return definitions.position(requested.durable());
            }
            Names.checkNotReserved("exchange", requested.name());
            Forwarding.check(
                    access, resource, requested.arguments(), ArgumentRules.ALTERNATE_EXCHANGE);
            ArgumentRules.check(vhost, requested);
            return definitions.commit(new ExchangeDeclared(vhost, requested), requested.durable());
        });
    }

    /** See {@link VirtualHost#deleteExchange}; the name is without line breaks. */
    long delete(String exchange, boolean ifUnused, Access access) {
        Names.checkNotDefault(exchange);
        Resource resource = Resource.exchange(exchange, definitions.vhost());
        if (Predeclared.isReserved(exchange)) {
            throw new Refusal.AccessRefused("deletion of system " + resource + " not allowed");
        }
        access.checkConfigure(resource);
        return definitions.locked(() -> {
            Exchange current = definitions.topology().exchange(exchange);
            if (current == null) {
                return 0L;
            }
            if (ifUnused && current.hasBindings()) {
                throw new Refusal.PreconditionFailed(resource + " in use");
            }
            return definitions.delete(current);
        });
    }
}
