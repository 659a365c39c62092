package io.chasqui.server.client;

import static io.chasqui.protocol.amqp091.Amqp091.FRAME_METHOD;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.SaslPlain;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A client's connection with its one channel: blocking, used by one thread, and only to be stopped
 * by others.
 *
 * <p>Frames gather in {@link #out} until {@link #flush} writes them all at once. There are no heartbeats: a peer that has fallen silent shows as a
 * rate of zero.
 */
public final class ClientConnection implements BrokerConnection {

    /** The number of its one channel. */
    public static final int CHANNEL = 1;

    private static final int QUESTION_BYTES = 64;

    /** Longer than any broker that is alive needs, even under load. */
    private static final int ANSWER_PATIENCE_MS = 30_000;

    /** So that a refused login, a deleted queue and a full disk are told, not guessed. */
    private static final FieldTable CAPABILITIES =
            FieldTable.builder()
                    .put("authentication_failure_close", true)
                    .put("consumer_cancel_notify", true)
                    .put("connection.blocked", true)
                    .build();

    private final FrameStream<FrameCursor> stream;
    private final Queue<Method> answers = new ArrayDeque<>();

    /** A larger one is not used even if offered. */
    private int frameMax = FrameStream.FRAME_MAX;

    private ClientConnection(Wire wire) {
        this.stream = new FrameStream<>(wire, new FrameCursor());
    }

    /**
     * Connects, logs in and opens the channel.
     *
     * @param product what the broker is told is connecting
     * @throws ClosedByBroker if the broker refuses
     * @throws IOException if there is no broker, or none that speaks AMQP 0-9-1
     */
    public static ClientConnection open(BrokerUrl url, String product) throws IOException {
        Wire wire = Wire.connect(url);
        try {
            ClientConnection connection = new ClientConnection(wire);
            connection.handshake(url, product);
            return connection;
        } catch (ProtocolException e) {
            wire.close();
            throw new IOException("it does not speak AMQP 0-9-1", e);
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    private void handshake(BrokerUrl url, String product) throws IOException {
        stream.out().put(Amqp091.protocolHeader());
        flush();
        await(ConnectionMethod.Start.class);
        LongString login = LongString.of("\0" + url.username() + "\0" + url.password());
        FieldTable properties = FieldTable.of("product", product, "capabilities", CAPABILITIES);
        send(0, new ConnectionMethod.StartOk(properties, SaslPlain.MECHANISM, login, "en_US"));
        ConnectionMethod.Tune tune = await(ConnectionMethod.Tune.class);
        if (tune.frameMax() != 0) {
            frameMax = (int) Math.min(FrameStream.FRAME_MAX, tune.frameMax());
        }
        send(0, new ConnectionMethod.TuneOk(tune.channelMax(), frameMax, 0));
        send(0, new ConnectionMethod.Open(url.virtualHost()));
        await(ConnectionMethod.OpenOk.class);
        call(new ChannelMethod.Open(), ChannelMethod.OpenOk.class);
    }

    /** The largest frame this connection may send, overhead included. */
    public int frameMax() {
        return frameMax;
    }

    /** Sends a method on the channel and waits for its answer. */
    public <M extends Method> M call(Method request, Class<M> answer) throws IOException {
        send(CHANNEL, request);
        return await(answer);
    }

    /** Sends a method on the channel that has no answer. */
    public void tell(Method method) throws IOException {
        send(CHANNEL, method);
    }

    private void send(int channel, Method method) throws IOException {
        FrameWriter.method(stream.out(), channel, method);
        flush();
    }

    private <M extends Method> M await(Class<M> answer) throws IOException {
        while (answers.isEmpty()) {
            if (!readWithin(ANSWER_PATIENCE_MS, (frame, in) -> answers.add(method(frame, in)))) {
                throw new IOException("no answer came within " + ANSWER_PATIENCE_MS + " ms");
            }
        }
        Method method = answers.remove();
        if (!answer.isInstance(method)) {
            throw new IOException("the broker answered " + method);
        }
        return answer.cast(method);
    }

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
     * As {@link #read}, but waits no longer than this; returns whether octets came.
     *
     * @param patienceMs above 0
     */
    public boolean readWithin(int patienceMs, FrameSink<FrameCursor> sink) throws IOException {
        return stream.readWithin(patienceMs, sink);
    }

    /**
     * Takes a frame that is none of those a caller waits for.
     *
     * @throws ClosedByBroker if it closes the connection or the channel
     * @throws IOException if it is something that a broker only says when asked
     */
    public void unasked(FrameCursor frame, ByteBuffer in) throws IOException {
        if (frame.type() != FRAME_METHOD) {
            return; // the content of a returned message, or a heartbeat
        }
        switch (method(frame, in)) {
            case ConnectionMethod.Blocked _, ConnectionMethod.Unblocked _ -> {}
            case BasicMethod.QosOk _ -> {} // see wake
            case Method method -> throw new IOException("the broker said " + method);
        }
    }

    private Method method(FrameCursor frame, ByteBuffer in) throws IOException {
        Method method = MethodReader.read(in, frame.payloadAt(), frame.payloadSize());
        switch (method) {
            case ConnectionMethod.Close close -> {
                send(0, new ConnectionMethod.CloseOk());
                throw new ClosedByBroker(close.replyCode(), close.replyText());
            }
            case ChannelMethod.Close close ->
                    throw new ClosedByBroker(close.replyCode(), close.replyText());
            default -> {
                return method;
            }
        }
    }

    @Override
    public void wake() throws IOException {
        ByteBuffer question = ByteBuffer.allocate(QUESTION_BYTES);
        FrameWriter.method(question, CHANNEL, new BasicMethod.Qos(0, 0, true));
        stream.interject(question.flip());
    }

    @Override
    public void abort() throws IOException {
        stream.close();
    }

    @Override
    public void close() throws IOException {
        try (stream) {
            stream.out().clear();
            send(0, new ConnectionMethod.Close(200, "good-bye", 0, 0));
            boolean[] closed = new boolean[1];
            while (!closed[0]) {
                read((frame, buffer) -> closed[0] |= isCloseOk(frame, buffer));
            }
        }
    }

    private static boolean isCloseOk(FrameCursor frame, ByteBuffer in) {
        return frame.channel() == 0
                && frame.type() == FRAME_METHOD
                && MethodReader.read(in, frame.payloadAt(), frame.payloadSize())
                        instanceof ConnectionMethod.CloseOk;
    }
}
