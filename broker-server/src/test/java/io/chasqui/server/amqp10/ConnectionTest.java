package io.chasqui.server.amqp10;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.TypeCode;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.security.SaslCode;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 1.0 §2.4, §5.3: from the protocol header to close. */
class ConnectionTest {

    private RunningBroker broker;
    private Amqp10Peer peer;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        peer = Amqp10Peer.connect(broker.port());
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private void closes(String condition, String text) throws Exception {
        Close close = peer.awaits(Close.class);
        assertThat((Object) close.getError().getCondition()).hasToString(condition);
        assertThat(close.getError().getDescription()).contains(text);
        peer.sends(0, new Close()).expectsEnd();
    }

    @Test
    void open_tells_the_release_of_rabbitmq_that_its_clients_want_to_hear() throws Exception {
        Map<?, ?> properties = peer.logsIn().opens(Amqp10Peer.open()).getProperties();
        assertThat(properties.get(Symbol.valueOf("product"))).isEqualTo("Chasqui");
        assertThat(properties.get(Symbol.valueOf("version"))).isEqualTo("4.3.6");
        assertThat(properties.get(Symbol.valueOf("broker_version"))).isNotNull();
    }

    @Test
    void a_client_logs_in_opens_and_closes() throws Exception {
        Open open = peer.logsIn().opens(Amqp10Peer.open());
        assertThat(open.getChannelMax().intValue()).isEqualTo(255);
        assertThat(open.getIdleTimeOut().intValue()).isEqualTo(60_000);
        assertThat(broker.broker().sessions().all()).hasSize(1);
        peer.sends(0, new Close());
        assertThat(peer.expects(Close.class).getError()).isNull();
        assertThat(broker.broker().sessions().all()).isEmpty();
    }

    /** Whatever the client still says after its close would otherwise reset the socket. */
    @Test
    void the_socket_is_the_clients_to_close_after_close() throws Exception {
        peer.logsIn().opens(Amqp10Peer.open());
        peer.sends(0, new Close()).sends(0, Amqp10Peer.newBegin()).sendsOctets(new byte[100]);
        assertThat(peer.expects(Close.class).getError()).isNull();
        broker.clock().advance(Duration.ofSeconds(11));
        peer.expectsEnd();
    }

    @Test
    void a_close_behind_what_is_no_frame_is_recognized() throws Exception {
        peer.logsIn().opens(Amqp10Peer.open());
        peer.sendsOctets(new byte[] {0, 0, 0, 1, 2, 0, 0, 0});
        closesGarbled("amqp:connection:framing-error");
        peer.sendsOctets(new byte[] {1, 2, 3}).sends(0, new Close()).expectsEnd();
    }

    @Test
    void a_wrong_password_is_answered_with_an_outcome() throws Exception {
        assertThat(peer.answersLogin("guest", "wrong")).isEqualTo(SaslCode.AUTH);
        peer.expectsEnd();
    }

    @Test
    void who_begins_without_sasl_is_told_to() throws Exception {
        peer.sendsOctets(Amqp10.protocolHeader(Amqp10.AMQP));
        assertThat(peer.hearsOctets(9)).isEqualTo(Amqp10.protocolHeader(Amqp10.SASL));
    }

    @Test
    void who_begins_without_sasl_is_the_anonymous_user_if_there_is_one() throws Exception {
        try (RunningBroker open = RunningBroker.with(Map.of("anonymous-user", "guest"));
                Amqp10Peer nobody = Amqp10Peer.connect(open.port())) {
            nobody.sendsOctets(Amqp10.protocolHeader(Amqp10.AMQP));
            assertThat(nobody.hearsOctets(8)).isEqualTo(Amqp10.protocolHeader(Amqp10.AMQP));
            nobody.begins();
        }
    }

    @Test
    void the_host_may_name_a_virtual_host() throws Exception {
        Open open = Amqp10Peer.open();
        open.setHostname("vhost:nowhere");
        peer.logsIn().sends(0, open);
        peer.expects(Open.class);
        closes("amqp:not-allowed", "nowhere");
    }

    @Test
    void a_frame_above_the_maximum_closes_with_an_error() throws Exception {
        peer.logsIn().opens(Amqp10Peer.open());
        peer.sendsOctets(new byte[] {0x7F, 0, 0, 0, 2, 0, 0, 0});
        closesGarbled("amqp:connection:framing-error");
    }

    private void closesGarbled(String condition) throws Exception {
        Close close = peer.awaits(Close.class);
        assertThat((Object) close.getError().getCondition()).hasToString(condition);
    }

    @Test
    void a_body_that_is_no_performative_closes_with_an_error() throws Exception {
        peer.logsIn().opens(Amqp10Peer.open());
        peer.sendsOctets(new byte[] {0, 0, 0, 10, 2, 0, 0, 0, (byte) 0xC0, 0x7F});
        closes("amqp:decode-error", "");
    }

    private static final byte NULL = TypeCode.NULL;

