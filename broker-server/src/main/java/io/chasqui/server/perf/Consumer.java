package io.chasqui.server.perf;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.server.client.ClientConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** Takes a queue's messages, and acknowledges every so many of them with one basic.ack. */
final class Consumer implements Worker {

    private static final int ACK_FRAME_BYTES = Amqp091.FRAME_OVERHEAD + 4 + 8 + 1;

    private final ClientConnection connection;
    private final LongSupplier nanoTime;
    private final int ackEvery;
    private final Histogram latencies = new Histogram();
    private final Count received = new Count();
    private volatile boolean stopping;

    private long deliveryTag;
    private long bodyLeft;
    private boolean stampToCome;
    private int unacked;

    /** Begins to consume at once; {@link #work} counts what arrives. */
    Consumer(
            ClientConnection connection,
            String queue,
            PerfPlan.Consuming plan,
            LongSupplier nanoTime)
            throws IOException {
        this.connection = connection;
        this.nanoTime = nanoTime;
        this.ackEvery = plan.ackEvery();
        connection.call(new BasicMethod.Qos(0, plan.prefetch(), false), BasicMethod.QosOk.class);
        // Without an answer, which would have deliveries at its heels.
        connection.tell(
                new BasicMethod.Consume(
                        queue, "perf", false, ackEvery == 0, false, true, FieldTable.EMPTY));
    }

    @Override
    public void work() throws IOException {
        while (!stopping) {
            connection.read(this::frame);
            if (connection.out().position() > 0) {
                connection.flush();
            }
        }
    }

    private void frame(FrameCursor frame, ByteBuffer in) throws IOException {
        int at = frame.payloadAt();
        switch (frame.type()) {
            case Amqp091.FRAME_HEADER -> {
                bodyLeft = ContentHeader.bodySize(in, at);
                stampToCome = bodyLeft >= PublishTemplate.STAMP_BYTES;
                messageIfWhole();
            }
            case Amqp091.FRAME_BODY -> {
                if (stampToCome) {
                    latencies.record(nanoTime.getAsLong() - in.getLong(at));
                    stampToCome = false;
                }
                bodyLeft -= frame.payloadSize();
                messageIfWhole();
            }
            default -> {
                if (MethodReader.id(in, at) == MethodId.BASIC_DELIVER) {
                    int tagSize = in.get(at + 4) & 0xFF;
                    deliveryTag = in.getLong(at + 4 + 1 + tagSize);
                } else {
                    connection.unasked(frame, in);
                }
            }
        }
    }

    private void messageIfWhole() throws IOException {
        if (bodyLeft > 0) {
            return;
        }
        received.add(1);
        if (ackEvery > 0 && ++unacked == ackEvery) {
            unacked = 0;
            acknowledge();
        }
    }

    private void acknowledge() throws IOException {
        ByteBuffer out = connection.out();
        if (out.remaining() < ACK_FRAME_BYTES) {
            connection.flush();
        }
        int start = FrameWriter.beginFrame(out, Amqp091.FRAME_METHOD, ClientConnection.CHANNEL);
        out.putInt(MethodId.BASIC_ACK).putLong(deliveryTag).put((byte) (ackEvery > 1 ? 1 : 0));
        FrameWriter.endFrame(out, start);
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public ClientConnection connection() {
        return connection;
    }

    @Override
    public Sample addTo(Sample sample) {
        return sample.plusConsumer(received.get(), latencies.snapshot());
    }
}
