package io.chasqui.server.perf;

import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.protocol.amqp10.TransferReader;
import io.chasqui.server.client.Amqp10ClientConnection;
import io.chasqui.server.client.BrokerConnection;
import io.chasqui.server.client.LinkAddress;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A link of AMQP 1.0 that receives; what need not be acknowledged is asked for settled. */
final class Amqp10Inlet implements Inlet {

    private static final int HANDLE = 0;

    /** Credit where the plan sets no limit: AMQP 1.0 knows no unlimited one. */
    private static final int AMPLE_CREDIT = 1000;

    /** Data of at most 255 octets have their size in one, others in four. */
    private static final int SHORT = 255;

    private final Amqp10ClientConnection connection;
    private final TransferReader transfer = new TransferReader();
    private final int credit;
    private final boolean settled;
    private int received;
    private int acknowledged;
    private int granted;
    private int firstId;
    private int lastId;
    private boolean idsBegun;
    private boolean inMessage;
    private long stamp;

    Amqp10Inlet(Amqp10ClientConnection connection, LinkAddress source, PerfPlan.Consuming plan)
            throws IOException {
        this.connection = connection;
        this.settled = plan.ackEvery() == 0;
        this.credit = plan.prefetch() == 0 ? AMPLE_CREDIT : plan.prefetch();
        connection.attachReceiver("perf", source, settled);
        grant();
    }

    @Override
    public void read(Arrivals arrivals) throws IOException {
        connection.read((frame, in) -> frame(frame, in, arrivals));
        if (granted - received <= credit / 2) {
            grant();
        }
    }

    /** Allows as many more as may be unacknowledged. */
    private void grant() throws IOException {
        int unacknowledged = settled ? 0 : received - acknowledged;
        granted = received + credit - unacknowledged;
        connection.grant(HANDLE, received, credit - unacknowledged);
    }

    private void frame(FrameCursor frame, ByteBuffer in, Arrivals arrivals) throws IOException {
        int at = frame.bodyAt();
        int end = at + frame.bodySize();
        if (Performative.of(in, at, frame.bodySize()) != Performative.TRANSFER) {
            Object unused = connection.performative(frame, in);
            return;
        }
        transfer.read(in, at, end);
        if (!inMessage) {
            inMessage = true;
            lastId = (int) transfer.deliveryId();
            if (!idsBegun) {
                idsBegun = true;
                firstId = lastId;
            }
            stamp = stamp(in, transfer.payloadAt(), end);
        }
        if (!transfer.more()) {
            inMessage = false;
            received++;
            arrivals.message(stamp);
        }
    }

    /** The first octets of the data, if there are as many in the first frame. */
    private static long stamp(ByteBuffer in, int at, int end) {
        int data = MessageSections.find(in, at, end, MessageSections.DATA);
        if (data < 0) {
            return NO_STAMP;
        }
        boolean isShort = (in.get(data) & 0xF0) == 0xA0;
        int length = isShort ? in.get(data + 1) & SHORT : in.getInt(data + 1);
        return length < PublishTemplate.STAMP_BYTES
                ? NO_STAMP
                : in.getLong(data + (isShort ? 2 : 5));
    }

    @Override
    public void acknowledge() throws IOException {
        if (connection.out().remaining() < Amqp10ClientConnection.ACCEPT_BYTES) {
            connection.flush();
        }
        connection.accept(firstId, lastId);
        firstId = lastId + 1;
        acknowledged = received;
    }

    @Override
    public BrokerConnection connection() {
        return connection;
    }
}