    /** Of begin, attach, flow, transfer, disposition and detach. */
    @ParameterizedTest
    @ValueSource(bytes = {0x11, 0x12, 0x13, 0x14, 0x15, 0x16})
    void a_performative_without_its_mandatory_fields_closes_with_an_error(byte code)
            throws Exception {
        peer.logsIn().begins();
        byte channel = (byte) (code == 0x11 ? 1 : 0);
        peer.sendsOctets(new byte[] {0, 0, 0, 18, 2, 0, 0, channel, 0, TypeCode.SMALL_ULONG, code});
        peer.sendsOctets(new byte[] {(byte) TypeCode.LIST_8, 5, 4, NULL, NULL, NULL, NULL});
        closes("amqp:decode-error", "mandatory");
    }

    /** 1.0 §2.4.1: "The open frame can only be sent on channel 0." */
    @Test
    void open_comes_on_channel_0() throws Exception {
        peer.logsIn().sends(1, Amqp10Peer.open());
        Open answer = peer.expects(Open.class);
        assertThat(
                        answer.getProperties()
                                .get(Symbol.valueOf("amqp:connection-establishment-failed")))
                .isEqualTo(true);
        closes("amqp:connection:framing-error", "channel 0");
    }

    @Test
    void frames_may_not_be_smaller_than_the_least_that_everybody_takes() throws Exception {
        Open open = Amqp10Peer.open();
        open.setMaxFrameSize(UnsignedInteger.valueOf(511));
        peer.logsIn().sends(0, open);
        peer.expects(Open.class);
        closes("amqp:connection:framing-error", "max-frame-size");
    }

    /** 1.0 §2.5.6: the broker has had the transfer that the client says comes next. */
    @Test
    void a_session_ends_whose_client_takes_transfers_back() throws Exception {
        Begin begin = Amqp10Peer.newBegin();
        begin.setNextOutgoingId(UnsignedInteger.valueOf(7));
        peer.logsIn().opens(Amqp10Peer.open());
        peer.sends(0, begin);
        assertThat(peer.expects(Begin.class).getNextOutgoingId()).isEqualTo(UnsignedInteger.ZERO);
        Flow flow = peer.newFlow(0);
        flow.setNextOutgoingId(UnsignedInteger.valueOf(6));
        peer.sends(0, flow);
        assertThat((Object) peer.expects(End.class).getError().getCondition())
                .hasToString("amqp:session:window-violation");
    }

    @Test
    void frames_need_a_session() throws Exception {
        peer.logsIn().opens(Amqp10Peer.open());
        peer.sends(3, new End());
        closes("amqp:not-allowed", "channel 3");
    }

    @Test
    void a_channel_above_the_maximum_closes_with_an_error() throws Exception {
        peer.logsIn().opens(Amqp10Peer.open());
        peer.sends(256, Amqp10Peer.newBegin());
        closes("amqp:connection:framing-error", "channel-max");
    }

    @Test
    void sessions_begin_and_end() throws Exception {
        peer.logsIn().begins();
        peer.sends(5, Amqp10Peer.newBegin());
        Begin second = peer.expects(Begin.class);
        assertThat(second.getRemoteChannel().intValue()).isEqualTo(5);
        assertThat(second.getHandleMax().intValue()).isEqualTo(255);
        peer.sends(5, new End());
        assertThat(peer.expects(End.class).getError()).isNull();
        peer.sends(5, Amqp10Peer.newBegin()).expects(Begin.class);
    }

    @Test
    void an_unknown_handle_ends_the_session() throws Exception {
        peer.logsIn().begins().grants(7, 0, 1, false);
        End end = peer.expects(End.class);
        assertThat((Object) end.getError().getCondition())
                .hasToString("amqp:session:unattached-handle");
        peer.sends(0, new End()).sends(0, Amqp10Peer.newBegin()).expects(Begin.class);
    }

    @Test
    void a_session_echoes_its_state() throws Exception {
        peer.logsIn().begins();
        Flow flow = new Flow();
        flow.setIncomingWindow(UnsignedInteger.ONE);
        flow.setNextIncomingId(UnsignedInteger.ONE);
        flow.setNextOutgoingId(UnsignedInteger.ZERO);
        flow.setOutgoingWindow(UnsignedInteger.ONE);
        flow.setEcho(true);
        peer.sends(0, flow);
        assertThat(peer.expects(Flow.class).getHandle()).isNull();
    }

    @Test
    void a_silent_client_is_given_up_and_a_listening_one_hears_of_us() throws Exception {
        Open open = Amqp10Peer.open();
        open.setIdleTimeOut(UnsignedInteger.valueOf(1000));
        peer.logsIn().opens(open);
        assertThat(peer.hearsOctets(8)).isEqualTo(new byte[] {0, 0, 0, 8, 2, 0, 0, 0});
        broker.clock().advance(Duration.ofMinutes(3));
        closes("amqp:resource-limit-exceeded", "idle");
    }

    @Test
    void a_session_that_the_broker_ends_is_told_why() throws Exception {
        peer.logsIn().begins();
        broker.stopServing();
        Close close = peer.awaits(Close.class);
        assertThat((Object) close.getError().getCondition()).hasToString("amqp:connection:forced");
        assertThat(close.getError().getDescription())
                .isEqualTo(
                        "Connection forced:"
                                + " \"broker forced connection closure with reason 'shutdown'\"");
    }
}
