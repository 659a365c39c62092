package io.chasqui.server.amqp10;

import io.chasqui.core.event.EventExchange;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Login;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.SessionClient;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp091.Credentials;
import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.server.net.FrameIntake;
import io.chasqui.server.net.OutputBuffer;
import io.chasqui.server.net.Peer;
import io.chasqui.server.net.PeerLog;
import io.chasqui.server.net.ReadGate;
import io.chasqui.server.net.ShardConnections;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.proton.amqp.security.SaslInit;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.FrameBody;
import org.apache.qpid.proton.amqp.transport.Open;
import org.jspecify.annotations.Nullable;

/**
 * What is said about a connection as a whole: how it is set up, which sessions it has, and how it ends.
 * The only place where its {@link ConnectionState} changes.
 */
final class Dialogue implements Wire, SessionClient {

    /** How long a client may take to answer close: a stranger, and a user. */
    private static final long CLOSE_STRANGER_NS = TimeUnit.SECONDS.toNanos(1);

    private static final long CLOSE_USER_NS = TimeUnit.SECONDS.toNanos(10);

    private final Amqp10Terms terms;
    private final ShardConnections neighbours;
    private final OutputBuffer output;
    private final FrameIntake<FrameCursor> intake;
    private final FrameCursor.Expectation expected;
    private final ReadGate gate;
    private final Peer peer;
    private final SaslExchange sasl;
    private final FrameCodec codec = new FrameCodec();
    private final DeliveryFrames deliveries = new DeliveryFrames(codec);
    private final IntObjectMap<SessionEndpoint> sessions = new IntObjectHashMap<>();
    private ConnectionState state;
    private @Nullable Endpoints endpoints;
    private @Nullable Session broker;
    private ClientFacts client = ClientFacts.UNKNOWN;
    private boolean headerSent;
    private boolean openSent;
    private int frameMax = Amqp10.MIN_FRAME_MAX;

