package io.chasqui.server.amqp091;

import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.QueueStatus;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.QueueMethod;

/** The exchange and queue methods of one channel. */
final class Declarations {

    private final Session session;
    private final Answers answers;

    /** The queue that an empty name means; empty if none was declared (0-9-1 §1.7.2.3). */
    private String lastQueue = "";

    Declarations(Session session, Answers answers) {
        this.session = session;
        this.answers = answers;
    }

    /**
     * The queue that a name means.
     *
     * @throws Refusal.NotFound if it is empty and no queue was declared on this channel
     */
    String queueNamed(String name) {
        if (!name.isEmpty()) {
            return name;
        }
        if (lastQueue.isEmpty()) {
            throw new Refusal.NotFound("no previously declared queue");
        }
        return lastQueue;
    }

    void handle(ExchangeMethod method) {
        switch (method) {
            case ExchangeMethod.Declare m -> declare(m);
            case ExchangeMethod.Delete m ->
                    session.exchanges()
                            .delete(
                                    m.exchange(),
                                    m.ifUnused(),
                                    answers.later(m.noWait(), new ExchangeMethod.DeleteOk()));
            case ExchangeMethod.Bind m ->
                    session.exchanges()
                            .bindExchange(
                                    m.destination(),
                                    m.source(),
                                    m.routingKey(),
                                    ArgumentTables.arguments(m.arguments()),
                                    answers.later(m.noWait(), new ExchangeMethod.BindOk()));
            case ExchangeMethod.Unbind m ->
                    session.exchanges()
                            .unbindExchange(
                                    m.destination(),
                                    m.source(),
                                    m.routingKey(),
                                    ArgumentTables.arguments(m.arguments()),
                                    answers.later(m.noWait(), new ExchangeMethod.UnbindOk()));
            case ExchangeMethod.DeclareOk _,
                    ExchangeMethod.DeleteOk _,
                    ExchangeMethod.BindOk _,
                    ExchangeMethod.UnbindOk _ ->
                    throw Violations.notForServers(method.id());
        }
    }

    private void declare(ExchangeMethod.Declare m) {
        if (m.passive()) {
            session.exchanges().check(m.exchange());
            answers.now(m.noWait(), new ExchangeMethod.DeclareOk());
        } else {
            session.exchanges()
                    .declare(
                            m.exchange(),
                            m.type(),
                            m.durable(),
                            m.autoDelete(),
                            m.internal(),
                            ArgumentTables.arguments(m.arguments()),
                            answers.later(m.noWait(), new ExchangeMethod.DeclareOk()));
        }
    }

    void handle(QueueMethod method) {
        switch (method) {
            case QueueMethod.Declare m -> declare(m);
            case QueueMethod.Bind m -> bind(m);
            case QueueMethod.Unbind m -> unbind(m);
            case QueueMethod.Purge m ->
                    session.queues()
                            .purge(
                                    queueNamed(m.queue()),
                                    answers.later(
                                            m.noWait(),
                                            MethodId.QUEUE_PURGE,
                                            messages -> new QueueMethod.PurgeOk(messages)));
            case QueueMethod.Delete m ->
                    session.queues()
                            .delete(
                                    queueNamed(m.queue()),
                                    m.ifUnused(),
                                    m.ifEmpty(),
                                    answers.later(
                                            m.noWait(),
                                            MethodId.QUEUE_DELETE,
                                            messages -> new QueueMethod.DeleteOk(messages)));
            case QueueMethod.DeclareOk _,
                    QueueMethod.BindOk _,
                    QueueMethod.PurgeOk _,
                    QueueMethod.DeleteOk _,
                    QueueMethod.UnbindOk _ ->
                    throw Violations.notForServers(method.id());
        }
    }

    private void declare(QueueMethod.Declare m) {
        Reply<QueueStatus> reply =
                answers.later(m.noWait(), MethodId.QUEUE_DECLARE, this::declared);
        if (m.passive()) {
            session.queues().check(m.queue(), reply);
        } else {
            session.queues()
                    .declare(
                            new QueueDeclaration(
                                    m.queue(),
                                    m.durable(),
                                    m.exclusive(),
                                    m.autoDelete(),
                                    ArgumentTables.arguments(m.arguments())),
                            reply);
        }
    }

    private QueueMethod.DeclareOk declared(QueueStatus status) {
        lastQueue = status.name();
        return new QueueMethod.DeclareOk(status.name(), status.ready(), status.consumers());
    }

    private void bind(QueueMethod.Bind m) {
        session.exchanges()
                .bindQueue(
                        queueNamed(m.queue()),
                        m.exchange(),
                        routingKey(m.queue(), m.routingKey()),
                        ArgumentTables.arguments(m.arguments()),
                        answers.later(m.noWait(), new QueueMethod.BindOk()));
    }

    private void unbind(QueueMethod.Unbind m) {
        session.exchanges()
                .unbindQueue(
                        queueNamed(m.queue()),
                        m.exchange(),
                        routingKey(m.queue(), m.routingKey()),
                        ArgumentTables.arguments(m.arguments()),
                        answers.later(false, new QueueMethod.UnbindOk()));
    }

    /**
     * With neither a queue nor a key named, the last queue's name is the key (0-9-1 queue.bind).
     */
    private String routingKey(String queue, String routingKey) {
        return queue.isEmpty() && routingKey.isEmpty() ? lastQueue : routingKey;
    }
}
