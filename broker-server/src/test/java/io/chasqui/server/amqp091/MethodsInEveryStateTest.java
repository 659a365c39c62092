package io.chasqui.server.amqp091;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.AccessMethod;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.protocol.amqp091.TxMethod;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method of the protocol, those that only servers send included, in every state of a
 * connection and of a channel, and on the wrong channel. The answers are those of RabbitMQ 4.3.6,
 * asked over a socket, but where docs/compatibility.md says otherwise.
 */
class MethodsInEveryStateTest {

    private static final int CHANNEL = 1;

    /** Another channel, whose answers show that there was none to what was said before. */
    private static final int WITNESS = 7;

    private static RunningBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = RunningBroker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    /** Where connection and channel are when the method comes, and on which channel it does. */
    private enum State {
        STARTING(0),
        TUNING(0),
        OPENING(0),
        RUNNING(0),
        CLOSING(0),
        STARTING_ON_A_CHANNEL(CHANNEL),
        TUNING_ON_A_CHANNEL(CHANNEL),
        OPENING_ON_A_CHANNEL(CHANNEL),
        CLOSING_ON_A_CHANNEL(CHANNEL),
        CHANNEL_NOT_OPEN(CHANNEL),
        CHANNEL_OPEN(CHANNEL),
        CHANNEL_AWAITING_HEADER(CHANNEL),
        CHANNEL_AWAITING_BODY(CHANNEL),
        CHANNEL_IN_TX_MODE(CHANNEL),
        CHANNEL_IN_CONFIRM_MODE(CHANNEL),
        CHANNEL_CLOSING(CHANNEL),
        CHANNEL_CLOSED(CHANNEL);

        final int channel;

        State(int channel) {
            this.channel = channel;
        }
    }

    private sealed interface Outcome {

        /** A method comes back on the same channel. */
        record Answer(Class<? extends Method> kind) implements Outcome {}

        /** connection.close-ok comes back; the socket is the client's to close. */
        record CloseOk() implements Outcome {}

        record ChannelClose(int code, String text) implements Outcome {}

        record ConnectionClose(int code, String text) implements Outcome {}

        /** Nothing comes back, and the connection goes on. */
        record Nothing() implements Outcome {}

        /** Nothing comes back; connection.open is due. */
        record OpenIsDue() implements Outcome {}

        /** Nothing comes back, and the socket is closed. */
        record End() implements Outcome {}

        /** Nothing comes back until the client answers connection.close. */
        record Ignored() implements Outcome {}
    }

