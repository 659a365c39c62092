package io.chasqui.core.vhost;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.security.Access;

/** Who may have messages sent on from a queue or an exchange that is being declared. */
final class Forwarding {

    private Forwarding() {}

    /**
     * Whoever has messages forwarded may take them from here and put them there, as in RabbitMQ.
     *
     * @param argument that names the exchange they go to
     */
    static void check(Access access, Resource from, Arguments arguments, String argument) {
        arguments
                .text(argument)
                .ifPresent(exchange -> {
                    access.checkRead(from);
                    access.checkWrite(Resource.exchange(exchange, from.vhost()));
                });
    }
}
