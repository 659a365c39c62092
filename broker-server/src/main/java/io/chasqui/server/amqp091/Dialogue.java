package io.chasqui.server.amqp091;

import io.chasqui.core.security.Login;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.SessionClient;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.Credentials;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.net.ClientSocket;
import io.chasqui.server.net.FrameIntake;
import io.chasqui.server.net.LoginNews;
import io.chasqui.server.net.OutputBuffer;
import io.chasqui.server.net.Peer;
import io.chasqui.server.net.PeerLog;
import io.chasqui.server.net.ReadGate;
import io.chasqui.server.net.ShardConnections;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * What is said about a connection as a whole, on its channel 0: how it is set up, and how it ends.
 * The only place where its {@link ConnectionState} changes.
 */
final class Dialogue {

    /** How long a client may take to answer connection.close: a stranger, and a user. */
    private static final long CLOSE_STRANGER_NS = TimeUnit.SECONDS.toNanos(1);

    private static final long CLOSE_USER_NS = TimeUnit.SECONDS.toNanos(10);

    private static final ClientProperties UNKNOWN =
            new ClientProperties("", false, false, false, FieldTable.EMPTY);

    private final Link link;
    private final Amqp091Protocol protocol;
    private final ClientSocket<FrameCursor> socket;
    private final ShardConnections neighbours;
    private final OutputBuffer output;
    private final FrameIntake<FrameCursor> intake;
    private final ReadGate gate;
    private final InPlaceContent inPlace;
    private final Peer peer;
    private final String name;

    private ConnectionState state;
    private ClientProperties client = UNKNOWN;
    private String mechanism = "";
    private int frameMax;

    Dialogue(
            Link link,
            Amqp091Protocol protocol,
            ClientSocket<FrameCursor> socket,
            InPlaceContent inPlace) {
        this.link = link;
        this.protocol = protocol;
        this.socket = socket;
        this.neighbours = socket.neighbours();
        this.output = socket.output();
        this.intake = socket.intake();
        this.gate = socket.gate();
        this.inPlace = inPlace;
        this.peer = socket.peer();
        this.name = peer.name();
        this.state = new ConnectionState.AwaitingStartOk(in(protocol.handshakeTimeoutNs()));
        this.frameMax = protocol.initialFrameMax();
        intake.frameMax(frameMax);
    }

    ConnectionState state() {
        return state;
    }

    ClientProperties client() {
        return client;
    }

    int frameMax() {
        return frameMax;
    }

    private void become(ConnectionState next) {
        if (state instanceof ConnectionState.Open && !(next instanceof ConnectionState.Open)) {
            protocol.connections().leave();
        }
        state = next;
    }

    private long in(long periodNs) {
        return neighbours.clock().monotonicNs() + periodNs;
    }

    // -- setting up

    void begin() {
        link.send(0, protocol.handshake().start(peer));
    }

    /** Handles a frame that belongs to no open channel. */
    void handle(int channel, int type, ByteBuffer in, int at, int size) {
        if (state instanceof ConnectionState.Closing(long deadlineNs, _)) {
            whileClosing(deadlineNs, channel, type, in, at);
        } else if (state instanceof ConnectionState.Parting(long deadlineNs)) {
            whileClosing(deadlineNs, channel, type, in, at);
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
            case ConnectionMethod.Close m -> closedByClient(m);
            case ConnectionMethod.UpdateSecret m -> updateSecret(m);
            case ConnectionMethod.SecureOk _,
                    ConnectionMethod.CloseOk _,
                    ConnectionMethod.Start _,
                    ConnectionMethod.Secure _,
                    ConnectionMethod.Tune _,
                    ConnectionMethod.OpenOk _,
                    ConnectionMethod.Blocked _,
                    ConnectionMethod.Unblocked _,
                    ConnectionMethod.UpdateSecretOk _ ->
                    throw outOfTurn(of);
        }
    }

    /** Credentials here never expire, so there is nothing to do with new ones, as in RabbitMQ. */
    private void updateSecret(ConnectionMethod.UpdateSecret m) {
        if (!(state instanceof ConnectionState.Open)) {
            throw outOfTurn(m);
        }
        link.send(0, new ConnectionMethod.UpdateSecretOk());
    }

