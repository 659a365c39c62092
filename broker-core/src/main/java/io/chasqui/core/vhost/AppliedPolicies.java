package io.chasqui.core.vhost;

import io.chasqui.core.definition.ArgumentRules;
import io.chasqui.core.definition.DefinitionChange.OfPolicy;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.policy.EffectivePolicy;
import io.chasqui.core.policy.Policies;
import io.chasqui.core.queue.QueueSettings;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which policies each queue and exchange of a virtual host goes by just now. Changed under the lock
 * of its {@link Definitions}; asked by any thread without a lock.
 */
final class AppliedPolicies {

    private final Policies policies = new Policies();
    private final QueueFactory queueFactory;

    /** Those that have one, by name. */
    private final ConcurrentMap<String, EffectivePolicy> ofQueues = new ConcurrentHashMap<>();

    private final ConcurrentMap<String, EffectivePolicy> ofExchanges = new ConcurrentHashMap<>();

    AppliedPolicies(QueueFactory queueFactory) {
        this.queueFactory = queueFactory;
    }

    Policies policies() {
        return policies;
    }

    EffectivePolicy ofQueue(String name) {
        return ofQueues.getOrDefault(name, EffectivePolicy.NONE);
    }

    EffectivePolicy ofExchange(String name) {
        return ofExchanges.getOrDefault(name, EffectivePolicy.NONE);
    }

    /** What a queue that is about to be made goes by. */
    QueueSettings queueDeclared(QueueDefinition queue) {
        EffectivePolicy policy = policies.forQueue(queue);
        note(ofQueues, queue.name(), policy);
        return QueueSettings.of(policy.over(queue.arguments()));
    }

    void queueDeleted(String name) {
        ofQueues.remove(name);
    }

    void exchangeDeclared(String name) {
        note(ofExchanges, name, policies.forExchange(name));
    }

    void exchangeDeleted(String name) {
        ofExchanges.remove(name);
    }

    /** Where the exchange sends what it cannot route: its argument says so, else its policy. */
    Optional<String> alternateOf(Exchange exchange) {
        Optional<String> argument =
                exchange.definition().arguments().text(ArgumentRules.ALTERNATE_EXCHANGE);
        return argument.isPresent() || ofExchanges.isEmpty()
                ? argument
                : ofExchange(exchange.definition().name())
                        .definition()
                        .text(ArgumentRules.ALTERNATE_EXCHANGE);
    }

    /** Makes the change take effect on all that is there. */
    void replay(
            OfPolicy change, Collection<RegisteredQueue> queues, Collection<Exchange> exchanges) {
        policies.replay(change);
        for (RegisteredQueue registered : queues) {
            QueueDefinition queue = registered.queue().definition();
            EffectivePolicy next = policies.forQueue(queue);
            if (!next.equals(ofQueue(queue.name()))) {
                note(ofQueues, queue.name(), next);
                queueFactory.apply(
                        registered.queue(), QueueSettings.of(next.over(queue.arguments())));
            }
        }
        for (Exchange exchange : exchanges) {
            exchangeDeclared(exchange.definition().name());
        }
    }

    /** The virtual host is gone. */
    void clear() {
        policies.clear();
        ofQueues.clear();
        ofExchanges.clear();
    }

    private static void note(
            ConcurrentMap<String, EffectivePolicy> all, String name, EffectivePolicy policy) {
        if (policy.isNone()) {
            all.remove(name);
        } else {
            all.put(name, policy);
        }
    }
}
