package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 0-9-1 §4.2: frames, channels and content, said rightly and wrongly. */
class FramingTest {

    private RunningBroker broker;
    private ScriptedPeer peer;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        peer = broker.peer().opens();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private void declare(int channel, String queue) throws IOException {
        peer.sends(
                channel,
                new QueueMethod.Declare(
                        queue, false, false, false, false, false, FieldTable.EMPTY));
        peer.expects(channel, QueueMethod.DeclareOk.class);
    }

    private static byte[] published(int channel, String queue, String body, int... cuts)
            throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.write(ScriptedPeer.frame(channel, new BasicMethod.Publish("", queue, false, false)));
        octets.write(ScriptedPeer.header(channel, body.length(), BasicProperties.EMPTY));
        int from = 0;
        for (int cut : cuts) {
            octets.write(ScriptedPeer.frame(3, channel, body.substring(from, cut).getBytes(UTF_8)));
            from = cut;
        }
        octets.write(ScriptedPeer.frame(3, channel, body.substring(from).getBytes(UTF_8)));
        return octets.toByteArray();
    }

    private void expectsMessage(int channel, String queue, String body) throws IOException {
        peer.sends(channel, new BasicMethod.Get(queue, true));
        peer.expects(channel, BasicMethod.GetOk.class);
        assertThat(peer.hears().type()).isEqualTo(Amqp091.FRAME_HEADER);
        StringBuilder received = new StringBuilder();
        while (received.length() < body.length()) {
            ScriptedPeer.Heard frame = peer.hears();
            assertThat(frame.type()).isEqualTo(Amqp091.FRAME_BODY);
            received.append(frame.text());
        }
        assertThat(received).hasToString(body);
    }

    @Test
    void a_message_may_come_octet_by_octet() throws Exception {
        peer.opensChannel(1);
        declare(1, "q");
        for (byte octet : published(1, "q", "Hello World!")) {
            peer.sendsOctets(octet);
        }
        expectsMessage(1, "q", "Hello World!");
    }

    @Test
    void a_message_may_be_cut_anywhere() throws Exception {
        peer.opensChannel(1);
        declare(1, "q");
        byte[] octets = published(1, "q", "Hello World!", 5);
        for (int cut = 1; cut < octets.length; cut++) {
            peer.sendsOctets(Arrays.copyOfRange(octets, 0, cut));
            peer.sendsOctets(Arrays.copyOfRange(octets, cut, octets.length));
            expectsMessage(1, "q", "Hello World!");
        }
    }

    @Test
    void content_of_two_channels_may_be_interleaved() throws Exception {
        peer.opensChannel(1).opensChannel(2);
        declare(1, "a");
        declare(1, "b");
        peer.sends(1, new BasicMethod.Publish("", "a", false, false));
        peer.sends(2, new BasicMethod.Publish("", "b", false, false));
        peer.sendsOctets(ScriptedPeer.header(1, 6, BasicProperties.EMPTY));
        peer.sendsOctets(ScriptedPeer.header(2, 6, BasicProperties.EMPTY));
        peer.sendsFrame(3, 1, "aaa".getBytes(UTF_8));
        peer.sendsFrame(3, 2, "bb".getBytes(UTF_8));
        peer.sendsFrame(3, 1, "AAA".getBytes(UTF_8));
        peer.sendsFrame(3, 2, "BBBB".getBytes(UTF_8));
        expectsMessage(1, "a", "aaaAAA");
        expectsMessage(2, "b", "bbBBBB");
    }

    @Test
    void interleaved_content_may_come_in_one_piece() throws Exception {
        peer.opensChannel(1).opensChannel(2);
        declare(1, "a");
        declare(1, "b");
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.write(ScriptedPeer.frame(1, new BasicMethod.Publish("", "a", false, false)));
        octets.write(ScriptedPeer.frame(2, new BasicMethod.Publish("", "b", false, false)));
        octets.write(ScriptedPeer.header(2, 1, BasicProperties.EMPTY));
        octets.write(ScriptedPeer.header(1, 1, BasicProperties.EMPTY));
        octets.write(ScriptedPeer.frame(3, 1, (byte) 'a'));
        octets.write(ScriptedPeer.frame(3, 2, (byte) 'b'));
        peer.sendsOctets(octets.toByteArray());
        expectsMessage(1, "a", "a");
        expectsMessage(2, "b", "b");
    }

    @Test
    void a_body_is_cut_to_the_clients_frame_max() throws Exception {
        try (ScriptedPeer small = broker.peer()) {
            small.sendsHeader();
            small.expects(0, ConnectionMethod.Start.class);
            small.sends(0, ScriptedPeer.startOk("guest", "guest", FieldTable.EMPTY));
            small.expects(0, ConnectionMethod.Tune.class);
            small.sends(0, new ConnectionMethod.TuneOk(0, 4096, 0));
            small.sends(0, new ConnectionMethod.Open("/"));
            small.expects(0, ConnectionMethod.OpenOk.class);
            small.opensChannel(1);
            peer.opensChannel(1);
            declare(1, "q");
            peer.sendsOctets(published(1, "q", "x".repeat(10_000)));
            peer.sends(1, new BasicMethod.Qos(0, 0, false));
            peer.expects(1, BasicMethod.QosOk.class);
            small.sends(1, new BasicMethod.Get("q", true));
            small.expects(1, BasicMethod.GetOk.class);
            small.hears();
            assertThat(small.hears().payload()).hasSize(4088);
            assertThat(small.hears().payload()).hasSize(4088);
            assertThat(small.hears().payload()).hasSize(10_000 - 2 * 4088);
        }
    }

    @Test
    void an_empty_body_has_no_frame() throws Exception {
        peer.opensChannel(1);
        declare(1, "q");
        peer.sends(1, new BasicMethod.Publish("", "q", false, false));
        peer.sendsOctets(ScriptedPeer.header(1, 0, BasicProperties.EMPTY));
        peer.sends(1, new BasicMethod.Get("q", true));
        peer.expects(1, BasicMethod.GetOk.class);
        assertThat(peer.hears().type()).isEqualTo(Amqp091.FRAME_HEADER);
        peer.sends(1, new BasicMethod.Get("q", true));
        peer.expects(1, BasicMethod.GetEmpty.class);
    }

    @Test
    void a_wrong_frame_end_is_a_frame_error() throws Exception {
        byte[] frame = ScriptedPeer.frame(1, new ChannelMethod.Open());
        frame[frame.length - 1] = (byte) 0xCD;
        peer.sendsOctets(frame);
        peer.expectsConnectionClose(501, "FRAME_ERROR");
    }

    @Test
    void an_unknown_frame_type_is_a_frame_error() throws Exception {
        peer.sendsFrame(7, 0, (byte) 1);
        peer.expectsConnectionClose(501, "FRAME_ERROR");
    }

    @Test
    void a_frame_beyond_frame_max_is_refused_at_its_header() throws Exception {
        byte[] header = {3, 0, 1, 0x7F, 0, 0, 0};
        peer.sendsOctets(header);
        peer.expectsConnectionClose(501, "frame_too_large");
    }

    @Test
    void a_heartbeat_belongs_to_channel_0() throws Exception {
        peer.sendsFrame(Amqp091.FRAME_HEARTBEAT, 0);
        peer.sendsFrame(Amqp091.FRAME_HEARTBEAT, 1);
        peer.expectsConnectionClose(505, "UNEXPECTED_FRAME");
    }

    @Test
    void a_channel_must_be_opened_first() throws Exception {
        peer.sends(3, new BasicMethod.Get("q", true));
        peer.expectsConnectionClose(504, "CHANNEL_ERROR - expected 'channel.open'");
    }

    @Test
    void a_channel_is_opened_once() throws Exception {
        peer.opensChannel(1);
        peer.sends(1, new ChannelMethod.Open());
        peer.expectsConnectionClose(504, "CHANNEL_ERROR - second 'channel.open' seen");
    }

    @Test
    void channel_numbers_above_the_agreed_maximum_are_refused() throws Exception {
        peer.sends(2048, new ChannelMethod.Open());
        peer.expectsConnectionClose(504, "channel_max");
    }

    @Test
    void one_channel_more_than_agreed_on_is_refused() throws Exception {
        for (int number = 1; number <= 2047; number++) {
            peer.opensChannel(number);
        }
        peer.sends(2048, new ChannelMethod.Open());
        peer.expectsConnectionClose(
                530,
                "NOT_ALLOWED - number of channels opened (2047) has reached the negotiated"
                        + " channel_max (2047)");
    }

    @Test
    void a_method_in_the_midst_of_content_is_refused() throws Exception {
        peer.opensChannel(1);
        peer.sends(1, new BasicMethod.Publish("", "q", false, false));
        peer.sends(1, new BasicMethod.Qos(0, 1, false));
        peer.expectsConnectionClose(505, "expected content header for class 60");
    }

    @Test
    void content_without_a_method_is_refused() throws Exception {
        peer.opensChannel(1);
        peer.sendsFrame(3, 1, (byte) 'x');
        peer.expectsConnectionClose(505, "expected method frame, got non method frame instead");
    }

    @Test
    void more_body_than_announced_is_refused() throws Exception {
        peer.opensChannel(1);
        peer.sends(1, new BasicMethod.Publish("", "q", false, false));
        peer.sendsOctets(ScriptedPeer.header(1, 2, BasicProperties.EMPTY));
        peer.sendsFrame(3, 1, (byte) 'x', (byte) 'y', (byte) 'z');
        peer.expectsConnectionClose(
                501, "FRAME_ERROR - content body frame exceeds remaining content size");
    }

    @Test
    void a_malformed_content_header_is_refused() throws Exception {
        peer.opensChannel(1);
        peer.sends(1, new BasicMethod.Publish("", "q", false, false));
        byte[] payload = {0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 0x20, 0, 0, 0, 0, 9, 1};
        peer.sendsFrame(2, 1, payload);
        peer.expectsConnectionClose(502, "SYNTAX_ERROR");
    }

    @Test
    void a_method_for_clients_is_refused() throws Exception {
        peer.opensChannel(1);
        peer.sends(1, new QueueMethod.BindOk());
        peer.expectsConnectionClose(503, "COMMAND_INVALID");
    }

    @Test
    void an_unknown_method_is_refused() throws Exception {
        peer.opensChannel(1);
        peer.sendsFrame(1, 1, (byte) 0, (byte) 60, (byte) 0, (byte) 99);
        peer.expectsConnectionClose(540, "NOT_IMPLEMENTED");
    }

    @Test
    void frames_on_a_failed_channel_are_ignored_until_it_may_be_opened_again() throws Exception {
        peer.opensChannel(1);
        declare(1, "q");
        peer.sends(1, new BasicMethod.Ack(99, false));
        peer.sendsOctets(published(1, "q", "ignored"));
        peer.sends(1, new BasicMethod.Ack(100, false));
        peer.expectsChannelClose(1, 406, "unknown delivery tag 99");
        peer.sends(1, new ChannelMethod.CloseOk());
        peer.opensChannel(1);
        peer.sends(1, new BasicMethod.Get("q", true));
        peer.expects(1, BasicMethod.GetEmpty.class);
    }

    @Test
    void what_a_client_sent_before_it_vanished_still_counts() throws Exception {
        peer.opensChannel(1);
        for (int i = 0; i < 20; i++) {
            try (ScriptedPeer vanishing = broker.peer().opens().opensChannel(1)) {
                ByteArrayOutputStream octets = new ByteArrayOutputStream();
                octets.write(
                        ScriptedPeer.frame(
                                1,
                                new QueueMethod.Declare(
                                        "q" + i,
                                        false,
                                        true,
                                        false,
                                        false,
                                        true,
                                        FieldTable.EMPTY)));
                octets.write(published(1, "q" + i, "last words"));
                vanishing.sendsOctets(octets.toByteArray());
            }
            String queue = "q" + i;
            eventually(() -> assertThat(broker.connections()).isEqualTo(1));
            expectsMessage(1, queue, "last words");
        }
    }

    @Test
    void a_message_too_large_is_refused_before_it_is_sent() throws Exception {
        peer.opensChannel(1);
        peer.sends(1, new BasicMethod.Publish("", "q", false, false));
        peer.sendsOctets(ScriptedPeer.header(1, 200_000_000, BasicProperties.EMPTY));
        peer.expectsChannelClose(
                1, 406, "message size 200000000 is larger than configured max size");
    }
}
