package io.chasqui.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp10.Amqp10;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.security.SaslCode;
import org.apache.qpid.proton.amqp.security.SaslInit;
import org.apache.qpid.proton.amqp.security.SaslMechanisms;
import org.apache.qpid.proton.amqp.security.SaslOutcome;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.jspecify.annotations.Nullable;

/** A peer that speaks AMQP 1.0 frame by frame, as a test tells it to. */
public final class Amqp10Peer implements AutoCloseable {

    private static final int PATIENCE_MS = 10_000;
    private static final int LARGEST = 256 * 1024;
    private static final UnsignedInteger WINDOW = UnsignedInteger.valueOf(2048);

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DecoderImpl decoder = new DecoderImpl();
    private byte[] payload = {};
    private int transfersSent;

    /** Frames with a transfer that were sent in each session, by its channel. */
    private final Map<Integer, Integer> frames = new HashMap<>();

    private Amqp10Peer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        AMQPDefinedTypes.registerAllTypes(decoder, new EncoderImpl(decoder));
    }

    public static Amqp10Peer connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MS);
        return new Amqp10Peer(socket);
    }

    /** A peer on a socket that is connected. */
    public static Amqp10Peer over(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MS);
        return new Amqp10Peer(socket);
    }

    // -- saying

    public Amqp10Peer sendsOctets(byte... octets) throws IOException {
        out.write(octets);
        out.flush();
        return this;
    }

    public Amqp10Peer sends(int channel, Object body, byte... behind) throws IOException {
        if (body instanceof Begin) {
            frames.remove(channel);
        } else if (body instanceof Transfer) {
            frames.merge(channel, 1, Integer::sum);
        }
        return sendsFrame(Amqp10.FRAME_AMQP, channel, body, behind);
    }

    public Amqp10Peer sendsSasl(Object body) throws IOException {
        return sendsFrame(Amqp10.FRAME_SASL, 0, body);
    }

    private Amqp10Peer sendsFrame(int type, int channel, Object body, byte... behind)
            throws IOException {
        return sendsOctets(frame(type, channel, body, behind));
    }

    /** A frame of AMQP as it is sent. */
    public static byte[] frame(int channel, Object body, byte... behind) {
        return frame(Amqp10.FRAME_AMQP, channel, body, behind);
    }

    /** A frame of SASL as it is sent. */
    public static byte[] saslFrame(Object body) {
        return frame(Amqp10.FRAME_SASL, 0, body);
    }

    private static byte[] frame(int type, int channel, Object body, byte... behind) {
        EncoderImpl encoder = newEncoder();
        ByteBuffer frame = ByteBuffer.allocate(LARGEST);
        frame.position(Amqp10.FRAME_HEADER_BYTES);
        encoder.setByteBuffer(frame);
        encoder.writeObject(body);
        frame.put(behind);
        int size = frame.position();
        frame.putInt(0, size).put(4, (byte) 2).put(5, (byte) type).putShort(6, (short) channel);
        return Arrays.copyOf(frame.array(), size);
    }

    /** A section of a message as it is sent. */
    public static byte[] section(Object section) {
        EncoderImpl encoder = newEncoder();
        ByteBuffer octets = ByteBuffer.allocate(LARGEST);
        encoder.setByteBuffer(octets);
        encoder.writeObject(section);
        return Arrays.copyOf(octets.array(), octets.position());
    }

    private static EncoderImpl newEncoder() {
        DecoderImpl decoder = new DecoderImpl();
        EncoderImpl encoder = new EncoderImpl(decoder);
        AMQPDefinedTypes.registerAllTypes(decoder, encoder);
        return encoder;
    }

    // -- hearing

    public byte[] hearsOctets(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** The next frame's performative; empty frames are passed over. */
    public Object hears() throws IOException {
        while (true) {
            int size = in.readInt();
            ByteBuffer rest = ByteBuffer.wrap(in.readNBytes(size - Integer.BYTES));
            if (rest.remaining() < size - Integer.BYTES) {
                throw new EOFException();
            }
            if (rest.remaining() > Integer.BYTES) {
                rest.position(Integer.BYTES);
                decoder.setByteBuffer(rest);
                Object body = decoder.readObject();
                payload = new byte[rest.remaining()];
                rest.get(payload);
                return body;
            }
        }
    }

    /** What followed on the performative heard last. */
    public byte[] payload() {
        return payload;
    }

    /** The next frame, which must be of this type. */
    public <T> T expects(Class<T> type) throws IOException {
        Object heard = hears();
        assertThat(heard).isInstanceOf(type);
        return type.cast(heard);
    }

    /** The next frame of this type; others are passed over. */
    public <T> T awaits(Class<T> type) throws IOException {
        Object heard = hears();
        while (!type.isInstance(heard)) {
            heard = hears();
        }
        return type.cast(heard);
    }

    public void expectsEnd() throws IOException {
        assertThat(in.read()).isEqualTo(-1);
    }

    // -- common scripts

    /** Both protocol headers and the login of the default user. */
    public Amqp10Peer logsIn() throws IOException {
        return logsIn("guest", "guest");
    }

    public Amqp10Peer logsIn(String user, String password) throws IOException {
        assertThat(answersLogin(user, password)).isEqualTo(SaslCode.OK);
        sendsOctets(Amqp10.protocolHeader(Amqp10.AMQP));
        assertThat(hearsOctets(8)).isEqualTo(Amqp10.protocolHeader(Amqp10.AMQP));
        return this;
    }

    /** The outcome of a login with PLAIN. */
    public SaslCode answersLogin(String user, String password) throws IOException {
        return logsInWith("PLAIN", ("\0" + user + "\0" + password).getBytes(UTF_8));
    }

    /** The outcome of a login with a mechanism that is offered. */
    public SaslCode logsInWith(String mechanism, byte... response) throws IOException {
        sendsOctets(Amqp10.protocolHeader(Amqp10.SASL));
        assertThat(hearsOctets(8)).isEqualTo(Amqp10.protocolHeader(Amqp10.SASL));
        assertThat(expects(SaslMechanisms.class).getSaslServerMechanisms())
                .contains(Symbol.valueOf(mechanism));
        SaslInit init = new SaslInit();
        init.setMechanism(Symbol.valueOf(mechanism));
        init.setInitialResponse(new Binary(response));
        sendsSasl(init);
        return expects(SaslOutcome.class).getCode();
    }

    /** Opens the connection and begins a session on channel 0. */
    public Amqp10Peer begins() throws IOException {
        opens(open());
        sends(0, newBegin());
        expects(Begin.class);
        return this;
    }

    public static Open open() {
        Open open = new Open();
        open.setContainerId("test");
        return open;
    }

    public Open opens(Open open) throws IOException {
        sends(0, open);
        return expects(Open.class);
    }

    public static Begin newBegin() {
        Begin begin = new Begin();
        begin.setNextOutgoingId(UnsignedInteger.ZERO);
        begin.setIncomingWindow(WINDOW);
        begin.setOutgoingWindow(WINDOW);
        return begin;
    }

    /** An attach of a link to send on; no address for an anonymous one. */
    public static Attach sender(int handle, @Nullable String address) {
        Attach attach = new Attach();
        attach.setName("sender-" + handle);
        attach.setHandle(UnsignedInteger.valueOf(handle));
        attach.setRole(Role.SENDER);
        attach.setInitialDeliveryCount(UnsignedInteger.ZERO);
        attach.setSource(new Source());
        Target target = new Target();
        target.setAddress(address);
        attach.setTarget(target);
        return attach;
    }

    /** An attach of a link to receive on. */
    public static Attach receiver(int handle, String address) {
        Attach attach = new Attach();
        attach.setName("receiver-" + handle);
        attach.setHandle(UnsignedInteger.valueOf(handle));
        attach.setRole(Role.RECEIVER);
        attach.setSndSettleMode(SenderSettleMode.UNSETTLED);
        Source source = new Source();
        source.setAddress(address);
        attach.setSource(source);
        attach.setTarget(new Target());
        return attach;
    }

    /** Attaches a link to send on, and hears of its credit. */
    public Amqp10Peer attachesSender(int handle, @Nullable String address) throws IOException {
        sends(0, sender(handle, address));
        assertThat(expects(Attach.class).getTarget()).isNotNull();
        assertThat(expects(Flow.class).getLinkCredit().intValue()).isPositive();
        return this;
    }

    /** Attaches a link to receive on, and allows so many messages. */
    public Amqp10Peer attachesReceiver(int handle, String address, int credit) throws IOException {
        sends(0, receiver(handle, address));
        assertThat(expects(Attach.class).getSource()).isNotNull();
        return grants(handle, 0, credit, false);
    }

    /** The state of this end of a session. */
    public Flow newFlow(int channel) {
        Flow flow = new Flow();
        flow.setIncomingWindow(WINDOW);
        flow.setNextIncomingId(UnsignedInteger.ZERO);
        flow.setNextOutgoingId(UnsignedInteger.valueOf(frames.getOrDefault(channel, 0)));
        flow.setOutgoingWindow(WINDOW);
        return flow;
    }

    public Amqp10Peer grants(int handle, int received, int credit, boolean drain)
            throws IOException {
        Flow flow = newFlow(0);
        flow.setHandle(UnsignedInteger.valueOf(handle));
        flow.setDeliveryCount(UnsignedInteger.valueOf(received));
        flow.setLinkCredit(UnsignedInteger.valueOf(credit));
        flow.setDrain(drain);
        return sends(0, flow);
    }

    public static Transfer transfer(int handle, int id) {
        Transfer transfer = new Transfer();
        transfer.setHandle(UnsignedInteger.valueOf(handle));
        transfer.setDeliveryId(UnsignedInteger.valueOf(id));
        transfer.setDeliveryTag(new Binary(new byte[] {(byte) (id >> 8), (byte) id}));
        return transfer;
    }

    /** Sends a whole message; its id is told. */
    public int sendsMessage(int handle, byte... message) throws IOException {
        int id = transfersSent++;
        sends(0, transfer(handle, id), message);
        return id;
    }

    /** Sends a whole message, and hears what became of it. */
    public DeliveryState publishes(int handle, byte... message) throws IOException {
        int id = sendsMessage(handle, message);
        Disposition outcome = awaits(Disposition.class);
        assertThat(outcome.getFirst().intValue()).isEqualTo(id);
        assertThat(outcome.getSettled()).isTrue();
        return outcome.getState();
    }

    /** Says what became of a message. */
    public Amqp10Peer settles(int id, @Nullable DeliveryState outcome) throws IOException {
        Disposition disposition = new Disposition();
        disposition.setRole(Role.RECEIVER);
        disposition.setFirst(UnsignedInteger.valueOf(id));
        disposition.setSettled(true);
        disposition.setState(outcome);
        return sends(0, disposition);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