    Dialogue(
            Amqp10Terms terms,
            ShardConnections neighbours,
            OutputBuffer output,
            FrameIntake<FrameCursor> intake,
            FrameCursor.Expectation expected,
            ReadGate gate,
            Peer peer) {
        this.terms = terms;
        this.neighbours = neighbours;
        this.output = output;
        this.intake = intake;
        this.expected = expected;
        this.gate = gate;
        this.peer = peer;
        this.sasl = new SaslExchange(terms.authenticator());
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

    void begin() {
        protocolHeader(Amqp10.SASL);
        codec.write(output, Amqp10.FRAME_SASL, 0, sasl.mechanisms());
    }

    private void protocolHeader(int layer) {
        byte[] header = Amqp10.protocolHeader(layer);
        output.begin(header.length).put(header);
    }

    /** Handles what was found: a frame, or the protocol header that follows on SASL. */
    void handle(FrameCursor found, ByteBuffer in) {
        switch (state) {
            case ConnectionState.AwaitingInit waiting -> logIn(waiting, found, in);
            case ConnectionState.AwaitingOpen opening -> {
                if (found.type() == FrameCursor.HEADER) {
                    secondHeader(in, found.bodyAt());
                } else {
                    open(opening, performative(found, in));
                }
            }
            case ConnectionState.Open _ -> handleOpen(found, in);
            case ConnectionState.Closing _ -> {
                if (performative(found, in) instanceof Close) {
                    end("");
                }
            }
            case ConnectionState.AwaitingLogin _, ConnectionState.Closed _ ->
                    throw new IllegalStateException("nothing is read now");
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
        String mechanism = init.getMechanism().toString();
        Optional<Credentials> credentials = sasl.credentials(init);
        if (credentials.isEmpty()) {
            refuse(mechanism, "mechanism or response is not accepted");
            return;
        }
        String user = credentials.get().username();
        become(new ConnectionState.AwaitingLogin(waiting.deadlineNs(), user, mechanism));
        gate.close(ReadGate.Reason.AWAITING_ANSWER);
        Shard shard = neighbours.shard();
        sasl.logIn(
                mechanism,
                peer.attempt(user, credentials.get().password()),
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
            tell(waiting, login);
            if (login == Login.ACCEPTED) {
                expected.header();
                endpoints = new Endpoints(this::send, terms);
                become(
                        new ConnectionState.AwaitingOpen(
                                waiting.deadlineNs(), waiting.user(), waiting.mechanism()));
                codec.write(output, Amqp10.FRAME_SASL, 0, SaslExchange.outcome(true));
            } else {
                refuse(waiting.mechanism(), login.why(waiting.user()));
            }
        }
        gate.open(ReadGate.Reason.AWAITING_ANSWER);
    }

    private void tell(ConnectionState.AwaitingLogin waiting, Login login) {
        EventExchange events = terms.broker().events();
        if (!events.isListening()) {
            return;
        }
        Map<String, @Nullable Object> about = peer.facts();
        about.put("name", waiting.user());
        about.put("connection_name", name());
        about.put("connection_type", "network");
        about.put("protocol", protocol());
        about.put("auth_mechanism", waiting.mechanism());
        if (login == Login.ACCEPTED) {
            events.emit("user.authentication.success", about);
        } else {
            about.put("error", login.why(waiting.user()));
            events.emit("user.authentication.failure", about);
        }
    }

    private void refuse(String mechanism, String why) {
        warn(mechanism + " login refused: " + why);
        codec.write(output, Amqp10.FRAME_SASL, 0, SaslExchange.outcome(false));
        end("login refused");
    }

    private void secondHeader(ByteBuffer in, int at) {
        protocolHeader(Amqp10.AMQP);
        headerSent = true;
        if (!Amqp10.isProtocolHeader(in, at, Amqp10.AMQP)) {
            end("no header of AMQP 1.0 after the login");
        }
    }

    private void open(ConnectionState.AwaitingOpen opening, @Nullable Object body) {
        if (body == null) {
            return;
        }
        if (!(body instanceof Open open)) {
            throw Amqp10Error.connection(Amqp10Error.NOT_ALLOWED, "open must come first");
        }
        client = ClientFacts.of(open);
        frameMax = client.frameMax();
        intake.frameMax(terms.frameMax());
        endpoints().opened(open);
        Session session = enter(opening.user(), client.vhost());
        broker = session;
        become(
                new ConnectionState.Open(
                        session,
                        new IdleTimes(
                                terms.heartbeatSeconds(),
                                client.idleTimeOutMs(),
                                neighbours.clock().monotonicNs()),
                        opening.mechanism(),
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

    private void sayOpen() {
        if (!openSent) {
            openSent = true;
            endpoints().connection().open();
            endpoints().say();
        }
    }

    private Session enter(String user, String vhost) {
        try {
            terms.connections().enter();
        } catch (Refusal refusal) {
            throw Amqp10Error.of(Amqp10Error.Scope.CONNECTION, refusal);
        }
        try {
            return terms.broker().openSession(user, vhost, neighbours.shard(), this);
        } catch (Refusal refusal) {
            terms.connections().leave();
            throw Amqp10Error.of(Amqp10Error.Scope.CONNECTION, refusal);
        }
    }

    // -- sessions

    private void handleOpen(FrameCursor found, ByteBuffer in) {
        int kind =
                found.type() == Amqp10.FRAME_AMQP
                        ? Performative.of(in, found.bodyAt(), found.bodySize())
                        : Performative.OTHER;
        if (kind != Performative.OTHER) {
            SessionEndpoint session = session(found.channel());
            if (!session.isEnded()) {
                deliveries.handle(kind, found, in, session);
            }
            return;
        }
        Object body = performative(found, in);
        int channel = found.channel();
        switch (body) {
            case null -> {}
            case Begin begin -> begin(channel, begin);
            case End end -> end(channel, end);
            case Close close -> closed(close);
            case FrameBody other -> {
                SessionEndpoint session = session(channel);
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

    private SessionEndpoint session(int channel) {
        SessionEndpoint session = sessions.get(channel);
        if (session == null) {
            throw Amqp10Error.connection(
                    Amqp10Error.NOT_ALLOWED, "there is no session on channel " + channel);
        }
        return session;
    }

    private void begin(int channel, Begin begin) {
        if (channel > Amqp10Terms.CHANNEL_MAX) {
            throw Amqp10Error.connection(
                    Amqp10Error.FRAMING_ERROR,
                    "channel " + channel + " is above the channel-max " + Amqp10Terms.CHANNEL_MAX);
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
                new SessionEndpoint(this, channel, begin, endpoints().begun(channel, begin));
        sessions.put(channel, session);
        try {
            session.enter();
        } catch (Refusal refusal) {
            session.end(Amqp10Error.of(Amqp10Error.Scope.SESSION, refusal));
        }
    }

    private void end(int channel, End end) {
        SessionEndpoint session = sessions.remove(channel);
        if (session == null) {
            throw Amqp10Error.connection(
                    Amqp10Error.NOT_ALLOWED, "there is no session on channel " + channel);
        }
        endpoints().ended(channel, end);
        session.endedByClient();
        session.leave();
    }

    private void closed(Close close) {
        leaveOpen();
        endpoints().closed(close);
        endpoints().connection().close();
        endpoints().say();
        end(close.getError() == null ? "" : String.valueOf(close.getError()));
    }

    void alarmsChanged(boolean publishersBlocked) {
        if (!publishersBlocked && state instanceof ConnectionState.Open) {
            List.copyOf(sessions.values()).forEach(SessionEndpoint::unblocked);
        }
    }

    /** Whether a client still waits for the outcome of something that it sent. */
    boolean owesOutcomes() {
        return sessions.values().stream().anyMatch(session -> session.settling().size() > 0);
    }

    // -- ending

    /** Tells the client why the connection ends, and waits for its answer. */
    @Override
    public void fail(Amqp10Error error) {
        switch (state) {
            case ConnectionState.AwaitingInit _, ConnectionState.AwaitingLogin _ ->
                    end(error.toString());
            case ConnectionState.AwaitingOpen _ -> close(error, CLOSE_STRANGER_NS);
            case ConnectionState.Open _ -> close(error, CLOSE_USER_NS);
            case ConnectionState.Closing _, ConnectionState.Closed _ -> {}
        }
    }

    private void close(Amqp10Error error, long patienceNs) {
        warn("closed: " + error);
        leaveOpen();
        if (!headerSent) {
            protocolHeader(Amqp10.AMQP);
        }
        sayOpen();
        endpoints().connection().setCondition(error.toCondition());
        endpoints().connection().close();
        endpoints().say();
        become(new ConnectionState.Closing(in(patienceNs)));
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
        if (!reason.isEmpty()) {
            warn("closed: " + reason);
        } else if (broker != null) {
            neighbours.log().info(PeerLog.Peer.USER, peer.name() + " closed");
        }
        leaveOpen();
        become(new ConnectionState.Closed(in(CLOSE_USER_NS)));
        intake.clear();
        output.closeSocket();
    }

    /** Ends a connection that is still being set up, or being closed, when its time is up. */
    void endIfLate(long nowNs) {
        switch (state) {
            case ConnectionState.AwaitingInit s -> endIfLate(s.deadlineNs(), nowNs);
            case ConnectionState.AwaitingLogin s -> endIfLate(s.deadlineNs(), nowNs);
            case ConnectionState.AwaitingOpen s -> endIfLate(s.deadlineNs(), nowNs);
            case ConnectionState.Closing s -> {
                if (nowNs - s.deadlineNs() > 0) {
                    end("close was not answered in time");
                }
            }
            case ConnectionState.Open _, ConnectionState.Closed _ -> {}
        }
    }

    private void endIfLate(long deadlineNs, long nowNs) {
        if (nowNs - deadlineNs > 0) {
            end("handshake timed out");
        }
    }

    private void leaveOpen() {
        if (state instanceof ConnectionState.Open open) {
            for (SessionEndpoint session : List.copyOf(sessions.values())) {
                session.close();
                session.leave();
            }
            sessions.clear();
            open.broker().close();
        }
    }

    /** The broker stops. */
    void shutDown() {
        if (state instanceof ConnectionState.Open) {
            endedByBroker("broker forced connection closure with reason 'shutdown'");
        } else if (!(state instanceof ConnectionState.Closing)) {
            end("the broker stops");
        }
    }

    // -- what sessions and links need

    @Override
    public Session broker() {
        Session known = broker;
        if (known == null) {
            throw new IllegalStateException("no session of a user before open");
        }
        return known;
    }

    @Override
    public Endpoints endpoints() {
        Endpoints known = endpoints;
        if (known == null) {
            throw new IllegalStateException("no endpoints before the login");
        }
        return known;
    }

    @Override
    public OutputBuffer output() {
        return output;
    }

    @Override
    public ByteBufAllocator allocator() {
        return peer.socket().alloc();
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
        return peer.socket().isWritable();
    }

    @Override
    public boolean publishersBlocked() {
        return terms.broker().alarms().publishersBlocked();
    }

    @Override
    public void send(int channel, FrameBody body) {
        codec.write(output, Amqp10.FRAME_AMQP, channel, body);
    }

    /** Sends a frame without a body, so that the client hears of us. */
    void beat() {
        codec.write(output, Amqp10.FRAME_AMQP, 0, null);
    }

    @Override
    public void warn(String what) {
        neighbours
                .log()
                .warn(
                        state instanceof ConnectionState.Open
                                ? PeerLog.Peer.USER
                                : PeerLog.Peer.STRANGER,
                        peer.name() + " " + what);
    }

    // -- what the broker asks of whoever has a session

    @Override
    public String name() {
        return peer.connectionName();
    }

    @Override
    public String product() {
        return client.product();
    }

    @Override
    public String protocol() {
        return "AMQP 1-0";
    }

    @Override
    public Map<String, @Nullable Object> facts() {
        Map<String, @Nullable Object> facts = peer.facts();
        facts.put("frame_max", frameMax);
        facts.put("client_properties", Map.of("product", client.product()));
        facts.put("connected_at", neighbours.clock().wallMs());
        return facts;
    }

    @Override
    public boolean isConnection() {
        return true;
    }

    @Override
    public Optional<ClientReport> report() {
        return state instanceof ConnectionState.Open open
                ? Optional.of(report(open))
                : Optional.empty();
    }

    private ClientReport report(ConnectionState.Open open) {
        return new ClientReport(
                peer.host(),
                peer.peer(),
                client.container(),
                client.properties(),
                peer.encryption(),
                open.mechanism(),
                open.openedMs(),
                (int) TimeUnit.MILLISECONDS.toSeconds(client.idleTimeOutMs()),
                Amqp10Terms.CHANNEL_MAX,
                frameMax,
                publishersBlocked() ? ClientReport.State.BLOCKING : ClientReport.State.RUNNING,
                new ClientReport.Traffic(
                        intake.receivedBytes(),
                        intake.reads(),
                        output.sentBytes(),
                        output.flushes(),
                        output.unsentBytes()),
                new ArrayList<>(sessions.values())
                        .stream()
                                .filter(session -> !session.isEnded())
                                .map(SessionEndpoint::report)
                                .sorted(Comparator.comparingInt(report -> report.number()))
                                .toList());
    }

    @Override
    public void endedByBroker(String reason) {
        if (state instanceof ConnectionState.Open) {
            close(Amqp10Error.connection(Amqp10Error.CONNECTION_FORCED, reason), CLOSE_USER_NS);
        }
    }
}
