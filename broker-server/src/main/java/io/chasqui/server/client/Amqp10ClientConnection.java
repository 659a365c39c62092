package io.chasqui.server.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.server.proton.ProtonCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.security.SaslCode;
import org.apache.qpid.proton.amqp.security.SaslInit;
import org.apache.qpid.proton.amqp.security.SaslMechanisms;
import org.apache.qpid.proton.amqp.security.SaslOutcome;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection of AMQP 1.0 with its one session, on which one link may send: blocking, used
 * by one thread, and only to be stopped by others.
 *
 * <p>Frames gather in {@link #out} until {@link #flush} writes them all at once.
 */
public final class Amqp10ClientConnection implements BrokerConnection {

    /** The number of its one session's channel. */
    public static final int CHANNEL = 0;

    /** Octets that {@link #accept} writes at most. */
    public static final int ACCEPT_BYTES = 64;

    /** Frames that the broker may send before it hears of more: as good as any number. */
    private static final UnsignedInteger WINDOW = UnsignedInteger.valueOf(Integer.MAX_VALUE);

    /** Longer than any broker that is alive needs, even under load. */
    private static final int ANSWER_PATIENCE_MS = 30_000;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String HEADER = "protocol header";

    private final FrameStream<FrameCursor> stream;
    private final FrameCursor.Expectation expected;
    private final ProtonCodec codec = new ProtonCodec();
    private final Queue<Object> answers = new ArrayDeque<>();
    private int frameMax = Amqp10.MIN_FRAME_MAX;

    private int framesSent;
    private long window;
    private int deliveriesSent;
    private int creditLimit;
    private @Nullable UnsignedInteger sendingHandle;

    private Amqp10ClientConnection(Wire wire) {
        this.expected = new FrameCursor.Expectation();
        this.stream = new FrameStream<>(wire, new FrameCursor(expected));
    }

    /**
     * Connects, logs in and begins the session.
     *
     * @param product what the broker is told is connecting
     * @throws IOException if there is no broker, none that speaks AMQP 1.0, or it refuses
     */
    public static Amqp10ClientConnection open(BrokerUrl url, String product) throws IOException {
        Wire wire = Wire.connect(url);
        try {
            Amqp10ClientConnection connection = new Amqp10ClientConnection(wire);
            connection.logIn(url);
            connection.begin(url, product);
            return connection;
        } catch (MalformedException e) {
            wire.close();
            throw new IOException("it does not speak AMQP 1.0", e);
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    private void logIn(BrokerUrl url) throws IOException {
        expected.header();
        header(Amqp10.SASL);
        SaslMechanisms unused = await(SaslMechanisms.class);
        SaslInit init = new SaslInit();
        init.setMechanism(Symbol.valueOf("PLAIN"));
        byte[] login = ("\0" + url.username() + "\0" + url.password()).getBytes(UTF_8);
        init.setInitialResponse(new Binary(login));
        init.setHostname(url.host());
        say(Amqp10.FRAME_SASL, init);
        if (await(SaslOutcome.class).getCode() != SaslCode.OK) {
            throw new IOException("the login was refused");
        }
    }

    private void begin(BrokerUrl url, String product) throws IOException {
        header(Amqp10.AMQP);
        Open open = new Open();
        open.setContainerId(product);
        open.setHostname(url.virtualHost().equals("/") ? url.host() : "vhost:" + url.virtualHost());
        open.setMaxFrameSize(UnsignedInteger.valueOf(FrameStream.FRAME_MAX));
        open.setProperties(Map.of(Symbol.valueOf("product"), product));
        tell(open);
        UnsignedInteger taken = await(Open.class).getMaxFrameSize();
        frameMax =
                taken == null
                        ? FrameStream.FRAME_MAX
                        : (int) Math.min(FrameStream.FRAME_MAX, taken.longValue());
        Begin begin = new Begin();
        begin.setNextOutgoingId(UnsignedInteger.ZERO);
        begin.setIncomingWindow(WINDOW);
        begin.setOutgoingWindow(WINDOW);
        tell(begin);
        window = await(Begin.class).getIncomingWindow().longValue();
    }

    private void header(int layer) throws IOException {
        stream.out().put(Amqp10.protocolHeader(layer));
        stream.flush();
        String unused = await(String.class);
    }

    /** The largest frame that the broker takes, in octets. */
    public int frameMax() {
        return frameMax;
    }

    /**
     * Attaches a link and waits for the answer.
     *
     * @throws IOException if the broker refuses
     */
    void attach(Attach link) throws IOException {
        tell(link);
        Attach answer = await(Attach.class);
        Object terminus = link.getRole() == Role.SENDER ? answer.getTarget() : answer.getSource();
        if (terminus == null) {
            // Why not, is said in the detach that follows.
            throw new IOException("the broker answered " + await(Detach.class));
        }
    }

    /**
     * Attaches the link that sends, with handle 0.
     *
     * @param settled whether the broker need not say what became of messages
     * @throws IOException if the broker refuses
     */
    public void attachSender(String name, LinkAddress to, boolean settled) throws IOException {
        Attach link = link(name, Role.SENDER, settled);
        link.setInitialDeliveryCount(UnsignedInteger.ZERO);
        link.setSource(new Source());
        link.setTarget(to.target());
        attach(link);
    }

    /**
     * Attaches a link that receives, with handle 0.
     *
     * @param settled whether the broker need not hear what became of messages
     * @throws IOException if the broker refuses
     */
    public void attachReceiver(String name, LinkAddress from, boolean settled) throws IOException {
        Attach link = link(name, Role.RECEIVER, settled);
        link.setSource(from.source());
        link.setTarget(new Target());
        attach(link);
    }

    private static Attach link(String name, Role role, boolean settled) {
        Attach link = new Attach();
        link.setName(name);
        link.setHandle(UnsignedInteger.ZERO);
        link.setRole(role);
        link.setSndSettleMode(settled ? SenderSettleMode.SETTLED : SenderSettleMode.UNSETTLED);
        return link;
    }

    /** Writes that the deliveries from {@code first} to {@code last} are accepted, to be flushed. */
    public void accept(int first, int last) {
        Disposition disposition = new Disposition();
        disposition.setRole(Role.RECEIVER);
        disposition.setFirst(UnsignedInteger.valueOf(first));
        disposition.setLast(UnsignedInteger.valueOf(last));
        disposition.setSettled(true);
        disposition.setState(Accepted.getInstance());
        frame(codec.encode(disposition), NOTHING);
    }

    /** Sends a frame without payload. */
    void tell(Object performative) throws IOException {
        say(Amqp10.FRAME_AMQP, performative);
    }

    private void say(int type, Object performative) throws IOException {
        frame(stream.out(), type, codec.encode(performative));
        stream.flush();
    }

    /** Writes a frame with payload, to be flushed. */
    void frame(ByteBuffer performative, ByteBuffer payload) {
        int size = Amqp10.FRAME_HEADER_BYTES + performative.remaining() + payload.remaining();
        Amqp10.frameHeader(stream.out(), size, Amqp10.FRAME_AMQP, CHANNEL)
                .put(performative)
                .put(payload);
    }

    private static void frame(ByteBuffer out, int type, ByteBuffer body) {
        Amqp10.frameHeader(out, Amqp10.FRAME_HEADER_BYTES + body.remaining(), type, CHANNEL)
                .put(body);
    }

    private <T> T await(Class<T> answer) throws IOException {
        while (answers.isEmpty()) {
            if (!stream.readWithin(ANSWER_PATIENCE_MS, this::answered)) {
                throw new IOException("no answer came within " + ANSWER_PATIENCE_MS + " ms");
            }
        }
        Object heard = answers.remove();
        if (!answer.isInstance(heard)) {
            throw new IOException("the broker answered " + heard);
        }
        return answer.cast(heard);
    }

    private void answered(FrameCursor frame, ByteBuffer in) throws IOException {
        if (frame.type() == FrameCursor.HEADER) {
            answers.add(HEADER);
            return;
        }
        Object heard = performative(frame, in);
        if (!(heard == null || heard instanceof Flow)) {
            answers.add(heard);
        }
    }

    // -- what may be sent

    /** How many deliveries of so many frames each the broker takes on the link that sends. */
    public int free(int framesEach) {
        return (int) Math.min(window / framesEach, creditLimit - deliveriesSent);
    }

    /** Counts a delivery that was written. */
    public void sent(int frames) {
        framesSent += frames;
        window -= frames;
        deliveriesSent++;
    }

    private void flow(Flow flow) {
        UnsignedInteger seen = flow.getNextIncomingId();
        int underWay = framesSent - (seen == null ? 0 : seen.intValue());
        window = flow.getIncomingWindow().longValue() - underWay;
        if (flow.getHandle() != null && flow.getHandle().equals(sendingHandle)) {
            UnsignedInteger count = flow.getDeliveryCount();
            creditLimit = (count == null ? 0 : count.intValue()) + flow.getLinkCredit().intValue();
        }
    }

    /**
     * Allows messages on a link.
     *
     * @param received on it so far
     */
    public void grant(int handle, int received, int credit) throws IOException {
        Flow flow = newFlow();
        flow.setHandle(UnsignedInteger.valueOf(handle));
        flow.setDeliveryCount(UnsignedInteger.valueOf(received));
        flow.setLinkCredit(UnsignedInteger.valueOf(credit));
        tell(flow);
    }

    private Flow newFlow() {
        Flow flow = new Flow();
        flow.setIncomingWindow(WINDOW);
        flow.setNextIncomingId(UnsignedInteger.ZERO);
        flow.setNextOutgoingId(UnsignedInteger.valueOf(framesSent));
        flow.setOutgoingWindow(WINDOW);
        return flow;
    }

    // -- frames

    @Override
    public void reserve(int octets) {
        stream.reserve(octets);
    }

    @Override
    public ByteBuffer out() {
        return stream.out();
    }

    @Override
    public void flush() throws IOException {
        stream.flush();
    }

    @Override
    public boolean hasInput() throws IOException {
        return stream.hasInput();
    }

    /** Waits for octets of the broker and hands on the frames completed by them. */
    public void read(FrameSink<FrameCursor> sink) throws IOException {
        stream.read(sink);
    }

    /**
     * Decodes a frame, and takes notice of what it says of the session; null for an empty one.
     *
     * @throws IOException if the broker ends the link, the session or the connection
     */
    public @Nullable Object performative(FrameCursor frame, ByteBuffer in) throws IOException {
        if (frame.bodySize() == 0) {
            return null;
        }
        Object heard = codec.read(in, frame.bodyAt(), frame.bodySize());
        switch (heard) {
            // Some brokers do not wait for our header with theirs.
            case SaslOutcome _ -> expected.header();
            case Attach answer when answer.getRole() == Role.RECEIVER ->
                    sendingHandle = answer.getHandle();
            case Flow flow -> flow(flow);
            case Detach detach -> throw ended("link", detach.getError());
            case End end -> throw ended("session", end.getError());
            case Close close -> throw ended("connection", close.getError());
            case null, default -> {}
        }
        return heard;
    }

    private static IOException ended(String what, @Nullable ErrorCondition why) {
        return new IOException(
                "the broker ended the "
                        + what
                        + (why == null
                                ? ""
                                : ": " + why.getCondition() + " " + why.getDescription()));
    }

    // -- its end

    @Override
    public void wake() throws IOException {
        Flow question = newFlow();
        question.setEcho(true);
        ByteBuffer body = new ProtonCodec().encode(question);
        ByteBuffer frame = ByteBuffer.allocate(Amqp10.FRAME_HEADER_BYTES + body.remaining());
        frame(frame, Amqp10.FRAME_AMQP, body);
        stream.interject(frame.flip());
    }

    @Override
    public void abort() throws IOException {
        stream.close();
    }

    @Override
    public void close() throws IOException {
        try (stream) {
            stream.out().clear();
            tell(new Close());
            boolean[] closed = new boolean[1];
            while (!closed[0]) {
                stream.read((frame, in) -> closed[0] |= isClose(frame, in));
            }
        }
    }

    private boolean isClose(FrameCursor frame, ByteBuffer in) {
        return frame.bodySize() > 0
                && codec.read(in, frame.bodyAt(), frame.bodySize()) instanceof Close;
    }
}
