package io.chasqui.server.client;

import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;

/**
 * Where a link of AMQP 1.0 sends to or receives from.
 *
 * @param asQueue whether to ask for a queue: some brokers then make one of an unknown address
 */
public record LinkAddress(String address, boolean asQueue) {

    private static final Symbol QUEUE = Symbol.valueOf("queue");

    Target target() {
        Target target = new Target();
        target.setAddress(address);
        if (asQueue) {
            target.setCapabilities(QUEUE);
        }
        return target;
    }

    Source source() {
        Source source = new Source();
        source.setAddress(address);
        if (asQueue) {
            source.setCapabilities(QUEUE);
        }
        return source;
    }
}
