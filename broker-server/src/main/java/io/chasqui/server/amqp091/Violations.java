package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;

/** What a peer is told when it says the right thing at the wrong time, in RabbitMQ's words. */
final class Violations {

    private Violations() {}

    /** A method that only servers send, or that has no place on this kind of channel: 503. */
    static ProtocolException notForServers(int methodId) {
        return new ProtocolException(ReplyCode.COMMAND_INVALID, "unimplemented method")
                .during(methodId);
    }

    /** A method out of turn on channel 0: 504. */
    static ProtocolException unexpectedMethod(int methodId, String state) {
        return new ProtocolException(
                        ReplyCode.CHANNEL_ERROR, "unexpected method in connection state " + state)
                .during(methodId);
    }

    /** A frame out of turn: 505. */
    static ProtocolException unexpectedFrame(String detail) {
        return new ProtocolException(ReplyCode.UNEXPECTED_FRAME, detail);
    }

    /** A frame out of turn within content: 505. */
    static ProtocolException unexpectedContent(String detail) {
        return unexpectedFrame(detail).during(MethodId.BASIC_PUBLISH);
    }

    /** More body than the content header announced: 501. */
    static ProtocolException bodyTooLong() {
        return new ProtocolException(
                        ReplyCode.FRAME_ERROR, "content body frame exceeds remaining content size")
                .during(MethodId.BASIC_PUBLISH);
    }

    /** A message that its receiver kept for longer than it may: 406. */
    static ProtocolException timedOut(int channel, long timeoutMs) {
        return new ProtocolException(
                ReplyCode.PRECONDITION_FAILED,
                "delivery acknowledgement on channel "
                        + channel
                        + " timed out. Timeout value used: "
                        + timeoutMs
                        + " ms. This timeout value can be configured, see consumers doc guide to"
                        + " learn more");
    }

    /** One channel more than was agreed on: 530. */
    static ProtocolException tooManyChannels(int open, int channelMax) {
        return new ProtocolException(
                ReplyCode.NOT_ALLOWED,
                "number of channels opened ("
                        + open
                        + ") has reached the negotiated channel_max ("
                        + channelMax
                        + ")");
    }

    static ProtocolException channelError(String detail, int methodId) {
        return new ProtocolException(ReplyCode.CHANNEL_ERROR, detail).during(methodId);
    }

    static ProtocolException preconditionFailed(String detail, int methodId) {
        return new ProtocolException(ReplyCode.PRECONDITION_FAILED, detail).during(methodId);
    }

    static ProtocolException notImplemented(String detail, int methodId) {
        return new ProtocolException(ReplyCode.NOT_IMPLEMENTED, detail).during(methodId);
    }
}
