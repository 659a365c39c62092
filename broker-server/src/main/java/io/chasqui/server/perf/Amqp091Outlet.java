package io.chasqui.server.perf;

import io.chasqui.protocol.amqp091.AckReader;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.NackReader;
import io.chasqui.server.client.BrokerConnection;
import io.chasqui.server.client.ClientConnection;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A channel of 0-9-1 that publishes, with confirms if the plan wants them. */
final class Amqp091Outlet implements Outlet {

    private final ClientConnection connection;
    private final PublishTemplate template;

    Amqp091Outlet(
            ClientConnection connection, BasicMethod.Publish publish, PerfPlan.Publishing plan)
            throws IOException {
        this.connection = connection;
        this.template =
                new PublishTemplate(
                        publish, plan.persistent(), plan.bodyBytes(), connection.frameMax());
        if (plan.confirmWindow() > 0) {
            connection.call(new ConfirmMethod.Select(false), ConfirmMethod.SelectOk.class);
        }
    }

    @Override
    public int messageBytes() {
        return template.size();
    }

    /** All: the broker has no way to say what it takes, but to stop reading. */
    @Override
    public int free(int wanted) {
        return wanted;
    }

    @Override
    public void write(long stampNanos) {
        template.write(connection.out(), stampNanos);
    }

    @Override
    public void read(Settled settled) throws IOException {
        connection.read((frame, in) -> answer(frame, in, settled));
    }

    private void answer(FrameCursor frame, ByteBuffer in, Settled settled) throws IOException {
        int at = frame.payloadAt();
        int method = frame.type() == Amqp091.FRAME_METHOD ? MethodReader.id(in, at) : 0;
        switch (method) {
            case MethodId.BASIC_ACK ->
                    settled.settled(
                            AckReader.deliveryTag(in, at), AckReader.multiple(in, at), true);
            case MethodId.BASIC_NACK ->
                    settled.settled(
                            NackReader.deliveryTag(in, at), NackReader.multiple(in, at), false);
            default -> connection.unasked(frame, in);
        }
    }

    @Override
    public BrokerConnection connection() {
        return connection;
    }
}
