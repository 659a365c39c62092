package io.chasqui.server.amqp10;

import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.SessionClient;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.server.net.ClientSocket;
import io.chasqui.server.net.FrameIntake;
import io.chasqui.server.net.OutputBuffer;
import io.chasqui.server.net.Peer;
import io.chasqui.server.net.PeerLog;
import io.chasqui.server.net.ReadGate;
import io.chasqui.server.net.ShardConnections;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.security.SaslInit;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.Open;
import org.jspecify.annotations.Nullable;

/**
 * What is said about a connection as a whole: how it is set up, and how it ends. The only place where
 * its {@link ConnectionState} changes.
 */
final class Dialogue {

    /** How long a client may take to answer close: a stranger, and a user. */
    private static final long CLOSE_STRANGER_NS = TimeUnit.SECONDS.toNanos(1);

    private static final long CLOSE_USER_NS = TimeUnit.SECONDS.toNanos(10);

    /** Tells a client that close follows on open (as Qpid JMS wants to know). */
    private static final Symbol ESTABLISHMENT_FAILED =
            Symbol.valueOf("amqp:connection-establishment-failed");

    private final Amqp10Terms terms;
    private final ClientSocket<FrameCursor> socket;
    private final ShardConnections neighbours;
    private final OutputBuffer output;
    private final FrameIntake<FrameCursor> intake;
    private final FrameCursor.Expectation expected;
    private final boolean saslFirst;
    private final ReadGate gate;
    private final Peer peer;
    private final SaslExchange sasl;
    private final FrameCodec codec;
    private ConnectionState state;
    private @Nullable Endpoints endpoints;
    private boolean headerSent;
    private boolean openSent;

    /**
     * @param expected what comes next, of which the intake is told
     * @param saslFirst whether the client logs in, or is let in as somebody without a name
     */
    Dialogue(
            Amqp10Terms terms,
            ClientSocket<FrameCursor> socket,
            FrameCursor.Expectation expected,
            boolean saslFirst) {
        this.terms = terms;
        this.socket = socket;
        this.neighbours = socket.neighbours();
        this.output = socket.output();
        this.intake = socket.intake();
        this.expected = expected;
        this.saslFirst = saslFirst;
        this.gate = socket.gate();
        this.peer = socket.peer();
        this.sasl = new SaslExchange(terms, socket);
        this.codec = new FrameCodec(output);
        this.state =
                new ConnectionState.AwaitingInit(
                        in(TimeUnit.MILLISECONDS.toNanos(terms.handshakeTimeoutMs())));
        intake.frameMax(terms.initialFrameMax());
    }

    ConnectionState state() {
        return state;
    }

    private void become(ConnectionState next) {
        if (state instanceof ConnectionState.Open && !(next instanceof ConnectionState.Open)) {
            terms.connections().leave();
        }
        state = next;
    }

    private long in(long periodNs) {
        return neighbours.clock().monotonicNs() + periodNs;
    }

    // -- setting up

    /** Speaks first, unless the client spoke already as somebody without a name. */
    void begin() {
        if (saslFirst) {
            codec.writeHeader(Amqp10.SASL);
            codec.writeSasl(sasl.mechanisms());
        } else if (state instanceof ConnectionState.AwaitingInit(long deadlineNs)) {
            become(new ConnectionState.AwaitingLogin(deadlineNs));
            gate.close(ReadGate.Reason.AWAITING_ANSWER);
            sasl.logInAnonymously(this::loggedIn);
        }
    }

    /** Handles what was found: a frame, or the protocol header that follows on SASL. */
    void handle(FrameCursor found, ByteBuffer in) {
        switch (state) {
            case ConnectionState.Open(OpenConnection work, _, _) -> {
                if (!work.handleDelivery(found, in)) {
                    handle(work, found.channel(), performative(found, in));
                }
            }
            case ConnectionState.AwaitingInit waiting -> logIn(waiting, found, in);
            case ConnectionState.AwaitingOpen opening -> {
                if (found.type() == FrameCursor.HEADER) {
                    secondHeader(in, found.bodyAt());
                } else {
                    open(opening, found.channel(), performative(found, in));
                }
            }
            case ConnectionState.Closing _ -> {
                if (performative(found, in) instanceof Close) {
                    end("");
                }
            }
            case ConnectionState.AwaitingLogin _,
                    ConnectionState.Parting _,
                    ConnectionState.Closed _ ->
                    throw new IllegalStateException("nothing is read now");
        }
    }

