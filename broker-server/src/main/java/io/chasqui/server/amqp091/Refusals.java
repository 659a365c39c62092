package io.chasqui.server.amqp091;

import io.chasqui.core.refusal.Refusal;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;

/** How 0-9-1 says what the core refused. */
final class Refusals {

    private Refusals() {}

    /**
     * The refusal as the error of the method with this {@link
     * io.chasqui.protocol.amqp091.MethodId}.
     */
    static ProtocolException during(int methodId, Refusal refusal) {
        return new ProtocolException(code(refusal), refusal.text()).during(methodId);
    }

    private static ReplyCode code(Refusal refusal) {
        return switch (refusal) {
            case Refusal.NotFound _ -> ReplyCode.NOT_FOUND;
            case Refusal.AccessRefused _ -> ReplyCode.ACCESS_REFUSED;
            case Refusal.PreconditionFailed _ -> ReplyCode.PRECONDITION_FAILED;
            case Refusal.ResourceLocked _ -> ReplyCode.RESOURCE_LOCKED;
            case Refusal.NotAllowed _ -> ReplyCode.NOT_ALLOWED;
            case Refusal.NotImplemented _ -> ReplyCode.NOT_IMPLEMENTED;
            case Refusal.ResourceError _ -> ReplyCode.RESOURCE_ERROR;
        };
    }
}
