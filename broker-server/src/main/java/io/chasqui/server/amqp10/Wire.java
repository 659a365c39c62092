package io.chasqui.server.amqp10;

import io.chasqui.core.session.Session;
import io.chasqui.server.net.OutputBuffer;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.FrameBody;

/** What the sessions and links of a connection need of it. */
interface Wire {

    /** The user's session in the virtual host. */
    Session broker();

    /** The client's container-id. */
    String container();

    Endpoints endpoints();

    OutputBuffer output();

    ByteBufAllocator allocator();

    /** What is kept of messages that are not whole yet. */
    HalfReceived halfReceived();

    Amqp10Terms terms();

    /** The largest frame that the client takes, in octets. */
    int frameMax();

    /** Whether the socket takes more without piling it up. Any thread. */
    boolean writable();

    /** Whether an alarm stops publishers. */
    boolean publishersBlocked();

    /** Ends links whose place another is about to take. */
    void steal(Attach asked);

    /** Has all sessions ask, soon, whether the user may still do what their links are for. */
    void checkPermissions();

    /** Encodes a value; what it became lies from 0 to the limit, until the next. */
    ByteBuffer encode(Object value);

    /** Sends a frame without payload. */
    void send(int channel, FrameBody body);

    /** Closes the connection. */
    void fail(Amqp10Error error);

    /** Notes in the log what happened to a part of the connection. */
    void warn(String what);
}