    private void handle(OpenConnection work, int channel, @Nullable Object body) {
        if (body instanceof Close close) {
            closedByClient(close);
        } else if (body != null) {
            work.handle(channel, body);
        }
    }

    private @Nullable Object performative(FrameCursor found, ByteBuffer in) {
        if (found.type() != Amqp10.FRAME_AMQP) {
            throw Amqp10Error.connection(
                    Amqp10Error.FRAMING_ERROR, "frame of type " + found.type());
        }
        return found.bodySize() == 0 ? null : codec.read(in, found.bodyAt(), found.bodySize());
    }

    private void logIn(ConnectionState.AwaitingInit waiting, FrameCursor found, ByteBuffer in) {
        boolean isSasl = found.type() == Amqp10.FRAME_SASL && found.bodySize() > 0;
        Object body = isSasl ? codec.read(in, found.bodyAt(), found.bodySize()) : null;
        if (!(body instanceof SaslInit init)) {
            end("no sasl-init");
            return;
        }
        become(new ConnectionState.AwaitingLogin(waiting.deadlineNs()));
        gate.close(ReadGate.Reason.AWAITING_ANSWER);
        sasl.logIn(init, this::loggedIn);
    }

    private void loggedIn(SaslExchange.Verdict verdict) {
        if (state instanceof ConnectionState.AwaitingLogin waiting) {
            if (saslFirst) {
                codec.writeSasl(verdict.outcome());
            }
            if (verdict.accepted()) {
                if (saslFirst) {
                    expected.header();
                } else {
                    sayHeader();
                }
                endpoints = new Endpoints(codec::write, terms);
                become(
                        new ConnectionState.AwaitingOpen(
                                waiting.deadlineNs(), verdict.user(), verdict.mechanism()));
            } else {
                warn(verdict.mechanism() + " login refused: " + verdict.why());
                end("login refused");
            }
        }
        gate.open(ReadGate.Reason.AWAITING_ANSWER);
    }

    private void secondHeader(ByteBuffer in, int at) {
        sayHeader();
        if (!Amqp10.isProtocolHeader(in, at, Amqp10.AMQP)) {
            end("no header of AMQP 1.0 after the login");
        }
    }

    private void open(ConnectionState.AwaitingOpen opening, int channel, @Nullable Object body) {
        if (body == null) {
            return;
        }
        if (!(body instanceof Open open)) {
            throw Amqp10Error.connection(Amqp10Error.NOT_ALLOWED, "open must come first");
        }
        if (channel != 0) {
            throw Amqp10Error.connection(
                    Amqp10Error.FRAMING_ERROR, "open comes on channel 0, not " + channel);
        }
        ClientFacts client = ClientFacts.of(open);
        intake.frameMax(terms.frameMax());
        endpoints().opened(open);
        SoleConnections.Claim claim = claim(client);
        Session session;
        try {
            session =
                    enter(
                            opening.user(),
                            client.vhost(),
                            new ClientView(this, socket, client, opening.mechanism()));
        } catch (Amqp10Error refused) {
            claim.release();
            throw refused;
        }
        become(
                new ConnectionState.Open(
                        new OpenConnection(
                                this,
                                socket,
                                codec,
                                endpoints(),
                                terms,
                                session,
                                claim,
                                client.container(),
                                client.frameMax()),
                        new IdleTimes(
                                terms.heartbeatSeconds(),
                                client.idleTimeOutMs(),
                                neighbours.clock().monotonicNs()),
                        neighbours.clock().wallMs()));
        sayOpen();
        neighbours
                .log()
                .info(
                        PeerLog.Peer.USER,
                        peer.name()
                                + " opened: user '"
                                + opening.user()
                                + "', vhost '"
                                + client.vhost()
                                + "', container '"
                                + client.container()
                                + "'");
    }

    /** Takes a place among the connections of the client's container. */
    private SoleConnections.Claim claim(ClientFacts client) {
        Shard shard = neighbours.shard();
        client.sole()
                .ifPresent(policy -> {
                    endpoints().add(SoleConnections.ENFORCEMENT, policy.code());
                    endpoints().add(SoleConnections.DETECTION, SoleConnections.STRONG);
                });
        return terms.containers()
                .enter(
                        client.vhost(),
                        client.container(),
                        client.sole(),
                        () -> shard.submit(() -> fail(SoleConnections.replaced())));
    }

    private Endpoints endpoints() {
        Endpoints known = endpoints;
        if (known == null) {
            throw new IllegalStateException("no endpoints before the login");
        }
        return known;
    }

