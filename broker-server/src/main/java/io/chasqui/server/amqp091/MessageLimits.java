package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.MethodId;

/**
 * How large a message may be.
 *
 * @param bodyBytes largest body, from the configuration
 * @param contentBytes largest body, content header and routing names together: what fits one record
 *     of the log
 */
record MessageLimits(long bodyBytes, long contentBytes) {

    /**
     * Checks a message before its body comes, so that nobody makes room for it.
     *
     * @throws io.chasqui.protocol.amqp091.ProtocolException 406, on the channel, in RabbitMQ's
     *     words
     */
    void check(long body) {
        if (body > bodyBytes) {
            throw Violations.preconditionFailed(
                    "message size " + body + " is larger than configured max size " + bodyBytes,
                    MethodId.BASIC_PUBLISH);
        }
    }

    /** Whether a message with so many octets besides its body must be stored in parts. */
    boolean inParts(long otherBytes, long body) {
        return otherBytes + body > contentBytes;
    }
}
