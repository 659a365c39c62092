package io.chasqui.server.perf;

import io.chasqui.protocol.amqp10.DispositionReader;
import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.server.client.Amqp10ClientConnection;
import io.chasqui.server.client.BrokerConnection;
import io.chasqui.server.client.LinkAddress;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A link of AMQP 1.0 that sends, unsettled if the plan wants confirms, and settled otherwise. */
final class Amqp10Outlet implements Outlet {

    private final Amqp10ClientConnection connection;
    private final TransferTemplate template;
    private final DispositionReader disposition = new DispositionReader();
    private long sent;

    Amqp10Outlet(Amqp10ClientConnection connection, LinkAddress target, PerfPlan.Publishing plan)
            throws IOException {
        this.connection = connection;
        boolean settled = plan.confirmWindow() == 0;
        this.template =
                new TransferTemplate(
                        plan.persistent(), settled, plan.bodyBytes(), connection.frameMax());
        connection.attachSender("perf", target, settled);
    }

    @Override
    public int messageBytes() {
        return template.size();
    }

    @Override
    public int free(int wanted) {
        return Math.clamp(connection.free(template.frames()), 0, wanted);
    }

    @Override
    public void write(long stampNanos) {
        template.write(connection.out(), (int) sent++, stampNanos);
        connection.sent(template.frames());
    }

    @Override
    public void read(Settled settled) throws IOException {
        connection.read((frame, in) -> frame(frame, in, settled));
    }

    private void frame(FrameCursor frame, ByteBuffer in, Settled settled) throws IOException {
        int at = frame.bodyAt();
        if (Performative.of(in, at, frame.bodySize()) != Performative.DISPOSITION) {
            Object unused = connection.performative(frame, in);
            return;
        }
        disposition.read(in, at, at + frame.bodySize());
        if (disposition.isReceivers()) {
            long last = tag(disposition.last());
            for (long tag = tag(disposition.first()); tag <= last; tag++) {
                settled.settled(tag, false, disposition.accepted());
            }
        }
    }

    /** The place of a delivery in the order of sending, from 1 on; ids go round (1.0 §2.8.10). */
    private long tag(int deliveryId) {
        return sent + (deliveryId - (int) (sent - 1));
    }

    @Override
    public BrokerConnection connection() {
        return connection;
    }
}
