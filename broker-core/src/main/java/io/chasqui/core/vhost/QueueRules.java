package io.chasqui.core.vhost;

import io.chasqui.core.definition.ArgumentRules;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DefinitionChange.QueueDeclared;
import io.chasqui.core.definition.DefinitionChange.QueueDeleted;
import io.chasqui.core.definition.Equivalence;
import io.chasqui.core.definition.QueueArgument;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.policy.Limit;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Access;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The rules by which queues are declared and taken out (0-9-1 queue.declare, .delete). */
final class QueueRules {

    private static final String DEAD_LETTER_EXCHANGE =
            QueueArgument.DEAD_LETTER_EXCHANGE.wireName();

    private static final String QUEUE_TYPE = QueueArgument.QUEUE_TYPE.wireName();

    private final Definitions definitions;
    private final LongSupplier queueIds;
    private final QueueNaming naming;
    private final VirtualHostParameters parameters;
    private final VhostCounters counters;
    private final QueueType brokersDefault;

    /**
     * @param queueIds gives ids for new queues: unique in the whole broker, never given twice
     */
    QueueRules(
            Definitions definitions,
            LongSupplier queueIds,
            QueueNaming naming,
            VirtualHostParameters parameters,
            VhostCounters counters,
            QueueType brokersDefault) {
        this.definitions = definitions;
        this.queueIds = queueIds;
        this.naming = naming;
        this.parameters = parameters;
        this.counters = counters;
        this.brokersDefault = brokersDefault;
    }

    /** See {@link VirtualHost#declareQueue}. */
    Declared declare(QueueDeclaration declaration, long sessionId, Access access) {
        QueueDeclaration requested = withDefaults(declaration);
        Resource resource = Resource.queue(requested.name(), definitions.vhost());
        access.checkConfigure(resource);
        long ownerSessionId = requested.exclusive() ? sessionId : 0;
        return definitions.locked(() -> {
            RegisteredQueue current = definitions.topology().queue(requested.name());
            return current == null
                    ? declareNew(resource, requested, ownerSessionId, access)
                    : declareAgain(current, requested, ownerSessionId);
        });
    }

    private Declared declareAgain(
            RegisteredQueue current, QueueDeclaration requested, long ownerSessionId) {
        if (current.ownerSessionId() != ownerSessionId) {
            throw definitions.exclusive(requested.name());
        }
        Equivalence.check(definitions.vhost(), current.queue().definition(), requested);
        return new Declared(current.queue(), false, definitions.position(requested.durable()));
    }

    private Declared declareNew(
            Resource resource, QueueDeclaration requested, long ownerSessionId, Access access) {
        Forwarding.check(access, resource, requested.arguments(), DEAD_LETTER_EXCHANGE);
        ArgumentRules.check(definitions.vhost(), requested);
        checkLimit(requested.name());
        QueueDefinition definition = requested.withId(queueIds.getAsLong());
        QueueDeclared change = new QueueDeclared(definitions.vhost(), definition);
        long position = definitions.commit(change, definition.durable(), ownerSessionId);
        Queue queue = definitions.queueOrRefuse(definition.name()).queue();
        return new Declared(queue, true, position);
    }

    private void checkLimit(String queue) {
        long limit = parameters.limit(Limit.MAX_QUEUES).orElse(Long.MAX_VALUE);
        if (definitions.topology().queues().size() >= limit) {
            throw new Refusal.PreconditionFailed(
                    "cannot declare queue '%s': queue limit in vhost '%s' (%s) is reached"
                            .formatted(queue, definitions.vhost(), limit));
        }
    }

    /** What RabbitMQ makes of a declaration before it looks whether the queue is there. */
    private QueueDeclaration withDefaults(QueueDeclaration asked) {
        Arguments arguments = asked.arguments().without(QueueNaming.PREFIX_ARGUMENT);
        if (!arguments.contains(QUEUE_TYPE) || "".equals(arguments.get(QUEUE_TYPE))) {
            arguments = arguments.with(QUEUE_TYPE, defaultType(asked).wireName());
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

    /** The type of durable queues that every client may use. */
    QueueType defaultType() {
        return definitions.topology().description().queueType(brokersDefault, true, false, false);
    }

    private QueueType defaultType(QueueDeclaration asked) {
        return definitions
                .topology()
                .description()
                .queueType(brokersDefault, asked.durable(), asked.exclusive(), asked.autoDelete());
    }

    /** Takes a deleted queue out with its bindings; see {@link VirtualHost#queueRemoved}. */
    long remove(Queue queue) {
        return definitions.locked(() -> {
            RegisteredQueue registered = definitions.registered(queue);
            if (registered == null) {
                return 0L;
            }
            counters.retire(queue);
            QueueDefinition definition = queue.definition();
            List<BindingDefinition> bindings = List.copyOf(registered.bindings());
            long position =
                    definitions.commit(
                            new QueueDeleted(
                                    definitions.vhost(), definition.name(), definition.id()),
                            definition.durable());
            return Math.max(position, definitions.deleteUnboundSources(bindings));
        });
    }

    /** See {@link VirtualHost#newName}. */
    String newName(String prefix) {
        return naming.next(Arguments.of(Map.of(QueueNaming.PREFIX_ARGUMENT, prefix)));
    }

    /** A queue behind an address for direct replies, which is no definition. */
    QueueDefinition newReplyQueue() {
        return new QueueDefinition(
                queueIds.getAsLong(),
                naming.nextReplyAddress(),
                false,
                false,
                true,
                Arguments.EMPTY);
    }
}
