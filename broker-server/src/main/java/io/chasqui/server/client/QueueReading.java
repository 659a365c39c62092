package io.chasqui.server.client;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Consumes from one queue and takes no message more than it was asked for.
 *
 * <p>That is so because the broker may never send further ahead than the prefetch count: as long as
 * no more than {@code count - prefetch} messages are acknowledged, no more than {@code count} are
 * delivered. The others are acknowledged together when all have come and the consumer is cancelled.
 */
final class QueueReading {

    /**
     * How much to read and how.
     *
     * @param count messages to take, then it ends
     * @param prefetch messages the broker may send ahead
     * @param acknowledge whether messages leave the queue
     */
    record Plan(int count, int prefetch, boolean acknowledge) {}

    /** Takes a message and says whether it wants more. */
    interface Taker {
        boolean take(ClientMessage message);
    }

    private static final String TAG = "chasqui";

    private final ClientConnection connection;
    private final Plan plan;
    private final Taker taker;
    private final MessageAssembly assembly = new MessageAssembly();
    private final int prefetch;
    private int received;
    private int acknowledged;
    private boolean started;
    private boolean cancelled;
    private boolean ended;

    QueueReading(ClientConnection connection, Plan plan, Taker taker) {
        this.connection = connection;
        this.plan = plan;
        this.taker = taker;
        if (plan.acknowledge()) {
            this.prefetch = Math.min(plan.prefetch(), plan.count());
        } else {
            this.prefetch = plan.count() == Integer.MAX_VALUE ? 0 : plan.count();
        }
    }

    /** Returns when the broker has agreed; messages may have come by then. */
    void start(String queue) throws IOException {
        connection.call(new BasicMethod.Qos(0, prefetch, false), BasicMethod.QosOk.class);
        connection.tell(
                new BasicMethod.Consume(queue, TAG, false, false, false, false, FieldTable.EMPTY));
        while (!started) {
            connection.read(this::frame);
        }
        acknowledge(plan.count() - prefetch);
    }

    /** Returns when enough came, or nothing did for so many milliseconds; 0 waits for ever. */
    void untilDone(int timeoutMs) throws IOException {
        while (!ended && received < plan.count()) {
            if (timeoutMs == 0) {
                connection.read(this::frame);
            } else if (!connection.readWithin(timeoutMs, this::frame)) {
                ended = true;
            }
            acknowledge(plan.count() - prefetch);
        }
        ended = true;
        connection.tell(new BasicMethod.Cancel(TAG, false));
        while (!cancelled) {
            connection.read(this::frame);
        }
        acknowledge(received);
    }

    int received() {
        return received;
    }

    private void frame(FrameCursor frame, ByteBuffer in) throws IOException {
        switch (frame.type()) {
            case Amqp091.FRAME_METHOD -> method(frame, in);
            case Amqp091.FRAME_HEADER, Amqp091.FRAME_BODY -> {
                ClientMessage message = assembly.content(frame, in);
                if (message != null && !ended) {
                    received++;
                    ended = !taker.take(message);
                }
            }
            default -> connection.unasked(frame, in);
        }
    }

    private void method(FrameCursor frame, ByteBuffer in) throws IOException {
        switch (MethodReader.id(in, frame.payloadAt())) {
            case MethodId.BASIC_DELIVER ->
                    assembly.begin(
                            (BasicMethod)
                                    MethodReader.read(in, frame.payloadAt(), frame.payloadSize()));
            case MethodId.BASIC_CONSUME_OK -> started = true;
            case MethodId.BASIC_CANCEL_OK -> cancelled = true;
            case MethodId.BASIC_CANCEL -> throw new IOException("the queue was deleted");
            default -> connection.unasked(frame, in);
        }
    }

    /** Acknowledges what was received, but for the messages after the first so many. */
    private void acknowledge(int most) throws IOException {
        if (!plan.acknowledge()) {
            return;
        }
        int upTo = Math.min(received, most);
        if (upTo > acknowledged) {
            acknowledged = upTo;
            FrameWriter.method(
                    connection.out(),
                    ClientConnection.CHANNEL,
                    new BasicMethod.Ack(acknowledged, true));
            connection.flush();
        }
    }
}
