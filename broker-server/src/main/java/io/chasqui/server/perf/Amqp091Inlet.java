package io.chasqui.server.perf;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.server.client.BrokerConnection;
import io.chasqui.server.client.ClientConnection;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A channel of 0-9-1 that consumes. */
final class Amqp091Inlet implements Inlet {

    private static final int ACK_FRAME_BYTES = Amqp091.FRAME_OVERHEAD + 4 + 8 + 1;

    private final ClientConnection connection;
    private final boolean acknowledgesSeveral;
    private long deliveryTag;
    private long bodyLeft;
    private boolean stampToCome;
    private long stamp;

    Amqp091Inlet(ClientConnection connection, String queue, PerfPlan.Consuming plan)
            throws IOException {
        this.connection = connection;
        this.acknowledgesSeveral = plan.ackEvery() > 1;
        connection.call(new BasicMethod.Qos(0, plan.prefetch(), false), BasicMethod.QosOk.class);
        // Without an answer, which would have deliveries at its heels.
        connection.tell(
                new BasicMethod.Consume(
                        queue, "perf", false, plan.ackEvery() == 0, false, true, FieldTable.EMPTY));
    }

    @Override
    public void read(Arrivals arrivals) throws IOException {
        connection.read((frame, in) -> frame(frame, in, arrivals));
    }

    private void frame(FrameCursor frame, ByteBuffer in, Arrivals arrivals) throws IOException {
        int at = frame.payloadAt();
        switch (frame.type()) {
            case Amqp091.FRAME_HEADER -> {
                bodyLeft = ContentHeader.bodySize(in, at);
                stampToCome = bodyLeft >= PublishTemplate.STAMP_BYTES;
                stamp = NO_STAMP;
                messageIfWhole(arrivals);
            }
            case Amqp091.FRAME_BODY -> {
                if (stampToCome) {
                    stamp = in.getLong(at);
                    stampToCome = false;
                }
                bodyLeft -= frame.payloadSize();
                messageIfWhole(arrivals);
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

    private void messageIfWhole(Arrivals arrivals) throws IOException {
        if (bodyLeft == 0) {
            arrivals.message(stamp);
        }
    }

    @Override
    public void acknowledge() throws IOException {
        ByteBuffer out = connection.out();
        if (out.remaining() < ACK_FRAME_BYTES) {
            connection.flush();
        }
        int start = FrameWriter.beginFrame(out, Amqp091.FRAME_METHOD, ClientConnection.CHANNEL);
        out.putInt(MethodId.BASIC_ACK)
                .putLong(deliveryTag)
                .put((byte) (acknowledgesSeveral ? 1 : 0));
        FrameWriter.endFrame(out, start);
    }

    @Override
    public BrokerConnection connection() {
        return connection;
    }
}
