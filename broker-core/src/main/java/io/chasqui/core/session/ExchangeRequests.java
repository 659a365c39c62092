package io.chasqui.core.session;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.exchange.DefaultExchange;
import io.chasqui.core.exchange.TopicExchange;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Access;
import io.chasqui.core.vhost.Names;
import io.chasqui.core.vhost.VirtualHost;

/**
 * What a user may ask of exchanges and bindings: each is checked against the permissions, done in the
 * user's name, and answered once it is on disk.
 */
public final class ExchangeRequests {

    private final Session session;
    private final VirtualHost vhost;
    private final Access access;

    ExchangeRequests(Session session) {
        this.session = session;
        this.vhost = session.vhost();
        this.access = session.access();
    }

    public void declare(
            String name,
            String type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            Arguments arguments,
            Runnable ok) {
        long position =
                session.inMyName(() ->
                        vhost.declareExchange(
                                name, type, durable, autoDelete, internal, arguments, access));
        session.whenDurable(position, ok);
    }

    /** Only checks that the exchange is there. */
    public void check(String name) {
        Resource exchange = exchange(name);
        if (!exchange.name().equals(DefaultExchange.NAME)) {
            access.checkAny(exchange);
        }
        vhost.existingExchange(name);
    }

    /**
     * Checks that the user may publish to an exchange, there or not.
     *
     * @throws Refusal.AccessRefused if not
     */
    public void checkMayPublish(String exchange) {
        access.checkWrite(exchange(exchange));
    }

    /**
     * Checks that the user may declare and delete an exchange, there or not.
     *
     * @throws Refusal.AccessRefused if not
     */
    public void checkMayConfigure(String exchange) {
        access.checkConfigure(exchange(exchange));
    }

    /**
     * Checks that the user may bind and unbind, whether what is named is there or not.
     *
     * @throws Refusal.AccessRefused if not
     */
    public void checkMayBind(
            DestinationKind kind, String destination, String source, String routingKey) {
        checkBinding(
                kind == DestinationKind.QUEUE ? queue(destination) : exchange(destination),
                exchange(source),
                routingKey);
    }

    public void delete(String name, boolean ifUnused, Runnable ok) {
        session.whenDurable(
                session.inMyName(() -> vhost.deleteExchange(name, ifUnused, access)), ok);
    }

    public void bindQueue(
            String queue, String exchange, String routingKey, Arguments arguments, Runnable ok) {
        checkBinding(queue(queue), exchange(exchange), routingKey);
        vhost.replies().checkMayBind(queue);
        session.whenDurable(
                session.inMyName(() ->
                        vhost.bindQueue(queue, exchange, routingKey, arguments, session.id())),
                ok);
    }

    public void unbindQueue(
            String queue, String exchange, String routingKey, Arguments arguments, Runnable ok) {
        checkBinding(queue(queue), exchange(exchange), routingKey);
        vhost.replies().checkMayBind(queue);
        session.whenDurable(
                session.inMyName(() ->
                        vhost.unbindQueue(queue, exchange, routingKey, arguments, session.id())),
                ok);
    }

    public void bindExchange(
            String destination,
            String source,
            String routingKey,
            Arguments arguments,
            Runnable ok) {
        checkBinding(exchange(destination), exchange(source), routingKey);
        session.whenDurable(
                session.inMyName(
                        () -> vhost.bindExchange(destination, source, routingKey, arguments)),
                ok);
    }

    public void unbindExchange(
            String destination,
            String source,
            String routingKey,
            Arguments arguments,
            Runnable ok) {
        checkBinding(exchange(destination), exchange(source), routingKey);
        session.whenDurable(
                session.inMyName(
                        () -> vhost.unbindExchange(destination, source, routingKey, arguments)),
                ok);
    }

    /** Nobody may bind the default exchange, but that is said elsewhere and in other words. */
    private void checkBinding(Resource destination, Resource source, String routingKey) {
        access.checkWrite(destination);
        Resource nobodys = exchange(DefaultExchange.NAME);
        if (!source.equals(nobodys) && !destination.equals(nobodys)) {
            access.checkRead(source);
            if (vhost.exchange(source.name()) instanceof TopicExchange) {
                access.checkTopicRead(source, routingKey);
            }
        }
    }

    private Resource exchange(String name) {
        return Resource.exchange(Names.withoutLineBreaks(name), vhost.name());
    }

    private Resource queue(String name) {
        return Resource.queue(Names.withoutLineBreaks(name), vhost.name());
    }
}
