package io.chasqui.server.amqp10;

import org.apache.qpid.proton.amqp.security.SaslInit;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.jspecify.annotations.Nullable;

/**
 * Fields that a performative must have (1.0 §2.7, §5.3.3). The codec misses those behind the end of a
 * short list, but not each that is null.
 */
final class MandatoryFields {

    private MandatoryFields() {}

    /**
     * @throws Amqp10Error if one is missing
     */
    static void check(Object performative) {
        switch (performative) {
            case Open open -> require(performative, open.getContainerId());
            case Begin begin ->
                    require(
                            performative,
                            begin.getNextOutgoingId(),
                            begin.getIncomingWindow(),
                            begin.getOutgoingWindow());
            case Attach attach ->
                    require(performative, attach.getName(), attach.getHandle(), attach.getRole());
            case Flow flow ->
                    require(
                            performative,
                            flow.getIncomingWindow(),
                            flow.getNextOutgoingId(),
                            flow.getOutgoingWindow());
            case Detach detach -> require(performative, detach.getHandle());
            case SaslInit init -> require(performative, init.getMechanism());
            default -> {}
        }
    }

    private static void require(Object performative, @Nullable Object... fields) {
        for (Object field : fields) {
            if (field == null) {
                throw Amqp10Error.decode(
                        performative.getClass().getSimpleName() + " lacks a mandatory field");
            }
        }
    }
}