    private ProtocolException outOfTurn(Method method) {
        String where =
                switch (state) {
                    case ConnectionState.AwaitingStartOk _, ConnectionState.AwaitingLogin _ ->
                            "starting";
                    case ConnectionState.AwaitingTuneOk _ -> "tuning";
                    case ConnectionState.AwaitingOpen _ -> "opening";
                    case ConnectionState.Open _ -> "running";
                    case ConnectionState.Closing _,
                            ConnectionState.Parting _,
                            ConnectionState.Closed _ ->
                            "closing";
                };
        return Violations.unexpectedMethod(method.id(), where);
    }

    private void startOk(ConnectionMethod.StartOk m) {
        if (!(state instanceof ConnectionState.AwaitingStartOk starting)) {
            throw outOfTurn(m);
        }
        client = ClientProperties.of(m.clientProperties());
        mechanism = m.mechanism();
        Credentials credentials = protocol.handshake().credentials(m, peer);
        become(
                new ConnectionState.AwaitingLogin(
                        starting.deadlineNs(), credentials.username(), m.mechanism()));
        link.awaitAnswer();
        Shard shard = neighbours.shard();
        protocol.handshake()
                .logIn(
                        m.mechanism(),
                        peer.attempt(credentials.username(), credentials.password()),
                        login -> {
                            if (shard.inLoop()) {
                                loggedIn(login);
                            } else {
                                shard.submit(() -> loggedIn(login));
                            }
                        });
    }

    private void loggedIn(Login login) {
        if (state instanceof ConnectionState.AwaitingLogin waiting) {
            new LoginNews(protocol.events(), SessionClient.AMQP_0_9_1)
                    .tell(peer, waiting.user(), waiting.mechanism(), login);
            if (login == Login.ACCEPTED) {
                become(new ConnectionState.AwaitingTuneOk(waiting.deadlineNs(), waiting.user()));
                link.send(0, protocol.offer().offer());
            } else {
                refuse(waiting, login);
            }
        }
        link.answered();
    }

    private void refuse(ConnectionState.AwaitingLogin waiting, Login login) {
        warn(waiting.mechanism() + " login refused: " + login.why(waiting.user()));
        if (client.authenticationFailureClose()) {
            close(Handshake.refusal(waiting.mechanism()), false);
        } else {
            end("login refused");
        }
    }

    private void tuneOk(ConnectionMethod.TuneOk m) {
        if (!(state instanceof ConnectionState.AwaitingTuneOk tuning)) {
            throw outOfTurn(m);
        }
        Tuning agreed = protocol.offer().agree(m);
        frameMax = agreed.frameMax();
        intake.frameMax(frameMax);
        become(new ConnectionState.AwaitingOpen(tuning.deadlineNs(), tuning.user(), agreed));
    }

