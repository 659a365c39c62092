package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.ScriptedPeer.startOk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ConnectionFactory;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 0-9-1 §2.2.4: from the protocol header to connection.open-ok, and back. */
class HandshakeTest {

    private static final FieldTable CLOSES_ON_FAILURE =
            FieldTable.of("capabilities", FieldTable.of("authentication_failure_close", true));

    private RunningBroker broker;
    private ScriptedPeer peer;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        peer = broker.peer();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private ConnectionMethod.Start begins() throws IOException {
        return peer.sendsHeader().expects(0, ConnectionMethod.Start.class);
    }

    private ConnectionMethod.Tune logsIn() throws IOException {
        begins();
        peer.sends(0, startOk("guest", "guest", FieldTable.EMPTY));
        return peer.expects(0, ConnectionMethod.Tune.class);
    }

    @Test
    void the_broker_introduces_itself_with_what_it_honours() throws Exception {
        ConnectionMethod.Start start = begins();
        assertThat(start.versionMajor()).isZero();
        assertThat(start.versionMinor()).isEqualTo(9);
        assertThat(start.mechanisms()).isEqualTo("PLAIN AMQPLAIN");
        assertThat(start.locales()).isEqualTo("en_US");
        assertThat(start.serverProperties().get("product")).isEqualTo("Chasqui");
        FieldTable capabilities = (FieldTable) start.serverProperties().get("capabilities");
        assertThat(capabilities.asMap())
                .containsOnlyKeys(
                        "publisher_confirms",
                        "exchange_exchange_bindings",
                        "basic.nack",
                        "consumer_cancel_notify",
                        "connection.blocked",
                        "consumer_priorities",
                        "authentication_failure_close",
                        "per_consumer_qos",
                        "direct_reply_to")
                .doesNotContainValue(false);
    }

    @Test
    void limits_are_offered_as_rabbitmq_does() throws Exception {
        assertThat(logsIn()).isEqualTo(new ConnectionMethod.Tune(2047, 131_072, 60));
    }

    @Test
    void the_handshake_may_come_octet_by_octet() throws Exception {
        for (byte octet : Amqp091.protocolHeader()) {
            peer.sendsOctets(octet);
        }
        peer.expects(0, ConnectionMethod.Start.class);
        for (byte octet : ScriptedPeer.frame(0, startOk("guest", "guest", FieldTable.EMPTY))) {
            peer.sendsOctets(octet);
        }
        peer.expects(0, ConnectionMethod.Tune.class);
        peer.sends(0, new ConnectionMethod.TuneOk(10, 4096, 0));
        for (byte octet : ScriptedPeer.frame(0, new ConnectionMethod.Open("/"))) {
            peer.sendsOctets(octet);
        }
        peer.expects(0, ConnectionMethod.OpenOk.class);
    }

    @Test
    void amqplain_works_too() throws Exception {
        begins();
        FieldTable login = FieldTable.of("LOGIN", "guest", "PASSWORD", "guest");
        byte[] frame =
                ScriptedPeer.frame(
                        0,
                        new ConnectionMethod.StartOk(login, "AMQPLAIN", LongString.EMPTY, "en_US"));
        // The entries of a table without its size are what client properties hold behind theirs.
        byte[] response = new byte[login.entriesSize()];
        System.arraycopy(frame, 7 + 4 + 4, response, 0, response.length);
        peer.sends(
                0,
                new ConnectionMethod.StartOk(
                        FieldTable.EMPTY, "AMQPLAIN", LongString.of(response), "en_US"));
        peer.expects(0, ConnectionMethod.Tune.class);
    }

    @Test
    void a_wrong_password_closes_the_connection_with_403_if_the_client_can_take_it()
            throws Exception {
        begins();
        peer.sends(0, startOk("guest", "wrong", CLOSES_ON_FAILURE));
        ConnectionMethod.Close close = peer.expects(0, ConnectionMethod.Close.class);
        assertThat(close)
                .isEqualTo(
                        new ConnectionMethod.Close(
                                403,
                                "ACCESS_REFUSED - Login was refused using authentication mechanism"
                                        + " PLAIN. For details see the broker logfile.",
                                0,
                                0));
        peer.sends(0, new ConnectionMethod.CloseOk());
        peer.expectsEnd();
    }

