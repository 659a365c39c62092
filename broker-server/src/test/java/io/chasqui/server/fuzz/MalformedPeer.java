package io.chasqui.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** Carries one malformed input to a broker and holds what it says against what it should. */
final class MalformedPeer {

    private static final int SHORTEST_CLOSE = 11;

    private MalformedPeer() {}

    /**
     * Sends it and hears the answer.
     *
     * @param from the address it comes from
     * @throws AssertionError if the broker answers something else
     * @throws java.net.SocketTimeoutException if it does not answer, or not end, in time
     */
    static void send(InetAddress from, int port, MalformedInput input) throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.connect(from, port)) {
            comeTo(peer, input.stage());
            switch (input.scope()) {
                case CONNECTION -> {
                    peer.sendsOctets(input.octets());
                    ConnectionMethod.Close close = peer.expects(0, ConnectionMethod.Close.class);
                    assertThat(input.expected()).as(close.replyText()).contains(close.replyCode());
                    peer.sends(0, new ConnectionMethod.CloseOk());
                    peer.expectsEnd();
                }
                case CHANNEL -> {
                    peer.sendsOctets(input.octets());
                    ChannelMethod.Close close = peer.expects(1, ChannelMethod.Close.class);
                    assertThat(input.expected()).as(close.replyText()).contains(close.replyCode());
                    peer.sends(1, new ChannelMethod.CloseOk()).opensChannel(1);
                }
                case VERSION -> {
                    peer.sendsOctets(input.octets());
                    assertThat(peer.hearsOctets(8)).isEqualTo(Amqp091.protocolHeader());
                    peer.expectsEnd();
                }
                case ANY -> sendAndStop(peer, input);
            }
        }
    }

    private static void comeTo(ScriptedPeer peer, Stage stage) throws IOException {
        if (stage == Stage.CONNECTED) {
            return;
        }
        peer.sendsHeader().expects(0, ConnectionMethod.Start.class);
        if (stage == Stage.STARTED) {
            return;
        }
        peer.sends(0, ScriptedPeer.startOk("guest", "guest", FieldTable.EMPTY));
        ConnectionMethod.Tune tune = peer.expects(0, ConnectionMethod.Tune.class);
        if (stage == Stage.LOGGED_IN) {
            return;
        }
        peer.sends(0, new ConnectionMethod.TuneOk(tune.channelMax(), tune.frameMax(), 0));
        if (stage == Stage.TUNED) {
            return;
        }
        peer.sends(0, new ConnectionMethod.Open("/"));
        peer.expects(0, ConnectionMethod.OpenOk.class);
        if (stage == Stage.CHANNEL) {
            peer.opensChannel(1);
        }
    }

    /** Whatever the broker makes of it, it ends when the peer does, and never blames itself. */
    private static void sendAndStop(ScriptedPeer peer, MalformedInput input) throws IOException {
        byte[] heard;
        try {
            peer.sendsOctets(input.octets());
            peer.endsOutput();
            heard = peer.hearsToTheEnd();
        } catch (SocketException _) {
            return; // the broker closed the socket while we were still talking
        }
        assertNoInternalError(heard);
    }

    /** Looks for connection.close and channel.close with 541 among whole frames. */
    private static void assertNoInternalError(byte[] heard) {
        ByteBuffer in = ByteBuffer.wrap(heard);
        int at = 0;
        while (heard.length - at >= Amqp091.FRAME_OVERHEAD && heard[at] != 'A') {
            int size = in.getInt(at + 3);
            int payload = at + Amqp091.FRAME_HEADER_SIZE;
            if (heard.length - payload <= size) {
                return; // cut off by the reset of the socket
            }
            assertThat(heard[payload + size]).isEqualTo((byte) Amqp091.FRAME_END);
            if (heard[at] == Amqp091.FRAME_METHOD && size >= SHORTEST_CLOSE) {
                int id = MethodReader.id(in, payload);
                if (id == MethodId.CONNECTION_CLOSE || id == MethodId.CHANNEL_CLOSE) {
                    assertThat(in.getShort(payload + 4))
                            .isNotEqualTo((short) ReplyCode.INTERNAL_ERROR.code());
                }
            }
            at = payload + size + 1;
        }
    }
}
