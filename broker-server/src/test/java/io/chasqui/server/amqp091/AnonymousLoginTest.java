package io.chasqui.server.amqp091;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that name no user: SASL ANONYMOUS (RFC 4505) and the setting anonymous-user. */
class AnonymousLoginTest {

    private static final FieldTable WANTS_TO_BE_TOLD =
            FieldTable.of("capabilities", FieldTable.of("authentication_failure_close", true));

    private static RunningBroker withAnonymous(String user) {
        return RunningBroker.with(Map.of("anonymous-user", user));
    }

    private static ConnectionMethod.StartOk anonymous(String trace) {
        return new ConnectionMethod.StartOk(
                WANTS_TO_BE_TOLD, "ANONYMOUS", LongString.of(trace), "en_US");
    }

    private static ConnectionMethod.Start begins(ScriptedPeer peer) throws Exception {
        return peer.sendsHeader().expects(0, ConnectionMethod.Start.class);
    }

    @Test
    void nobody_is_let_in_unnamed_unless_that_is_configured() throws Exception {
        try (RunningBroker broker = RunningBroker.start();
                ScriptedPeer peer = broker.peer()) {
            begins(peer);
            peer.sends(0, anonymous(""));
            peer.expectsConnectionClose(503, "unknown authentication mechanism 'ANONYMOUS'");
        }
    }

    @Test
    void who_comes_unnamed_is_the_anonymous_user() throws Exception {
        try (RunningBroker broker = withAnonymous("guest");
                ScriptedPeer peer = broker.peer()) {
            assertThat(begins(peer).mechanisms()).isEqualTo("PLAIN AMQPLAIN ANONYMOUS");
            peer.sends(0, anonymous("somebody@example.org"));
            ConnectionMethod.Tune tune = peer.expects(0, ConnectionMethod.Tune.class);
            peer.sends(0, new ConnectionMethod.TuneOk(tune.channelMax(), tune.frameMax(), 0));
            peer.sends(0, new ConnectionMethod.Open("/"));
            peer.expects(0, ConnectionMethod.OpenOk.class);
            peer.opensChannel(1);
            peer.sends(1, new BasicMethod.Publish("", "q", false, false));
            peer.sendsOctets(
                    ScriptedPeer.header(
                            1, 0, BasicProperties.builder().userId("somebody").build()));
            assertThat(peer.expects(1, ChannelMethod.Close.class).replyText())
                    .isEqualTo(
                            "PRECONDITION_FAILED - user_id property set to 'somebody' but"
                                    + " authenticated user was 'guest'");
        }
    }

    @Test
    void an_anonymous_user_that_is_not_there_lets_nobody_in() throws Exception {
        try (RunningBroker broker = withAnonymous("nosuch");
                ScriptedPeer peer = broker.peer()) {
            begins(peer);
            peer.sends(0, anonymous(""));
            peer.expectsConnectionClose(
                    403,
                    "ACCESS_REFUSED - Login was refused using authentication mechanism ANONYMOUS."
                            + " For details see the broker logfile.");
        }
    }
}
