package io.chasqui.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.MethodReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that says exactly what a test makes it say, frame by frame or octet by octet. */
public final class ScriptedPeer implements AutoCloseable {

    private static final int PATIENCE_MS = 10_000;
    private static final int LARGEST = 1 << 20;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private ScriptedPeer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    public static ScriptedPeer connect(int port) throws IOException {
        return connect(InetAddress.getLoopbackAddress(), port);
    }

    /** From this address of the machine's own. */
    public static ScriptedPeer connect(InetAddress from, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MS);
        return new ScriptedPeer(socket);
    }

    // -- saying

    public ScriptedPeer sendsOctets(byte... octets) throws IOException {
        out.write(octets);
        out.flush();
        return this;
    }

    public ScriptedPeer sendsHeader() throws IOException {
        return sendsOctets(Amqp091.protocolHeader());
    }

    public ScriptedPeer sends(int channel, Method method) throws IOException {
        return sendsOctets(frame(channel, method));
    }

    /** Sends a frame of any type with any payload. */
    public ScriptedPeer sendsFrame(int type, int channel, byte... payload) throws IOException {
        return sendsOctets(frame(type, channel, payload));
    }

    public static byte[] frame(int channel, Method method) {
        ByteBuffer frame = ByteBuffer.allocate(FrameWriter.sizeOf(method));
        FrameWriter.method(frame, channel, method);
        return frame.array();
    }

    public static byte[] frame(int type, int channel, byte... payload) {
        return ByteBuffer.allocate(payload.length + Amqp091.FRAME_OVERHEAD)
                .put((byte) type)
                .putShort((short) channel)
                .putInt(payload.length)
                .put(payload)
                .put((byte) Amqp091.FRAME_END)
                .array();
    }

    public static byte[] header(int channel, long bodySize, BasicProperties properties) {
        ByteBuffer frame = ByteBuffer.allocate(LARGEST);
        FrameWriter.contentHeader(frame, channel, bodySize, properties);
        byte[] octets = new byte[frame.position()];
        frame.get(0, octets);
        return octets;
    }

    // -- hearing

    /** What the broker said: a frame. */
    public record Heard(int type, int channel, byte[] payload) {

        public Method method() {
            return MethodReader.read(ByteBuffer.wrap(payload), 0, payload.length);
        }

        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    public Heard hears() throws IOException {
        int type = in.readUnsignedByte();
        int channel = in.readUnsignedShort();
        byte[] payload = new byte[in.readInt()];
        in.readFully(payload);
        assertThat(in.readUnsignedByte()).isEqualTo(Amqp091.FRAME_END);
        return new Heard(type, channel, payload);
    }

    /** Whether something has come that no one has heard yet. */
    public boolean hasHeard() throws IOException {
        return in.available() > 0;
    }

    /** Expects a method of this class on this channel, passing over heartbeats. */
    public <M extends Method> M expects(int channel, Class<M> type) throws IOException {
        Heard heard = hears();
        while (heard.type() == Amqp091.FRAME_HEARTBEAT) {
            heard = hears();
        }
        assertThat(heard.type()).isEqualTo(Amqp091.FRAME_METHOD);
        Method method = heard.method();
        assertThat(method).isInstanceOf(type);
        assertThat(heard.channel()).isEqualTo(channel);
        return type.cast(method);
    }

    public void expectsChannelClose(int channel, int code, String textPart) throws IOException {
        ChannelMethod.Close close = expects(channel, ChannelMethod.Close.class);
        assertThat(close.replyCode()).as(close.replyText()).isEqualTo(code);
        assertThat(close.replyText()).contains(textPart);
    }

    /** Expects connection.close, answers it, and expects the socket to be closed. */
    public void expectsConnectionClose(int code, String textPart) throws IOException {
        ConnectionMethod.Close close = expects(0, ConnectionMethod.Close.class);
        assertThat(close.replyCode()).as(close.replyText()).isEqualTo(code);
        assertThat(close.replyText()).contains(textPart);
        sends(0, new ConnectionMethod.CloseOk());
        expectsEnd();
    }

    /** Expects the broker to close the socket, whatever it still says. */
    public void expectsEnd() throws IOException {
        try {
            while (in.read() >= 0) {
                // What is still under way does not matter.
            }
        } catch (EOFException | SocketException _) {
            // Closed one way or the other.
        }
    }

    /** Says no more. */
    public void endsOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Everything the broker says until it closes the socket, as text. */
    public String heardToTheEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Everything the broker says until it closes the socket. */
    public byte[] hearsToTheEnd() throws IOException {
        return in.readAllBytes();
    }

    public byte[] hearsOctets(int count) throws IOException {
        return in.readNBytes(count);
    }

    // -- conversations

    /** Opens a connection as guest in vhost /. */
    public ScriptedPeer opens() throws IOException {
        return opens(0, FieldTable.EMPTY);
    }

    public ScriptedPeer opens(int heartbeatSeconds, FieldTable clientProperties)
            throws IOException {
        sendsHeader();
        expects(0, ConnectionMethod.Start.class);
        sends(0, startOk("guest", "guest", clientProperties));
        ConnectionMethod.Tune tune = expects(0, ConnectionMethod.Tune.class);
        sends(0, new ConnectionMethod.TuneOk(tune.channelMax(), tune.frameMax(), heartbeatSeconds));
        sends(0, new ConnectionMethod.Open("/"));
        expects(0, ConnectionMethod.OpenOk.class);
        return this;
    }

    public static ConnectionMethod.StartOk startOk(
            String user, String password, FieldTable clientProperties) {
        return new ConnectionMethod.StartOk(
                clientProperties, "PLAIN", LongString.of("\0" + user + "\0" + password), "en_US");
    }

    public ScriptedPeer opensChannel(int channel) throws IOException {
        sends(channel, new ChannelMethod.Open());
        expects(channel, ChannelMethod.OpenOk.class);
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
