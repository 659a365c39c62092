package io.chasqui.server.amqp091;

import io.chasqui.core.session.Session;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.server.net.OutputBuffer;
import io.netty.buffer.ByteBufAllocator;

/** What a channel needs of the connection it is on. */
interface Link {

    Session session();

    OutputBuffer output();

    ByteBufAllocator allocator();

    ClientProperties client();

    /** The largest frame agreed on, 0 for no limit. */
    int frameMax();

    /** Stops reading until the request just made is answered, so that answers keep their order. */
    void awaitAnswer();

    /** The request is answered. */
    void answered();

    /** Whether the socket takes more without piling it up. Any thread. */
    boolean writable();

    /** Closes the channel, or the connection, as the error says. */
    void fail(int channel, ProtocolException error);

    /** Notes in the log what happened to a channel that goes on. */
    void warn(int channel, String what);

    /** Sends one method frame. */
    default void send(int channel, Method method) {
        FrameWriter.method(output().begin(FrameWriter.sizeOf(method)), channel, method);
    }
}
