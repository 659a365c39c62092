package io.chasqui.server.amqp10;

import io.chasqui.server.net.ServerIdentity;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.FrameBody;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.codec.ReadableBuffer;
import org.apache.qpid.proton.engine.Collector;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Event;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Session;
import org.apache.qpid.proton.engine.impl.TransportImpl;
import org.apache.qpid.proton.framing.TransportFrame;

/**
 * The connection, sessions and links of one client, as proton-j's engine keeps them: which there are,
 * and how each is opened and closed at both ends.
 *
 * <p>Whole frames are handed to the engine, past its own buffers, and what it says is taken from it
 * frame by frame. It never sees flow, transfer and disposition: credit, windows and deliveries are
 * kept where the broker keeps them for all protocols, see {@link SessionEndpoint}. It checks little,
 * so its callers have checked what they hand over.
 */
final class Endpoints extends TransportImpl {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final BiConsumer<Integer, FrameBody> sink;
    private final Connection connection = Proton.connection();
    private final Collector collector = Proton.collector();
    private final Map<Symbol, Object> properties = new LinkedHashMap<>();
    private final UnsignedInteger handleMax;
    private boolean resuming;
    private int lastChannel;
    private UnsignedInteger lastHandle = UnsignedInteger.ZERO;

    /**
     * @param sink takes each frame that goes out, with its channel
     */
    Endpoints(BiConsumer<Integer, FrameBody> sink, Amqp10Terms terms) {
        this.sink = sink;
        setMaxFrameSize(terms.frameMax());
        this.handleMax = UnsignedInteger.valueOf(terms.limits().handleMax());
        setChannelMax(terms.limits().channelMax());
        setIdleTimeout((int) IdleTimes.ownMs(terms.heartbeatSeconds()));
        connection.collect(collector);
        bind(connection);
        describe(terms.identity());
        forgetEvents();
    }

    private void describe(ServerIdentity identity) {
        connection.setContainer(identity.clusterName());
        properties.put(Symbol.valueOf("product"), identity.product());
        properties.put(Symbol.valueOf("version"), identity.rabbitmqVersion());
        properties.put(Symbol.valueOf("broker_version"), identity.version());
        properties.put(Symbol.valueOf("platform"), "Java " + Runtime.version().feature());
        properties.put(Symbol.valueOf("cluster_name"), identity.clusterName());
        properties.put(Symbol.valueOf("node"), identity.nodeName());
        connection.setProperties(properties);
        connection.setOfferedCapabilities(
                new Symbol[] {
                    Symbol.valueOf("ANONYMOUS-RELAY"),
                    Symbol.valueOf("LINK_PAIR_V1_0"),
                    SoleConnections.CAPABILITY,
                    Symbol.valueOf("SHARED-SUBS")
                });
    }

    Connection connection() {
        return connection;
    }

    /** The client has opened its end. */
    void opened(Open open) {
        take(0, open);
        forgetEvents();
    }

    /** The client has begun a session. */
    Session begun(int channel, Begin begin) {
        take(channel, begin);
        return found(Event.Type.SESSION_REMOTE_OPEN).getSession();
    }

    /** The client has attached a link. */
    Link attached(int channel, Attach attach) {
        take(channel, attach);
        return found(Event.Type.LINK_REMOTE_OPEN).getLink();
    }

    void detached(int channel, Detach detach) {
        take(channel, detach);
        forgetEvents();
    }

    void ended(int channel, End end) {
        take(channel, end);
        forgetEvents();
    }

    void closed(Close close) {
        take(0, close);
        forgetEvents();
    }

    private void take(int channel, FrameBody body) {
        handleFrame(new TransportFrame(channel, body, null));
    }

    /** The event of that type; all are forgotten then. */
    private Event found(Event.Type type) {
        Event last = null;
        for (Event event = collector.peek(); event != null; event = collector.peek()) {
            if (event.getType() == type) {
                last = event.copy();
            }
            collector.pop();
        }
        if (last == null) {
            throw new IllegalStateException("the engine took no notice: " + type);
        }
        return last;
    }

    private void forgetEvents() {
        while (collector.peek() != null) {
            collector.pop();
        }
    }

    /** Has the engine say what was done to its endpoints since the last call. */
    void say() {
        boolean unused = writeInto(NOTHING);
        forgetEvents();
    }

    /**
     * Has the engine attach a link that the client says to resume. Nothing is kept of links that were
     * detached, so there are no unsettled deliveries: all are settled, or went back to their queues.
     */
    void sayResumed() {
        resuming = true;
        say();
        resuming = false;
    }

    /** Tells more of the broker as it opens. */
    void add(Symbol property, Object value) {
        properties.put(property, value);
    }

    /** The channel of the session begun last at our end. */
    int lastChannel() {
        return lastChannel;
    }

    /** The handle of the link attached last at our end. */
    UnsignedInteger lastHandle() {
        return lastHandle;
    }

    @Override
    protected void writeFrame(
            int channel, FrameBody body, ReadableBuffer payload, Runnable onPayloadTooLarge) {
        switch (body) {
            case Begin begin -> {
                lastChannel = channel;
                begin.setHandleMax(handleMax);
                begin.setNextOutgoingId(UnsignedInteger.valueOf(OutgoingWindow.FIRST_ID));
                begin.setIncomingWindow(UnsignedInteger.valueOf(IncomingWindow.SIZE));
            }
            case Attach attach -> {
                lastHandle = attach.getHandle();
                if (resuming) {
                    attach.setUnsettled(Map.of());
                }
            }
            default -> {}
        }
        sink.accept(channel, body);
    }
}
