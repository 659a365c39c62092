package io.chasqui.server.amqp091;

import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Session;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.net.LiveConnection;
import io.chasqui.server.net.PeerLog;
import io.chasqui.server.net.ShardConnections;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: owns the octets of its socket and says in which {@link ConnectionState}
 * it is. Frames of open channels go to {@link OpenConnection}.
 *
 * <p>Whatever goes wrong, here or in a channel, is caught in {@link #read()} and answered by {@link
 * #fail}. Everything happens on the event loop of the connection's shard.
 */
final class Connection extends ChannelInboundHandlerAdapter implements LiveConnection, Link {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** Why nothing is read just now: bits of {@link #pauses}. */
    private static final int AWAITING_ANSWER = 1;

    private static final int STORE_CONGESTED = 2;
    private static final int PUBLISHERS_BLOCKED = 4;
    private static final int TOO_MUCH_UNSENT = 8;

    /**
     * A client that asks and does not listen is not read any more beyond this. Far above the socket's
     * watermark, which stops deliveries, because a slow consumer's heartbeats must still be seen.
     */
    private static final long MAX_UNSENT_BYTES = 32L * 1024 * 1024;

    /** How long a client may take to answer connection.close: a stranger, and a user. */
    private static final long CLOSE_STRANGER_NS = TimeUnit.SECONDS.toNanos(1);

    private static final long CLOSE_USER_NS = TimeUnit.SECONDS.toNanos(10);

    private static final ClientProperties UNKNOWN = new ClientProperties("", false, false, false);

    private final Channel socket;
    private final Amqp091Protocol protocol;
    private final ShardConnections neighbours;
    private final Shard shard;
    private final OutputBuffer output;
    private final InPlaceContent inPlace = new InPlaceContent();
    private final FrameIntake intake;
    private final Runnable proceed = this::proceed;
    private final String name;

    private ConnectionState state;
    private ClientProperties client = UNKNOWN;
    private int frameMax = Amqp091Protocol.PRE_AUTH_FRAME_MAX;
    private Heartbeat heartbeat;
    private int pauses;
    private boolean reading;
    private boolean received;
    private long flushesSeen;
    private boolean publishes;
    private boolean toldBlocked;

    Connection(Channel socket, Amqp091Protocol protocol, ShardConnections neighbours) {
        this.socket = socket;
        this.protocol = protocol;
        this.neighbours = neighbours;
        this.shard = neighbours.shard();
        this.output = new OutputBuffer(socket, shard);
        this.intake = new FrameIntake(socket.alloc(), inPlace::leave);
        this.intake.frameMax(frameMax);
        this.name = PeerLog.address(socket.remoteAddress());
        long now = neighbours.clock().monotonicNs();
        this.state = new ConnectionState.AwaitingStartOk(now + protocol.handshakeTimeoutNs());
        this.heartbeat = new Heartbeat(0, now);
    }

    // -- the socket

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        neighbours.add(this);
        output.method(0, protocol.handshake().start());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf octets = (ByteBuf) message;
        received = true;
        shard.beginTick();
        switch (state) {
            case ConnectionState.Closing closing when closing.garbled() -> {
                boolean answered = endsWithCloseOk(octets);
                octets.release();
                if (answered) {
                    end("");
                }
            }
            case ConnectionState.Closed _ -> octets.release();
            case ConnectionState.AwaitingStartOk _,
                    ConnectionState.AwaitingTuneOk _,
                    ConnectionState.AwaitingOpen _,
                    ConnectionState.Open _,
                    ConnectionState.Closing _ -> {
                intake.add(octets);
                read();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        shard.endOfTick();
        if (!socket.isWritable() && socket.bytesBeforeWritable() > MAX_UNSENT_BYTES) {
            pauses |= TOO_MUCH_UNSENT;
        }
        if (pauses != 0) {
            socket.config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (socket.isWritable()) {
            if (state instanceof ConnectionState.Open open) {
                open.work().session().resume();
            }
            resume(TOO_MUCH_UNSENT);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        neighbours.remove(this);
        output.socketClosed();
        end("client closed the socket without connection.close");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("{}: failed", name, cause);
        }
        end(String.valueOf(cause.getMessage()));
        socket.close();
    }

    /** Works through what was received, until it is used up or something must be waited for. */
    private void read() {
        reading = true;
        while (pauses == 0 && !(state instanceof ConnectionState.Closed)) {
            boolean found = false;
            try {
                found = intake.next();
                if (!found) {
                    break;
                }
                handleFrame();
            } catch (ProtocolException error) {
                pauses &= ~AWAITING_ANSWER;
                if (found) {
                    fail(intake.channel(), error);
                } else {
                    close(error, true);
                }
            } catch (Refusal refusal) {
                pauses &= ~AWAITING_ANSWER;
                fail(intake.channel(), Refusals.during(methodId(), refusal));
            } catch (RuntimeException fault) {
                LOG.error("{}: failed", name, fault);
                close(new ProtocolException(ReplyCode.INTERNAL_ERROR, "internal error"), !found);
            }
        }
        reading = false;
    }

    private int methodId() {
        return state instanceof ConnectionState.Open open
                ? open.work().methodId(intake.channel())
                : MethodId.CONNECTION_OPEN;
    }

    /** Goes on reading after a pause. */
    private void proceed() {
        if (pauses != 0) {
            return;
        }
        shard.beginTick();
        read();
        if (pauses == 0) {
            socket.config().setAutoRead(true);
        }
        shard.endOfTick();
    }

    private void resume(int pause) {
        if ((pauses & pause) != 0) {
            pauses &= ~pause;
            if (pauses == 0 && !reading) {
                socket.eventLoop().execute(proceed);
            }
        }
    }

    // -- frames

    private void handleFrame() {
        int channel = intake.channel();
        int type = intake.type();
        ByteBuffer in = intake.octets();
        int at = intake.payloadAt();
        int size = intake.payloadSize();
        if (channel != 0 && state instanceof ConnectionState.Open open) {
            boolean publishing =
                    type == Amqp091.FRAME_BODY
                            || (type == Amqp091.FRAME_METHOD
                                    && MethodReader.id(in, at) == MethodId.BASIC_PUBLISH);
            if (publishing && mustHoldPublishes()) {
                intake.again();
            } else {
                open.work().handle(channel, type, in, at, size);
            }
        } else if (state instanceof ConnectionState.Closing) {
            whileClosing(channel, type, in, at);
        } else if (channel != 0) {
            throw Violations.unexpectedFrame(
                    "frame on channel " + channel + " before connection.open");
        } else if (type == Amqp091.FRAME_METHOD) {
            handle(MethodReader.read(in, at, size));
        } else if (type != Amqp091.FRAME_HEARTBEAT) {
            throw Violations.unexpectedFrame("frame of type " + type + " on channel 0");
        }
    }

    private void handle(Method method) {
        if (!(method instanceof ConnectionMethod of)) {
            throw outOfTurn(method);
        }
        switch (of) {
            case ConnectionMethod.StartOk m -> startOk(m);
            case ConnectionMethod.TuneOk m -> tuneOk(m);
            case ConnectionMethod.Open m -> open(m);
            case ConnectionMethod.Close m -> {
                leaveOpen();
                output.method(0, new ConnectionMethod.CloseOk());
                end(m.replyCode() == ReplyCode.REPLY_SUCCESS.code() ? "" : m.replyText());
            }
            case ConnectionMethod.SecureOk _, ConnectionMethod.CloseOk _ -> throw outOfTurn(of);
            case ConnectionMethod.UpdateSecret _ ->
                    throw Violations.notImplemented("connection.update-secret", of.id());
            case ConnectionMethod.Start _,
                    ConnectionMethod.Secure _,
                    ConnectionMethod.Tune _,
                    ConnectionMethod.OpenOk _,
                    ConnectionMethod.Blocked _,
                    ConnectionMethod.Unblocked _,
                    ConnectionMethod.UpdateSecretOk _ ->
                    throw Violations.notForServers(of.id());
        }
    }

    private ProtocolException outOfTurn(Method method) {
        String where =
                switch (state) {
                    case ConnectionState.AwaitingStartOk _ -> "starting";
                    case ConnectionState.AwaitingTuneOk _ -> "tuning";
                    case ConnectionState.AwaitingOpen _ -> "opening";
                    case ConnectionState.Open _ -> "running";
                    case ConnectionState.Closing _, ConnectionState.Closed _ -> "closing";
                };
        return Violations.unexpectedMethod(method.id(), where);
    }

    private void startOk(ConnectionMethod.StartOk m) {
        if (!(state instanceof ConnectionState.AwaitingStartOk starting)) {
            throw outOfTurn(m);
        }
        client = ClientProperties.of(m.clientProperties());
        switch (protocol.handshake().logIn(m, isFromLoopback())) {
            case Handshake.Login.Accepted accepted -> {
                become(
                        new ConnectionState.AwaitingTuneOk(
                                starting.deadlineNs(), accepted.user()));
                output.method(0, protocol.offer().offer());
            }
            case Handshake.Login.Refused refused -> {
                warn(m.mechanism() + " login refused: " + refused.why());
                if (client.authenticationFailureClose()) {
                    close(refused.answer(), false);
                } else {
                    end("login refused");
                }
            }
        }
    }

    private boolean isFromLoopback() {
        return socket.remoteAddress() instanceof InetSocketAddress peer
                && peer.getAddress().isLoopbackAddress();
    }

    private void tuneOk(ConnectionMethod.TuneOk m) {
        if (!(state instanceof ConnectionState.AwaitingTuneOk tuning)) {
            throw outOfTurn(m);
        }
        Tuning agreed = protocol.offer().agree(m);
        frameMax = agreed.frameMax();
        intake.frameMax(frameMax);
        become(
                new ConnectionState.AwaitingOpen(
                        tuning.deadlineNs(), tuning.user(), agreed));
    }

    private void open(ConnectionMethod.Open m) {
        if (!(state instanceof ConnectionState.AwaitingOpen opening)) {
            throw outOfTurn(m);
        }
        Session session = protocol.openSession(opening.user(), m.virtualHost(), shard);
        become(
                new ConnectionState.Open(
                        protocol.newWork(
                                this, session, opening.tuning().channelMax(), inPlace)));
        heartbeat =
                new Heartbeat(
                        opening.tuning().heartbeatSeconds(), neighbours.clock().monotonicNs());
        output.method(0, new ConnectionMethod.OpenOk());
        neighbours
                .log()
                .info(
                        PeerLog.Peer.USER,
                        name
                                + " opened: user '"
                                + opening.user()
                                + "', vhost '"
                                + m.virtualHost()
                                + "', client '"
                                + client.name()
                                + "'");
    }

    private void whileClosing(int channel, int type, ByteBuffer in, int at) {
        if (channel == 0 && type == Amqp091.FRAME_METHOD) {
            switch (MethodReader.id(in, at)) {
                case MethodId.CONNECTION_CLOSE_OK -> end("");
                case MethodId.CONNECTION_CLOSE -> {
                    output.method(0, new ConnectionMethod.CloseOk());
                    end("");
                }
                default -> {}
            }
        }
    }

    /** Whether octets that are no frames any more end in what may well be connection.close-ok. */
    private static boolean endsWithCloseOk(ByteBuf octets) {
        ByteBuffer closeOk =
                ByteBuffer.allocate(FrameWriter.sizeOf(new ConnectionMethod.CloseOk()));
        FrameWriter.method(closeOk, 0, new ConnectionMethod.CloseOk());
        int from = octets.writerIndex() - closeOk.capacity();
        for (int i = 0; i < closeOk.capacity(); i++) {
            if (from < octets.readerIndex() || octets.getByte(from + i) != closeOk.get(i)) {
                return false;
            }
        }
        return true;
    }

    // -- the end

    @Override
    public void fail(int channel, ProtocolException error) {
        switch (error.scope()) {
            case CHANNEL -> {
                if (channel != 0 && state instanceof ConnectionState.Open open) {
                    warn("channel " + channel + " closed: " + error.text());
                    open.work().fail(channel, error);
                } else {
                    close(error, false);
                }
            }
            case CONNECTION, NONE -> close(error, false);
        }
    }

    /**
     * Tells the client why the connection ends, and waits for its answer.
     *
     * @param garbled whether what it sends cannot be read any more
     */
    private void close(ProtocolException error, boolean garbled) {
        long patience = state instanceof ConnectionState.Open ? CLOSE_USER_NS : CLOSE_STRANGER_NS;
        switch (state) {
            case ConnectionState.AwaitingStartOk _,
                    ConnectionState.AwaitingTuneOk _,
                    ConnectionState.AwaitingOpen _,
                    ConnectionState.Open _ -> {
                warn("closed: " + error.text());
                leaveOpen();
                output.method(
                        0,
                        new ConnectionMethod.Close(
                                error.code().code(),
                                error.text(),
                                error.classId(),
                                error.methodId()));
                become(
                        new ConnectionState.Closing(
                                neighbours.clock().monotonicNs() + patience, garbled));
                if (garbled) {
                    intake.clear();
                }
                resume(pauses);
            }
            case ConnectionState.Closing closing -> {
                // What comes instead of the answer is no frame.
                become(new ConnectionState.Closing(closing.deadlineNs(), true));
                intake.clear();
            }
            case ConnectionState.Closed _ -> {}
        }
    }

    /** Ends the connection at once, once what was sent is on its way. */
    private void end(String reason) {
        if (state instanceof ConnectionState.Closed) {
            return;
        }
        boolean wasOpen = state instanceof ConnectionState.Open;
        leaveOpen();
        become(new ConnectionState.Closed(neighbours.clock().monotonicNs() + CLOSE_USER_NS));
        intake.clear();
        output.closeSocket();
        if (!reason.isEmpty()) {
            warn("closed: " + reason);
        } else if (wasOpen) {
            neighbours.log().info(PeerLog.Peer.USER, name + " closed");
        }
    }

    private void leaveOpen() {
        if (state instanceof ConnectionState.Open open) {
            open.work().close();
        }
    }

    private void become(ConnectionState next) {
        state = next;
    }

    private void warn(String what) {
        neighbours
                .log()
                .warn(
                        state instanceof ConnectionState.Open
                                ? PeerLog.Peer.USER
                                : PeerLog.Peer.STRANGER,
                        name + " " + what);
    }

    // -- what the network asks

    @Override
    public void sweep(long nowNs) {
        switch (state) {
            case ConnectionState.AwaitingStartOk(long deadline) -> endAfter(deadline, nowNs);
            case ConnectionState.AwaitingTuneOk(long deadline, _) -> endAfter(deadline, nowNs);
            case ConnectionState.AwaitingOpen(long deadline, _, _) -> endAfter(deadline, nowNs);
            case ConnectionState.Open _ -> beat(nowNs);
            case ConnectionState.Closing(long deadline, _) -> {
                if (nowNs - deadline > 0) {
                    end("connection.close was not answered in time");
                }
            }
            case ConnectionState.Closed(long deadline) -> {
                if (nowNs - deadline > 0) {
                    socket.close();
                }
            }
        }
    }

    private void endAfter(long deadlineNs, long nowNs) {
        if (nowNs - deadlineNs > 0) {
            end("handshake timed out");
        }
    }

    private void beat(long nowNs) {
        // A connection we do not read cannot be blamed for silence.
        boolean heard = received || pauses != 0;
        received = false;
        boolean spoke = output.flushes() != flushesSeen;
        flushesSeen = output.flushes();
        switch (heartbeat.look(nowNs, heard, spoke)) {
            case NOTHING -> {}
            case SEND -> FrameWriter.heartbeat(output.begin(Amqp091.FRAME_OVERHEAD));
            case GIVE_UP -> end("missed heartbeats from client");
        }
    }

    @Override
    public void alarmsChanged(boolean publishersBlocked) {
        if (publishersBlocked) {
            if (publishes) {
                tellBlocked();
            }
        } else {
            if (toldBlocked && state instanceof ConnectionState.Open) {
                output.method(0, new ConnectionMethod.Unblocked());
            }
            toldBlocked = false;
            resume(PUBLISHERS_BLOCKED);
        }
    }

    private void tellBlocked() {
        if (!toldBlocked
                && client.connectionBlocked()
                && state instanceof ConnectionState.Open) {
            toldBlocked = true;
            output.method(0, new ConnectionMethod.Blocked(protocol.alarms().reason()));
        }
    }

    /** Whether the publish that came must wait; if so, nothing is read until it may go on. */
    private boolean mustHoldPublishes() {
        publishes = true;
        if (protocol.alarms().publishersBlocked()) {
            pauses |= PUBLISHERS_BLOCKED;
            tellBlocked();
            return true;
        }
        if (protocol.store().congested()) {
            pauses |= STORE_CONGESTED;
            shard.whenUncongested(() -> resume(STORE_CONGESTED));
            return true;
        }
        return false;
    }

    @Override
    public void shutDown() {
        switch (state) {
            case ConnectionState.Open _ ->
                    close(
                            new ProtocolException(
                                    ReplyCode.CONNECTION_FORCED,
                                    "broker forced connection closure with reason 'shutdown'"),
                            false);
            case ConnectionState.AwaitingStartOk _,
                    ConnectionState.AwaitingTuneOk _,
                    ConnectionState.AwaitingOpen _ ->
                    end("the broker stops");
            case ConnectionState.Closing _, ConnectionState.Closed _ -> {}
        }
    }

    // -- what a channel asks

    @Override
    public Session session() {
        if (state instanceof ConnectionState.Open open) {
            return open.work().session();
        }
        throw new IllegalStateException("no channel without an open connection");
    }

    @Override
    public OutputBuffer output() {
        return output;
    }

    @Override
    public ByteBufAllocator allocator() {
        return socket.alloc();
    }

    @Override
    public ClientProperties client() {
        return client;
    }

    @Override
    public int frameMax() {
        return frameMax;
    }

    @Override
    public void awaitAnswer() {
        pauses |= AWAITING_ANSWER;
    }

    @Override
    public void answered() {
        resume(AWAITING_ANSWER);
    }

    @Override
    public boolean writable() {
        return socket.isWritable();
    }
}
