package io.chasqui.core.definition;

import io.chasqui.core.refusal.Refusal;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the arguments of a new queue, exchange or binding may be, in RabbitMQ's order and words. The
 * arguments of an existing one are only compared, see {@link Equivalence}.
 */
public final class ArgumentRules {

    /** Where an exchange sends what it cannot route. */
    public static final String ALTERNATE_EXCHANGE = "alternate-exchange";

    private ArgumentRules() {}

    /**
     * Checks a new queue with its final name.
     *
     * @throws Refusal.PreconditionFailed with RabbitMQ's text
     */
    public static void check(String vhost, QueueDeclaration queue) {
        Resource resource = Resource.queue(queue.name(), vhost);
        Arguments arguments = queue.arguments();
        checkExchangeName(resource, QueueArgument.DEAD_LETTER_EXCHANGE.wireName(), arguments);
        checkValue(resource, QueueArgument.QUEUE_TYPE, arguments);
        for (QueueArgument argument : QueueArgument.values()) {
            checkValue(resource, argument, arguments);
        }
        checkProperties(resource, queue);
    }

    /**
     * Checks a new exchange.
     *
     * @throws Refusal.PreconditionFailed with RabbitMQ's text
     */
    public static void check(String vhost, ExchangeDefinition exchange) {
        Resource resource = Resource.exchange(exchange.name(), vhost);
        checkExchangeName(resource, ALTERNATE_EXCHANGE, exchange.arguments());
        if (exchange.type() == ExchangeType.CONSISTENT_HASH) {
            HashArguments.check(resource, exchange.arguments());
        }
    }

    /**
     * Checks a new binding from an exchange of the type.
     *
     * @param queue what it leads to; null if that is an exchange
     * @throws Refusal.PreconditionFailed with RabbitMQ's text
     */
    public static void check(
            ExchangeType source, BindingDefinition binding, @Nullable QueueDefinition queue) {
        switch (source) {
            case DIRECT, FANOUT, TOPIC, MODULUS_HASH, RANDOM -> {}
            case HEADERS -> checkMatch(binding.arguments());
            case CONSISTENT_HASH -> HashArguments.checkWeight(binding.routingKey());
            case LOCAL_RANDOM -> checkLocal(binding, queue);
        }
    }

    private static void checkMatch(Arguments arguments) {
        if (!arguments.contains(HeaderMatch.ARGUMENT)) {
            return;
        }
        Object match = arguments.get(HeaderMatch.ARGUMENT);
        if (!(match instanceof String text)) {
            throw new Refusal.PreconditionFailed(
                    "Invalid x-match field type %s (value %s); expected longstr"
                            .formatted(FieldValue.typeName(match), FieldValue.term(match)));
        }
        if (HeaderMatch.named(text).isEmpty()) {
            throw new Refusal.PreconditionFailed(
                    "Invalid x-match field value %s; expected all, any, all-with-x, or any-with-x"
                            .formatted(FieldValue.term(match)));
        }
    }

    /** Such an exchange chooses among the classic queues of the node that the publisher is on. */
    private static void checkLocal(BindingDefinition binding, @Nullable QueueDefinition queue) {
        if (queue == null) {
            throw new Refusal.PreconditionFailed("Destination not found");
        }
        if (!binding.routingKey().isEmpty()) {
            throw new Refusal.PreconditionFailed(
                    "Non empty binding '" + binding.routingKey() + "' key not permitted");
        }
        QueueType type = QueueType.of(queue.arguments());
        if (type != QueueType.CLASSIC) {
            throw new Refusal.PreconditionFailed(
                    "Queue type " + type.moduleName() + " not valid for this exchange type");
        }
    }

    /**
     * The broker makes up no names for quorum queues: nobody could find such a queue again.
     *
     * @throws Refusal.PreconditionFailed with RabbitMQ's text
     */
    public static void checkServerNamed(Arguments arguments) {
        QueueType type = QueueType.of(arguments);
        if (type == QueueType.QUORUM) {
            throw new Refusal.PreconditionFailed(
                    "Cannot declare a server-named queue for type " + type.moduleName());
        }
    }

    /** The known arguments among these that the broker accepts, keeps and does not act on. */
    public static Set<String> notYetEffective(Arguments arguments) {
        Set<String> names = new LinkedHashSet<>();
        for (QueueArgument argument : QueueArgument.values()) {
            if (!argument.isEffective() && arguments.contains(argument.wireName())) {
                names.add(argument.wireName());
            }
        }
        return names;
    }

    private static void checkValue(Resource resource, QueueArgument argument, Arguments arguments) {
        if (argument.isOfStreams() && arguments.contains(argument.wireName())) {
            throw new Refusal.PreconditionFailed(
                    "invalid arg '%s' for %s of queue type %s"
                            .formatted(
                                    argument.wireName(),
                                    resource,
                                    QueueType.of(arguments).moduleName()));
        }
        @Nullable String fault =
                arguments.contains(argument.wireName()) ? argument.fault(arguments) : null;
        if (fault != null) {
            throw new Refusal.PreconditionFailed(
                    "invalid arg '" + argument.wireName() + "' for " + resource + ": " + fault);
        }
    }

    private static void checkExchangeName(Resource resource, String name, Arguments arguments) {
        if (arguments.contains(name) && arguments.text(name).isEmpty()) {
            throw invalidType(resource, name, arguments);
        }
    }

    static Refusal invalidType(Resource resource, String name, Arguments arguments) {
        return new Refusal.PreconditionFailed(
                "invalid type '%s' for arg '%s' in %s"
                        .formatted(FieldValue.typeName(arguments.get(name)), name, resource));
    }

    /** A quorum queue outlives its clients and the broker. */
    private static void checkProperties(Resource resource, QueueDeclaration queue) {
        if (QueueType.of(queue.arguments()) != QueueType.QUORUM) {
            return;
        }
        if (queue.autoDelete()) {
            throw invalidProperty("auto-delete", resource);
        }
        if (queue.exclusive()) {
            throw invalidProperty("exclusive-owner", resource);
        }
        if (!queue.durable()) {
            throw invalidProperty("non-durable", resource);
        }
    }

    private static Refusal invalidProperty(String property, Resource resource) {
        return new Refusal.PreconditionFailed(
                "invalid property '" + property + "' for " + resource);
    }
}
