package io.chasqui.server.amqp10;

import java.util.Arrays;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Role;
import org.jspecify.annotations.Nullable;

/** What clients of JMS say of the source or target that they mean, as capabilities. */
final class Capabilities {

    static final Symbol TOPIC = Symbol.valueOf("topic");
    static final Symbol SHARED = Symbol.valueOf("shared");
    static final Symbol GLOBAL = Symbol.valueOf("global");

    /** RabbitMQ's, of a dynamic source: an address for direct replies. */
    static final Symbol VOLATILE_QUEUE = Symbol.valueOf("rabbitmq:volatile-queue");

    private static final Symbol TEMPORARY_QUEUE = Symbol.valueOf("temporary-queue");
    private static final Symbol TEMPORARY_TOPIC = Symbol.valueOf("temporary-topic");

    private Capabilities() {}

    static boolean has(Symbol @Nullable [] capabilities, Symbol wanted) {
        return capabilities != null && Arrays.asList(capabilities).contains(wanted);
    }

    /** Whether a topic is meant, temporary or not. */
    static boolean topic(Symbol @Nullable [] capabilities) {
        return has(capabilities, TOPIC) || temporaryTopic(capabilities);
    }

    /** Whether the terminus that a client asks for is to be a temporary queue. */
    static boolean temporaryQueue(Attach asked) {
        boolean isSource =
                asked.getSource() instanceof Source source
                        && has(source.getCapabilities(), TEMPORARY_QUEUE);
        boolean isTarget =
                asked.getTarget() instanceof Target target
                        && has(target.getCapabilities(), TEMPORARY_QUEUE);
        return asked.getRole() == Role.RECEIVER ? isSource : isTarget;
    }

    static boolean temporaryTopic(Symbol @Nullable [] capabilities) {
        return has(capabilities, TEMPORARY_TOPIC);
    }
}