    @Test
    void a_wrong_password_closes_the_socket_of_a_client_that_cannot() throws Exception {
        begins();
        peer.sends(0, startOk("guest", "wrong", FieldTable.EMPTY));
        assertThat(peer.hearsOctets(1)).isEmpty();
    }

    @Test
    void an_empty_password_never_logs_in() throws Exception {
        begins();
        peer.sends(0, startOk("guest", "", CLOSES_ON_FAILURE));
        peer.expectsConnectionClose(403, "ACCESS_REFUSED");
    }

    @Test
    void rabbitmqs_client_calls_a_wrong_password_an_authentication_failure() {
        ConnectionFactory factory = broker.factory();
        factory.setPassword("wrong");
        Assertions.assertThatThrownBy(factory::newConnection)
                .isInstanceOf(AuthenticationFailureException.class)
                .hasMessageContaining("Login was refused using authentication mechanism PLAIN");
    }

    @Test
    void an_unknown_mechanism_is_refused() throws Exception {
        begins();
        peer.sends(
                0,
                new ConnectionMethod.StartOk(
                        FieldTable.EMPTY, "EXTERNAL", LongString.EMPTY, "en_US"));
        peer.expectsConnectionClose(503, "unknown authentication mechanism 'EXTERNAL'");
    }

    @Test
    void a_virtual_host_must_exist() throws Exception {
        logsIn();
        peer.sends(0, new ConnectionMethod.TuneOk(0, 0, 0));
        peer.sends(0, new ConnectionMethod.Open("nosuch"));
        ConnectionMethod.Close close = peer.expects(0, ConnectionMethod.Close.class);
        assertThat(close)
                .isEqualTo(
                        new ConnectionMethod.Close(
                                530, "NOT_ALLOWED - vhost nosuch not found", 10, 40));
    }

    @Test
    void more_than_offered_is_not_agreed_to() throws Exception {
        logsIn();
        peer.sends(0, new ConnectionMethod.TuneOk(5000, 131_072, 0));
        peer.expectsConnectionClose(
                530,
                "negotiated channel_max = 5000 is higher than the maximum allowed value (2047)");
    }

    @Test
    void frames_smaller_than_the_spec_allows_are_not_agreed_to() throws Exception {
        logsIn();
        peer.sends(0, new ConnectionMethod.TuneOk(10, 4095, 0));
        peer.expectsConnectionClose(530, "frame_max = 4095 is lower than the minimum");
    }

    @Test
    void a_method_out_of_turn_is_refused() throws Exception {
        begins();
        peer.sends(0, new ConnectionMethod.Open("/"));
        peer.expectsConnectionClose(504, "unexpected method in connection state starting");
    }

    @Test
    void a_channel_cannot_be_opened_before_the_connection() throws Exception {
        begins();
        peer.sends(1, new ChannelMethod.Open());
        peer.expectsConnectionClose(505, "UNEXPECTED_FRAME");
    }

    @Test
    void a_header_of_another_revision_is_answered_with_ours() throws Exception {
        peer.sendsOctets("AMQP\0\0\11\2".getBytes(UTF_8));
        assertThat(peer.hearsOctets(9)).isEqualTo(Amqp091.protocolHeader());
    }

    @Test
    void anything_else_is_answered_with_the_newest_protocol() throws Exception {
        byte[] newest = "AMQP\3\1\0\0".getBytes(UTF_8);
        peer.sendsOctets("AMQP\1\1\0\12".getBytes(UTF_8));
        assertThat(peer.hearsOctets(9)).isEqualTo(newest);
        try (ScriptedPeer browser = broker.peer()) {
            browser.sendsOctets("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
            assertThat(browser.hearsOctets(9)).isEqualTo(newest);
        }
    }

    @Test
    void a_client_that_dawdles_is_cut_off() throws Exception {
        try (ScriptedPeer halfway = broker.peer()) {
            // The one event loop has accepted both, in order, when it answers the second.
            halfway.sendsHeader();
            halfway.expects(0, ConnectionMethod.Start.class);
            broker.clock().advance(Duration.ofSeconds(11));
            halfway.expectsEnd();
            peer.expectsEnd();
        }
    }

    @Test
    void a_frame_before_the_login_may_hold_8_kib() throws Exception {
        begins();
        FieldTable large = FieldTable.of(Map.of("x", "y".repeat(9000)));
        peer.sends(0, startOk("guest", "guest", large));
        peer.expectsConnectionClose(501, "frame_too_large");
    }
}