    private void open(ConnectionMethod.Open m) {
        if (!(state instanceof ConnectionState.AwaitingOpen opening)) {
            throw outOfTurn(m);
        }
        Tuning tuning = opening.tuning();
        Session session =
                enter(
                        opening.user(),
                        m.virtualHost(),
                        new ClientView(this, socket, client, mechanism, tuning));
        become(
                new ConnectionState.Open(
                        protocol.newWork(link, session, tuning.channelMax(), inPlace),
                        new Heartbeat(tuning.heartbeatSeconds(), in(0)),
                        protocol.newPublishGate(
                                new BlockedNotices(link, client.connectionBlocked()),
                                gate,
                                neighbours.shard()),
                        tuning,
                        neighbours.clock().wallMs()));
        link.send(0, new ConnectionMethod.OpenOk());
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

    private Session enter(String user, String vhost, SessionClient client) {
        protocol.connections().enter();
        try {
            return protocol.openSession(user, vhost, neighbours.shard(), client);
        } catch (RuntimeException refused) {
            protocol.connections().leave();
            throw refused;
        }
    }

    // -- ending

    private void closedByClient(ConnectionMethod.Close m) {
        noteEnd(m.replyCode() == ReplyCode.REPLY_SUCCESS.code() ? "" : m.replyText());
        leaveOpen();
        part(in(state instanceof ConnectionState.Open ? CLOSE_USER_NS : CLOSE_STRANGER_NS));
    }

    /** Answers connection.close, and leaves it to the client to close the socket in time. */
    private void part(long deadlineNs) {
        link.send(0, new ConnectionMethod.CloseOk());
        become(new ConnectionState.Parting(deadlineNs));
        gate.openForGood();
    }

    /** Closes the channel, or the connection, as the error says. */
    void fail(int channel, ProtocolException error) {
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
    void close(ProtocolException error, boolean garbled) {
        switch (state) {
            case ConnectionState.SettingUp _ -> close(error, garbled, CLOSE_STRANGER_NS);
            case ConnectionState.Open _ -> close(error, garbled, CLOSE_USER_NS);
            case ConnectionState.Closing closing -> {
                // What comes instead of the answer is no frame.
                become(new ConnectionState.Closing(closing.deadlineNs(), true));
                intake.clear();
            }
            case ConnectionState.Parting _ -> end("");
            case ConnectionState.Closed _ -> {}
        }
    }

    private void close(ProtocolException error, boolean garbled, long patienceNs) {
        warn("closed: " + error.text());
        leaveOpen();
        link.send(
                0,
                new ConnectionMethod.Close(
                        error.code().code(), error.text(), error.classId(), error.methodId()));
        become(new ConnectionState.Closing(in(patienceNs), garbled));
        if (garbled) {
            intake.clear();
        }
        gate.openForGood();
    }

    private void whileClosing(long deadlineNs, int channel, int type, ByteBuffer in, int at) {
        if (channel == 0 && type == Amqp091.FRAME_METHOD) {
            switch (MethodReader.id(in, at)) {
                case MethodId.CONNECTION_CLOSE_OK -> end("");
                case MethodId.CONNECTION_CLOSE -> part(deadlineNs);
                default -> {}
            }
        }
    }

    /**
     * Ends the connection, once what was sent is on its way.
     *
     * @param reason what was wrong, for the log; empty if nothing was
     */
    void end(String reason) {
        if (state instanceof ConnectionState.Closed) {
            return;
        }
        noteEnd(reason);
        leaveOpen();
        become(new ConnectionState.Closed(in(CLOSE_USER_NS)));
        intake.clear();
        output.closeSocket();
    }

    private void noteEnd(String reason) {
        if (!reason.isEmpty()) {
            warn("closed: " + reason);
        } else if (state instanceof ConnectionState.Open) {
            neighbours.log().info(PeerLog.Peer.USER, name + " closed");
        }
    }

    /** The client closed the socket, or it broke. */
    void socketEnded() {
        end(
                state instanceof ConnectionState.Parting
                        ? ""
                        : "client closed the socket without connection.close");
    }

    /** Ends a connection that is still being set up, or being closed, when its time is up. */
    void endIfLate(long nowNs) {
        switch (state) {
            case ConnectionState.SettingUp s ->
                    endIfLate(s.deadlineNs(), nowNs, "handshake timed out");
            case ConnectionState.Closing s ->
                    endIfLate(s.deadlineNs(), nowNs, "connection.close was not answered in time");
            case ConnectionState.Parting s -> endIfLate(s.deadlineNs(), nowNs, "");
            case ConnectionState.Open _, ConnectionState.Closed _ -> {}
        }
    }

    private void endIfLate(long deadlineNs, long nowNs, String reason) {
        if (nowNs - deadlineNs > 0) {
            end(reason);
        }
    }

    /** Somebody, or something, ends it for reasons of the broker's. */
    void endedByBroker(String reason) {
        if (state instanceof ConnectionState.Open) {
            close(new ProtocolException(ReplyCode.CONNECTION_FORCED, reason), false);
        }
    }

    /** The broker stops. */
    void shutDown() {
        switch (state) {
            case ConnectionState.Open _ ->
                    endedByBroker("broker forced connection closure with reason 'shutdown'");
            case ConnectionState.SettingUp _ -> end("the broker stops");
            case ConnectionState.Parting _ -> end("");
            case ConnectionState.Closing _, ConnectionState.Closed _ -> {}
        }
    }

    private void leaveOpen() {
        if (state instanceof ConnectionState.Open open) {
            open.work().close();
        }
    }

    void warn(String what) {
        neighbours
                .log()
                .warn(
                        state instanceof ConnectionState.Open
                                ? PeerLog.Peer.USER
                                : PeerLog.Peer.STRANGER,
                        name + " " + what);
    }
}
