package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.ExchangeDefinition;
import java.util.Collection;
import java.util.random.RandomGenerator;

/**
 * A matching rule over bindings (0-9-1 §3.1.3).
 *
 * <p>{@link #bind} and {@link #unbind} are called by one thread at a time, under the lock of the
 * virtual host; everything else by any thread, at any time and without a lock. A route that runs
 * while a binding comes or goes sees it or does not.
 */
public sealed interface Exchange
        permits ChoosingExchange,
                DefaultExchange,
                DirectExchange,
                FanoutExchange,
                HeadersExchange,
                TopicExchange {

    /**
     * @param random for exchanges that leave it to chance
     */
    static Exchange of(ExchangeDefinition definition, RandomGenerator random) {
        return switch (definition.type()) {
            case DIRECT -> new DirectExchange(definition);
            case FANOUT -> new FanoutExchange(definition);
            case TOPIC -> new TopicExchange(definition);
            case HEADERS -> new HeadersExchange(definition);
            case CONSISTENT_HASH ->
                    new ChoosingExchange(definition, ConsistentHash.of(definition.arguments()));
            case MODULUS_HASH -> new ChoosingExchange(definition, new ModulusHash());
            case RANDOM, LOCAL_RANDOM ->
                    new ChoosingExchange(definition, new RandomChoice(random.nextLong()));
        };
    }

    ExchangeDefinition definition();

    /** What was published to it. */
    ExchangeCounters counters();

    /** Hands every destination of the message to {@code sink}, some perhaps repeatedly. */
    void route(RoutedMessage message, RouteSink sink);

    /** The explicit bindings with this exchange as their source. */
    Bindings bound();

    /** Adds the binding if there is none equal to it. */
    default void bind(BindingDefinition binding, Destination destination) {
        bound().add(binding, destination);
    }

    /** Removes the binding if it is there. */
    default void unbind(BindingDefinition binding) {
        bound().remove(binding);
    }

    /** Whether this very binding is there. */
    default boolean isBound(BindingDefinition binding) {
        return bound().contains(binding);
    }

    default boolean hasBindings() {
        return !bound().isEmpty();
    }

    /** A copy of the explicit bindings, in no order. */
    default Collection<BindingDefinition> bindings() {
        return bound().all();
    }

    /** Whether equal routing keys always have equal destinations, until a definition changes. */
    boolean routesByKeyAlone();
}
