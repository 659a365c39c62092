package io.chasqui.protocol.amqp091;

/** Class 20: open, pause and close a channel (grammar "channel"). */
public sealed interface ChannelMethod extends Method {

    record Open() implements ChannelMethod {}

    record OpenOk() implements ChannelMethod {}

    record Flow(boolean active) implements ChannelMethod {}

    record FlowOk(boolean active) implements ChannelMethod {}

    /** The failed ids are the spec's class-id and method-id: what caused this, or zero. */
    record Close(int replyCode, String replyText, int failedClassId, int failedMethodId)
            implements ChannelMethod {}

    record CloseOk() implements ChannelMethod {}
}