    private void sayHeader() {
        if (!headerSent) {
            headerSent = true;
            codec.writeHeader(Amqp10.AMQP);
        }
    }

    private void sayOpen() {
        if (!openSent) {
            openSent = true;
            endpoints().connection().open();
            endpoints().say();
        }
    }

    private Session enter(String user, String vhost, SessionClient client) {
        try {
            terms.connections().enter();
        } catch (Refusal refusal) {
            throw Amqp10Error.of(Amqp10Error.Scope.CONNECTION, refusal);
        }
        try {
            return terms.broker().openSession(user, vhost, neighbours.shard(), client);
        } catch (Refusal refusal) {
            terms.connections().leave();
            throw Amqp10Error.of(Amqp10Error.Scope.CONNECTION, refusal);
        }
    }

    // -- ending

    /** Answers close, and leaves it to the client to close the socket in time. */
    private void closedByClient(Close close) {
        noteEnd(close.getError() == null ? "" : String.valueOf(close.getError()));
        leaveOpen();
        endpoints().closed(close);
        endpoints().connection().close();
        endpoints().say();
        become(new ConnectionState.Parting(in(CLOSE_USER_NS)));
        intake.clear();
        gate.openForGood();
    }

    /** Tells the client why the connection ends, and waits for its answer. */
    void fail(Amqp10Error error) {
        fail(error, false);
    }

    /**
     * @param garbled whether what comes in are no frames any more
     */
    void fail(Amqp10Error error, boolean garbled) {
        switch (state) {
            case ConnectionState.AwaitingInit _, ConnectionState.AwaitingLogin _ ->
                    end(error.toString());
            case ConnectionState.AwaitingOpen _ -> close(error, garbled, CLOSE_STRANGER_NS);
            case ConnectionState.Open _ -> close(error, garbled, CLOSE_USER_NS);
            case ConnectionState.Closing closing -> {
                if (garbled) {
                    // What comes instead of the answer is no frame.
                    become(new ConnectionState.Closing(closing.deadlineNs(), true));
                    intake.clear();
                }
            }
            case ConnectionState.Parting _, ConnectionState.Closed _ -> {}
        }
    }

    private void close(Amqp10Error error, boolean garbled, long patienceNs) {
        warn("closed: " + error);
        leaveOpen();
        sayHeader();
        if (!openSent) {
            endpoints().add(ESTABLISHMENT_FAILED, true);
        }
        sayOpen();
        endpoints().connection().setCondition(error.toCondition());
        endpoints().connection().close();
        endpoints().say();
        become(new ConnectionState.Closing(in(patienceNs), garbled));
        if (garbled) {
            intake.clear();
        }
        gate.openForGood();
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
            neighbours.log().info(PeerLog.Peer.USER, peer.name() + " closed");
        }
    }

    /** The client closed the socket, or it broke. */
    void socketEnded() {
        end(
                state instanceof ConnectionState.Parting
                        ? ""
                        : "client closed the socket without close");
    }

    /** Ends a connection that is still being set up, or being closed, when its time is up. */
    void endIfLate(long nowNs) {
        switch (state) {
            case ConnectionState.SettingUp s ->
                    endIfLate(s.deadlineNs(), nowNs, "handshake timed out");
            case ConnectionState.Closing s ->
                    endIfLate(s.deadlineNs(), nowNs, "close was not answered in time");
            case ConnectionState.Parting s -> endIfLate(s.deadlineNs(), nowNs, "");
            case ConnectionState.Open _, ConnectionState.Closed _ -> {}
        }
    }

    private void endIfLate(long deadlineNs, long nowNs, String reason) {
        if (nowNs - deadlineNs > 0) {
            end(reason);
        }
    }

    private void leaveOpen() {
        if (state instanceof ConnectionState.Open open) {
            open.work().close();
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

    /** Somebody, or something, ends it for reasons of the broker's. */
    void endedByBroker(String reason) {
        if (state instanceof ConnectionState.Open) {
            fail(
                    Amqp10Error.connection(
                            Amqp10Error.CONNECTION_FORCED,
                            "Connection forced: \"" + reason + "\""));
        }
    }

    /** Shows the client that we live. */
    void beat() {
        codec.writeEmpty();
    }

    void warn(String what) {
        neighbours
                .log()
                .warn(
                        state instanceof ConnectionState.Open
                                ? PeerLog.Peer.USER
                                : PeerLog.Peer.STRANGER,
                        peer.name() + " " + what);
    }
}
