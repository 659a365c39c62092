package io.chasqui.server.amqp10;

import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.ChannelReport;
import io.chasqui.core.session.Session;
import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.server.net.ClientSocket;
import io.chasqui.server.net.OutputBuffer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.FrameBody;
import org.jspecify.annotations.Nullable;

/** The sessions of an open connection, and what they need of it (1.0 §2.5). */
final class OpenConnection implements Wire {

    private final Dialogue dialogue;
    private final ClientSocket<FrameCursor> socket;
    private final FrameCodec codec;
    private final DeliveryFrames deliveries;
    private final Endpoints endpoints;
    private final Amqp10Terms terms;
    private final Session broker;
    private final SoleConnections.Claim claim;
    private final String container;
    private final int frameMax;
    private final HalfReceived halfReceived;
    private final IntObjectMap<SessionEndpoint> sessions = new IntObjectHashMap<>();

    /**
     * @param broker the user's session in the virtual host
     * @param claim of the container, released at the end
     * @param container the client's container-id
     * @param frameMax largest frame that the client takes, in octets
     */
    OpenConnection(
            Dialogue dialogue,
            ClientSocket<FrameCursor> socket,
            FrameCodec codec,
            Endpoints endpoints,
            Amqp10Terms terms,
            Session broker,
            SoleConnections.Claim claim,
            String container,
            int frameMax) {
        this.dialogue = dialogue;
        this.socket = socket;
        this.codec = codec;
        this.deliveries = new DeliveryFrames(codec);
        this.endpoints = endpoints;
        this.terms = terms;
        this.broker = broker;
        this.claim = claim;
        this.container = container;
        this.frameMax = frameMax;
        this.halfReceived = new HalfReceived(terms.maxMessageBytes());
    }

    // -- frames

    /** Handles a frame that brings a delivery or its outcome; false if it is any other. */
    boolean handleDelivery(FrameCursor found, ByteBuffer in) {
        int kind =
                found.type() == Amqp10.FRAME_AMQP
                        ? Performative.of(in, found.bodyAt(), found.bodySize())
                        : Performative.OTHER;
        if (kind == Performative.OTHER) {
            return false;
        }
        SessionEndpoint session = known(sessions.get(found.channel()), found.channel());
        if (!session.isEnded()) {
            deliveries.handle(kind, found, in, session);
        }
        return true;
    }

    /** Handles any other frame of a session. */
    void handle(int channel, Object body) {
        switch (body) {
            case Begin begin -> begin(channel, begin);
            case End ended -> end(channel, ended);
            case FrameBody other -> {
                SessionEndpoint session = known(sessions.get(channel), channel);
                if (!session.isEnded()) {
                    session.handle(other);
                }
            }
            default ->
                    throw Amqp10Error.connection(
                            Amqp10Error.NOT_ALLOWED,
                            "a frame with " + body.getClass().getSimpleName());
        }
    }

    private static SessionEndpoint known(@Nullable SessionEndpoint session, int channel) {
        if (session == null) {
            throw Amqp10Error.connection(
                    Amqp10Error.NOT_ALLOWED, "there is no session on channel " + channel);
        }
        return session;
    }

    private void begin(int channel, Begin begin) {
        int channelMax = terms.limits().channelMax();
        if (channel > channelMax) {
            throw Amqp10Error.connection(
                    Amqp10Error.FRAMING_ERROR,
                    "channel " + channel + " is above the channel-max " + channelMax);
        }
        if (sessions.containsKey(channel)) {
            throw Amqp10Error.connection(
                    Amqp10Error.NOT_ALLOWED, "channel " + channel + " has a session");
        }
        if (begin.getRemoteChannel() != null) {
            throw Amqp10Error.connection(
                    Amqp10Error.NOT_ALLOWED, "begin answers a session that was not begun");
        }
        SessionEndpoint session =
                new SessionEndpoint(this, channel, begin, endpoints.begun(channel, begin));
        sessions.put(channel, session);
        try {
            session.enter();
        } catch (Refusal refusal) {
            session.end(Amqp10Error.of(Amqp10Error.Scope.SESSION, refusal));
        }
    }

    private void end(int channel, End end) {
        SessionEndpoint session = known(sessions.remove(channel), channel);
        endpoints.ended(channel, end);
        session.endedByClient();
        session.leave();
    }

    /** A link of the same name and direction ends where another takes its place (1.0 §2.6.1). */
    @Override
    public void steal(Attach asked) {
        List.copyOf(sessions.values()).forEach(session -> session.steal(asked));
    }

    @Override
    public void checkPermissions() {
        broker().shard()
                .submit(() ->
                        List.copyOf(sessions.values()).forEach(SessionEndpoint::checkPermissions));
    }

    /** Publishers must wait, or may go on. */
    void alarmsChanged(boolean publishersBlocked) {
        List.copyOf(sessions.values()).forEach(session -> session.alarmsChanged(publishersBlocked));
    }

    /** The socket takes more again. */
    void takesMore() {
        List.copyOf(sessions.values()).forEach(SessionEndpoint::resume);
    }

    /** Whether a client still waits for the outcome of something that it sent. */
    boolean owesOutcomes() {
        return sessions.values().stream().anyMatch(session -> session.settling().size() > 0);
    }

    /** The connection is no more, and its sessions with it. */
    void close() {
        claim.release();
        sessions.values().forEach(SessionEndpoint::hush);
        for (SessionEndpoint session : List.copyOf(sessions.values())) {
            session.close();
            session.leave();
        }
        sessions.clear();
        broker.close();
    }

    /** What there is to tell of its sessions, by their channels. */
    List<ChannelReport> report() {
        return List.copyOf(sessions.values()).stream()
                .filter(session -> !session.isEnded())
                .map(SessionEndpoint::report)
                .sorted(Comparator.comparingInt(ChannelReport::number))
                .toList();
    }

    // -- what sessions and links need

    @Override
    public Session broker() {
        return broker;
    }

    @Override
    public String container() {
        return container;
    }

    @Override
    public Endpoints endpoints() {
        return endpoints;
    }

    @Override
    public OutputBuffer output() {
        return socket.output();
    }

    @Override
    public ByteBufAllocator allocator() {
        return socket.allocator();
    }

    @Override
    public HalfReceived halfReceived() {
        return halfReceived;
    }

    @Override
    public Amqp10Terms terms() {
        return terms;
    }

    @Override
    public int frameMax() {
        return frameMax;
    }

    @Override
    public boolean writable() {
        return socket.isWritable();
    }

    @Override
    public boolean publishersBlocked() {
        return terms.broker().alarms().publishersBlocked();
    }

    @Override
    public ByteBuffer encode(Object value) {
        return codec.encode(value);
    }

    @Override
    public void send(int channel, FrameBody body) {
        codec.write(channel, body);
    }

    @Override
    public void fail(Amqp10Error error) {
        dialogue.fail(error);
    }

    @Override
    public void warn(String what) {
        dialogue.warn(what);
    }
}