    private static final Outcome UNIMPLEMENTED =
            new Outcome.ConnectionClose(503, "COMMAND_INVALID - unimplemented method");

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (State state : State.values()) {
            for (Method method : Samples.all()) {
                cases.add(Arguments.of(state, name(method), method));
            }
        }
        return cases;
    }

    private static String name(Method method) {
        Class<?> kind = method.getClass();
        return kind.getDeclaringClass().getSimpleName() + "." + kind.getSimpleName();
    }

    @Test
    void the_samples_are_all_methods() {
        assertThat(Samples.all().stream().<Class<?>>map(Method::getClass))
                .containsExactlyInAnyOrderElementsOf(Samples.kinds(Method.class));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void has_the_known_outcome(State state, String name, Method method) throws Exception {
        Outcome expected = expected(state, method);
        try (ScriptedPeer peer = broker.peer()) {
            bring(peer, state);
            peer.sends(state.channel, method);
            verify(peer, state.channel, expected);
        }
    }

    // -- states

    private static void bring(ScriptedPeer peer, State state) throws IOException {
        switch (state) {
            case STARTING, STARTING_ON_A_CHANNEL -> starting(peer);
            case TUNING, TUNING_ON_A_CHANNEL -> tuning(peer);
            case OPENING, OPENING_ON_A_CHANNEL -> opening(peer);
            case RUNNING, CHANNEL_NOT_OPEN -> peer.opens();
            case CLOSING, CLOSING_ON_A_CHANNEL -> {
                peer.opens().sends(0, new TxMethod.Commit());
                peer.expects(0, ConnectionMethod.Close.class);
            }
            case CHANNEL_OPEN -> openChannel(peer);
            case CHANNEL_AWAITING_HEADER ->
                    openChannel(peer)
                            .sends(CHANNEL, new BasicMethod.Publish("", "q", false, false));
            case CHANNEL_AWAITING_BODY ->
                    openChannel(peer)
                            .sends(CHANNEL, new BasicMethod.Publish("", "q", false, false))
                            .sendsOctets(ScriptedPeer.header(CHANNEL, 3, BasicProperties.EMPTY));
            case CHANNEL_IN_TX_MODE -> {
                openChannel(peer).sends(CHANNEL, new TxMethod.Select());
                peer.expects(CHANNEL, TxMethod.SelectOk.class);
            }
            case CHANNEL_IN_CONFIRM_MODE -> {
                openChannel(peer).sends(CHANNEL, new ConfirmMethod.Select(false));
                peer.expects(CHANNEL, ConfirmMethod.SelectOk.class);
            }
            case CHANNEL_CLOSING -> {
                openChannel(peer).sends(CHANNEL, new BasicMethod.Ack(99, false));
                peer.expects(CHANNEL, ChannelMethod.Close.class);
            }
            case CHANNEL_CLOSED -> {
                openChannel(peer).sends(CHANNEL, new ChannelMethod.Close(200, "bye", 0, 0));
                peer.expects(CHANNEL, ChannelMethod.CloseOk.class);
            }
        }
    }

    private static void starting(ScriptedPeer peer) throws IOException {
        peer.sendsHeader().expects(0, ConnectionMethod.Start.class);
    }

    private static void tuning(ScriptedPeer peer) throws IOException {
        starting(peer);
        peer.sends(0, ScriptedPeer.startOk("guest", "guest", FieldTable.EMPTY));
        peer.expects(0, ConnectionMethod.Tune.class);
    }

    private static void opening(ScriptedPeer peer) throws IOException {
        tuning(peer);
        peer.sends(0, new ConnectionMethod.TuneOk(2047, 131_072, 0));
    }

    private static ScriptedPeer openChannel(ScriptedPeer peer) throws IOException {
        peer.opens().opensChannel(CHANNEL);
        peer.sends(
                CHANNEL,
                new QueueMethod.Declare("q", false, false, false, false, false, FieldTable.EMPTY));
        peer.expects(CHANNEL, QueueMethod.DeclareOk.class);
        return peer;
    }

    // -- outcomes

    private static Outcome expected(State state, Method method) {
        return switch (state) {
            case STARTING -> beforeOpen("starting", ConnectionMethod.StartOk.class, method);
            case TUNING -> beforeOpen("tuning", ConnectionMethod.TuneOk.class, method);
            case OPENING -> beforeOpen("opening", ConnectionMethod.Open.class, method);
            case RUNNING -> running(method);
            case CLOSING -> closing(method);
            case CLOSING_ON_A_CHANNEL -> new Outcome.Ignored();
            case STARTING_ON_A_CHANNEL, TUNING_ON_A_CHANNEL, OPENING_ON_A_CHANNEL ->
                    new Outcome.ConnectionClose(
                            505, "UNEXPECTED_FRAME - frame on channel 1 before connection.open");
            case CHANNEL_NOT_OPEN, CHANNEL_CLOSED -> notOpen(method);
            case CHANNEL_OPEN -> open(method);
            case CHANNEL_IN_TX_MODE -> inTxMode(method);
            case CHANNEL_IN_CONFIRM_MODE -> inConfirmMode(method);
            case CHANNEL_AWAITING_HEADER ->
                    amidContent(
                            method,
                            "expected content header for class 60, got non content header frame"
                                    + " instead");
            case CHANNEL_AWAITING_BODY ->
                    amidContent(
                            method, "expected content body, got non content body frame instead");
            case CHANNEL_CLOSING -> channelClosing(method);
        };
    }

    private static final Map<Class<?>, Outcome> STEPS =
            Map.of(
                    ConnectionMethod.StartOk.class,
                    new Outcome.Answer(ConnectionMethod.Tune.class),
                    ConnectionMethod.TuneOk.class,
                    new Outcome.OpenIsDue(),
                    ConnectionMethod.Open.class,
                    new Outcome.Answer(ConnectionMethod.OpenOk.class));

    private static Outcome beforeOpen(String state, Class<?> due, Method method) {
        if (method.getClass() == due) {
            return STEPS.get(due);
        }
        return method instanceof ConnectionMethod.Close
                ? new Outcome.CloseOk()
                : unexpectedIn(state);
    }

    private static Outcome unexpectedIn(String state) {
        return new Outcome.ConnectionClose(
                504, "CHANNEL_ERROR - unexpected method in connection state " + state);
    }

    private static Outcome running(Method method) {
        return switch (method) {
            case ConnectionMethod.Close _ -> new Outcome.CloseOk();
            case ConnectionMethod.UpdateSecret _ ->
                    new Outcome.Answer(ConnectionMethod.UpdateSecretOk.class);
            default -> unexpectedIn("running");
        };
    }

    private static Outcome closing(Method method) {
        return switch (method) {
            case ConnectionMethod.Close _ -> new Outcome.CloseOk();
            case ConnectionMethod.CloseOk _ -> new Outcome.End();
            default -> new Outcome.Ignored();
        };
    }

    private static Outcome notOpen(Method method) {
        return method instanceof ChannelMethod.Open
                ? new Outcome.Answer(ChannelMethod.OpenOk.class)
                : new Outcome.ConnectionClose(504, "CHANNEL_ERROR - expected 'channel.open'");
    }

    private static Outcome secondOpen() {
        return new Outcome.ConnectionClose(504, "CHANNEL_ERROR - second 'channel.open' seen");
    }

    private static Outcome amidContent(Method method, String text) {
        return method instanceof ChannelMethod.Close
                ? new Outcome.Answer(ChannelMethod.CloseOk.class)
                : new Outcome.ConnectionClose(505, "UNEXPECTED_FRAME - " + text);
    }

    private static Outcome channelClosing(Method method) {
        return switch (method) {
            case ChannelMethod.Open _ -> secondOpen();
            case ChannelMethod.Close _ -> new Outcome.Answer(ChannelMethod.CloseOk.class);
            default -> new Outcome.Nothing();
        };
    }

    private static Outcome inTxMode(Method method) {
        return switch (method) {
            case TxMethod.Commit _ -> new Outcome.Answer(TxMethod.CommitOk.class);
            case TxMethod.Rollback _ -> new Outcome.Answer(TxMethod.RollbackOk.class);
            case ConfirmMethod.Select _ ->
                    preconditionFailed("cannot switch from tx to confirm mode");
            default -> open(method);
        };
    }

    private static Outcome inConfirmMode(Method method) {
        return method instanceof TxMethod.Select
                ? preconditionFailed("cannot switch from confirm to tx mode")
                : open(method);
    }

    private static Outcome preconditionFailed(String text) {
        return new Outcome.ChannelClose(406, "PRECONDITION_FAILED - " + text);
    }

    private static Outcome answer(Class<? extends Method> kind) {
        return new Outcome.Answer(kind);
    }

    private static Outcome open(Method method) {
        return switch (method) {
            case ConnectionMethod _ -> UNIMPLEMENTED;
            case ChannelMethod m -> open(m);
            case ExchangeMethod m -> open(m);
            case QueueMethod m -> open(m);
            case BasicMethod m -> open(m);
            case AccessMethod.Request _ -> answer(AccessMethod.RequestOk.class);
            case AccessMethod.RequestOk _ -> UNIMPLEMENTED;
            case ConfirmMethod.Select _ -> answer(ConfirmMethod.SelectOk.class);
            case ConfirmMethod.SelectOk _ -> UNIMPLEMENTED;
            case TxMethod.Select _ -> answer(TxMethod.SelectOk.class);
            case TxMethod.Commit _, TxMethod.Rollback _ ->
                    preconditionFailed("channel is not transactional");
            case TxMethod.SelectOk _, TxMethod.CommitOk _, TxMethod.RollbackOk _ -> UNIMPLEMENTED;
        };
    }

    private static Outcome open(ChannelMethod method) {
        return switch (method) {
            case ChannelMethod.Open _ -> secondOpen();
            case ChannelMethod.Flow _ -> answer(ChannelMethod.FlowOk.class);
            case ChannelMethod.Close _ -> answer(ChannelMethod.CloseOk.class);
            case ChannelMethod.OpenOk _, ChannelMethod.FlowOk _, ChannelMethod.CloseOk _ ->
                    UNIMPLEMENTED;
        };
    }

    private static Outcome open(ExchangeMethod method) {
        return switch (method) {
            case ExchangeMethod.Declare _ -> answer(ExchangeMethod.DeclareOk.class);
            case ExchangeMethod.Delete _ -> answer(ExchangeMethod.DeleteOk.class);
            case ExchangeMethod.Bind _ -> answer(ExchangeMethod.BindOk.class);
            case ExchangeMethod.Unbind _ -> answer(ExchangeMethod.UnbindOk.class);
            case ExchangeMethod.DeclareOk _,
                    ExchangeMethod.DeleteOk _,
                    ExchangeMethod.BindOk _,
                    ExchangeMethod.UnbindOk _ ->
                    UNIMPLEMENTED;
        };
    }

    private static Outcome open(QueueMethod method) {
        return switch (method) {
            case QueueMethod.Declare _ -> answer(QueueMethod.DeclareOk.class);
            case QueueMethod.Bind _ -> answer(QueueMethod.BindOk.class);
            case QueueMethod.Purge _ -> answer(QueueMethod.PurgeOk.class);
            case QueueMethod.Delete _ -> answer(QueueMethod.DeleteOk.class);
            case QueueMethod.Unbind _ -> answer(QueueMethod.UnbindOk.class);
            case QueueMethod.DeclareOk _,
                    QueueMethod.BindOk _,
                    QueueMethod.PurgeOk _,
                    QueueMethod.DeleteOk _,
                    QueueMethod.UnbindOk _ ->
                    UNIMPLEMENTED;
        };
    }

    private static Outcome open(BasicMethod method) {
        return switch (method) {
            case BasicMethod.Qos _ -> answer(BasicMethod.QosOk.class);
            case BasicMethod.Consume _ -> answer(BasicMethod.ConsumeOk.class);
            case BasicMethod.Cancel _ -> answer(BasicMethod.CancelOk.class);
            case BasicMethod.Get _ -> answer(BasicMethod.GetEmpty.class);
            case BasicMethod.Recover _ -> answer(BasicMethod.RecoverOk.class);
            case BasicMethod.Publish _, BasicMethod.RecoverAsync _ -> new Outcome.Nothing();
            case BasicMethod.Ack _, BasicMethod.Reject _, BasicMethod.Nack _ ->
                    preconditionFailed("unknown delivery tag 1");
            case BasicMethod.QosOk _,
                    BasicMethod.ConsumeOk _,
                    BasicMethod.CancelOk _,
                    BasicMethod.Return _,
                    BasicMethod.Deliver _,
                    BasicMethod.GetOk _,
                    BasicMethod.GetEmpty _,
                    BasicMethod.RecoverOk _ ->
                    UNIMPLEMENTED;
        };
    }

    // -- what is seen of an outcome

    private static void verify(ScriptedPeer peer, int channel, Outcome outcome) throws IOException {
        switch (outcome) {
            case Outcome.Answer answer -> peer.expects(channel, answer.kind);
            case Outcome.CloseOk _ -> {
                peer.expects(0, ConnectionMethod.CloseOk.class);
                peer.endsOutput();
                assertThat(peer.heardToTheEnd()).isEmpty();
            }
            case Outcome.ChannelClose close -> {
                ChannelMethod.Close heard = peer.expects(channel, ChannelMethod.Close.class);
                assertThat(heard.replyText()).isEqualTo(close.text);
                assertThat(heard.replyCode()).isEqualTo(close.code);
                nothingMore(peer);
            }
            case Outcome.ConnectionClose close -> {
                ConnectionMethod.Close heard = peer.expects(0, ConnectionMethod.Close.class);
                assertThat(heard.replyText()).isEqualTo(close.text);
                assertThat(heard.replyCode()).isEqualTo(close.code);
                endsAfterCloseOk(peer);
            }
            case Outcome.Nothing _ -> nothingMore(peer);
            case Outcome.OpenIsDue _ -> {
                peer.sends(0, new ConnectionMethod.Open("/"));
                peer.expects(0, ConnectionMethod.OpenOk.class);
            }
            case Outcome.End _ -> assertThat(peer.heardToTheEnd()).isEmpty();
            case Outcome.Ignored _ -> endsAfterCloseOk(peer);
        }
    }

    private static void endsAfterCloseOk(ScriptedPeer peer) throws IOException {
        peer.sends(0, new ConnectionMethod.CloseOk());
        assertThat(peer.heardToTheEnd()).isEmpty();
    }

    /** The next that is heard is the answer to something else. */
    private static void nothingMore(ScriptedPeer peer) throws IOException {
        peer.sends(WITNESS, new ChannelMethod.Open());
        peer.expects(WITNESS, ChannelMethod.OpenOk.class);
    }
}
