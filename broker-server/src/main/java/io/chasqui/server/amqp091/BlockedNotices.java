package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.server.net.PublishGate;

/**
 * Tells a client that it may not publish just now (RabbitMQ's connection.blocked).
 *
 * @param understood whether the client has said that it understands
 */
record BlockedNotices(Link link, boolean understood) implements PublishGate.Client {

    @Override
    public void blocked(String reason) {
        if (understood) {
            link.send(0, new ConnectionMethod.Blocked(reason));
        }
    }

    @Override
    public void unblocked() {
        if (understood) {
            link.send(0, new ConnectionMethod.Unblocked());
        }
    }
}
